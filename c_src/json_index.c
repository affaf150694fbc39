/* json_index.c: chooses the rung, once. */
#include "json_index.h"

#include <stdatomic.h>

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
static int has_avx2(void) {
  /* Asks the processor and, through XGETBV, whether the system saves the wide registers. */
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2");
}
#endif

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
static int has_avx512(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
#endif

static cg_json_index_fn *find(uint32_t rung) {
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
  if ((rung == CG_RUNG_AVX512 || rung == CG_RUNG_BEST) && has_avx512()) {
    return cg_json_index_avx512;
  }
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
  if ((rung == CG_RUNG_AVX2 || rung == CG_RUNG_BEST) && has_avx2()) {
    return cg_json_index_avx2;
  }
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
  if (rung == CG_RUNG_NEON || rung == CG_RUNG_BEST) {
    return cg_json_index_neon;
  }
#endif
  if (rung == CG_RUNG_PORTABLE || rung == CG_RUNG_BEST) {
    return cg_json_index_portable;
  }
  return 0;
}

uint32_t cg_json_index_has(uint32_t rung) { return find(rung) != 0; }

void cg_json_index(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                   uint32_t capacity, uint64_t max_bytes, uint32_t rung, cg_index_window *window) {
  /* The only state that outlives a call. Threads that race here write the same value. */
  static _Atomic(cg_json_index_fn *) best;
  cg_json_index_fn *index;
  if (rung == CG_RUNG_BEST) {
    index = atomic_load_explicit(&best, memory_order_relaxed);
    if (index == 0) {
      index = find(CG_RUNG_BEST);
      atomic_store_explicit(&best, index, memory_order_relaxed);
    }
  } else {
    index = find(rung);
    if (index == 0) {
      index = cg_json_index_portable;
    }
  }
  index(data, len, state, positions, capacity, max_bytes, window);
}
