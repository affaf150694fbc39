/* json_index.c: hands the work to a rung. */
#include "json_index.h"

void cg_json_index(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                   uint32_t capacity, uint64_t max_bytes, uint32_t rung, cg_index_window *window) {
  switch (cg_choose_rung(rung)) {
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
  case CG_RUNG_AVX512:
    cg_json_index_avx512(data, len, state, positions, capacity, max_bytes, window);
    return;
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
  case CG_RUNG_AVX2:
    cg_json_index_avx2(data, len, state, positions, capacity, max_bytes, window);
    return;
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
  case CG_RUNG_NEON:
    cg_json_index_neon(data, len, state, positions, capacity, max_bytes, window);
    return;
#endif
  default:
    cg_json_index_portable(data, len, state, positions, capacity, max_bytes, window);
    return;
  }
}
