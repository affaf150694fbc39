/* avx512.h: 64 bytes as a register of AVX-512, and sets of characters. Internal to the rungs for it. */
#ifndef CALLGATE_AVX512_H
#define CALLGATE_AVX512_H

#include "json_index.h"

#include <immintrin.h>

CG_INLINE __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512((const void *)bytes); }

/* Sixteen entries to look up by four bits. */
CG_INLINE __m512i row(const uint8_t *entries) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

CG_INLINE uint64_t in_set(const uint8_t *block, const cg_set *set) {
  const __m512i four = _mm512_set1_epi8(0x0F);
  __m512i bytes = load(block);
  __m512i low = _mm512_and_si512(bytes, four), high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), four);
  return _mm512_test_epi8_mask(_mm512_shuffle_epi8(row(set->low), low), _mm512_shuffle_epi8(row(set->high), high));
}

#endif
