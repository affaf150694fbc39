/* text_marks.c: hands the work to a rung. */
#include "text_marks.h"

uint32_t cg_text_marks(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                       const cg_marks_table *table, uint32_t *places, uint32_t capacity, uint32_t rung) {
  switch (cg_choose_rung(rung)) {
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
  case CG_RUNG_AVX512:
    return cg_text_marks_avx512(data, len, base, state, table, places, capacity);
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
  case CG_RUNG_AVX2:
    return cg_text_marks_avx2(data, len, base, state, table, places, capacity);
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
  case CG_RUNG_NEON:
    return cg_text_marks_neon(data, len, base, state, table, places, capacity);
#endif
  default:
    return cg_text_marks_portable(data, len, base, state, table, places, capacity);
  }
}
