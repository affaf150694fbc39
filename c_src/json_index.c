/* json_index.c: chooses the rung, once. */
#include "json_index.h"

#include <stdatomic.h>

#if defined(__x86_64__) && !(defined(CALLGATE_NO_AVX2) && defined(CALLGATE_NO_AVX512))
#include <cpuid.h>

/*
 * Not __builtin_cpu_supports: that reads what the compiler's runtime found, and the runtime of zig, with which
 * the published libraries are linked, always finds nothing.
 */
typedef struct processor {
  uint32_t basic;    /* leaf 1, ecx */
  uint32_t extended; /* leaf 0x80000001, ecx */
  uint32_t wide;     /* leaf 7, ebx */
  uint32_t wider;    /* leaf 7, ecx */
  uint32_t saved;    /* register files that the system saves: XCR0 */
} processor;

static processor ask_processor(void) {
  processor found = {0, 0, 0, 0, 0};
  uint32_t a, b, c, d;
  if (__get_cpuid(1, &a, &b, &c, &d)) {
    found.basic = c;
  }
  if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) {
    found.extended = c;
  }
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    found.wide = b;
    found.wider = c;
  }
  if (found.basic & (1u << 27)) { /* OSXSAVE: XGETBV may be asked */
    __asm__ volatile("xgetbv" : "=a"(found.saved), "=d"(d) : "c"(0));
  }
  return found;
}

static int has(uint32_t bits, uint32_t wanted) { return (bits & wanted) == wanted; }

/* What both rungs are compiled for beside their vectors: PCLMULQDQ, POPCNT, LZCNT, BMI1, BMI2; XMM and YMM saved. */
static int has_common(const processor *found) {
  return has(found->basic, 1u << 1 | 1u << 23) && has(found->extended, 1u << 5) &&
         has(found->wide, 1u << 3 | 1u << 8) && has(found->saved, 0x06u);
}
#endif

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
static int has_avx2(void) {
  processor found = ask_processor();
  return has_common(&found) && has(found.wide, 1u << 5);
}
#endif

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
/* AVX2, F, BW; VBMI, VBMI2; masks and ZMM saved. */
static int has_avx512(void) {
  processor found = ask_processor();
  return has_common(&found) && has(found.wide, 1u << 5 | 1u << 16 | 1u << 30) &&
         has(found.wider, 1u << 1 | 1u << 6) && has(found.saved, 0xe6u);
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
