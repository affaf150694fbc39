/* rungs.c: which instruction sets this build and processor have. */
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

uint32_t cg_has_rung(uint32_t rung) {
  switch (rung) {
  case CG_RUNG_BEST:
  case CG_RUNG_PORTABLE:
    return 1;
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
  case CG_RUNG_AVX512:
    return has_avx512();
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
  case CG_RUNG_AVX2:
    return has_avx2();
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
  case CG_RUNG_NEON:
    return 1;
#endif
  default:
    return 0;
  }
}

uint32_t cg_choose_rung(uint32_t rung) {
  /* The only state that outlives a call. Threads that race here write the same value. */
  static _Atomic(uint32_t) best;
  if (rung != CG_RUNG_BEST) {
    return cg_has_rung(rung) ? rung : CG_RUNG_PORTABLE;
  }
  uint32_t found = atomic_load_explicit(&best, memory_order_relaxed);
  if (found == CG_RUNG_BEST) {
    static const uint32_t fastest_first[] = {CG_RUNG_AVX512, CG_RUNG_AVX2, CG_RUNG_NEON, CG_RUNG_PORTABLE};
    for (uint32_t i = 0; found == CG_RUNG_BEST; i++) {
      found = cg_has_rung(fastest_first[i]) ? fastest_first[i] : CG_RUNG_BEST;
    }
    atomic_store_explicit(&best, found, memory_order_relaxed);
  }
  return found;
}
