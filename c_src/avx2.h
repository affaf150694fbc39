/* avx2.h: 64 bytes as two registers of AVX2, and sets of characters. Internal to the rungs for it. */
#ifndef CALLGATE_AVX2_H
#define CALLGATE_AVX2_H

#include "json_index.h"

#include <immintrin.h>

CG_INLINE __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)(const void *)bytes); }

/* Sixteen entries to look up by four bits. */
CG_INLINE __m256i row(const uint8_t *entries) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

typedef struct halves {
  __m256i low, high;
} halves;

CG_INLINE halves split(__m256i bytes) {
  const __m256i four = _mm256_set1_epi8(0x0F);
  halves v = {_mm256_and_si256(bytes, four), _mm256_and_si256(_mm256_srli_epi16(bytes, 4), four)};
  return v;
}

CG_INLINE uint32_t not_zero(__m256i v) {
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
}

CG_INLINE uint64_t in_set(const uint8_t *block, const cg_set *set) {
  __m256i low = row(set->low), high = row(set->high);
  halves a = split(load(block)), b = split(load(block + 32));
  return not_zero(_mm256_and_si256(_mm256_shuffle_epi8(low, a.low), _mm256_shuffle_epi8(high, a.high))) |
         (uint64_t)not_zero(_mm256_and_si256(_mm256_shuffle_epi8(low, b.low), _mm256_shuffle_epi8(high, b.high))) << 32;
}

#endif
