/* text_marks_avx2.c: the rung for x86-64 with AVX2. */
#include "text_marks.h"

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)

#include "avx2.h"

CG_INLINE uint32_t equals(__m256i v, char byte) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(byte)));
}

/* The buckets of a byte of a gram: four rows of sixteen, chosen by bits 4 and 6. */
CG_INLINE __m256i buckets_of(__m256i bytes, const uint8_t *buckets) {
  __m256i low = _mm256_and_si256(bytes, _mm256_set1_epi8(0x0F));
  __m256i bit4 = _mm256_slli_epi16(bytes, 3), bit6 = _mm256_slli_epi16(bytes, 1);
  __m256i first = _mm256_blendv_epi8(_mm256_shuffle_epi8(row(buckets), low),
                                     _mm256_shuffle_epi8(row(buckets + 16), low), bit4);
  __m256i second = _mm256_blendv_epi8(_mm256_shuffle_epi8(row(buckets + 32), low),
                                      _mm256_shuffle_epi8(row(buckets + 48), low), bit4);
  return _mm256_blendv_epi8(first, second, bit6);
}

CG_INLINE void classify_half(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks, unsigned shift) {
  const __m256i lines = row(cg_signs.high);
  const __m256i signs = row(cg_signs.low), tokens = row(cg_tokens.low), weaks = row(cg_weaks.low);
  __m256i bytes = load(block);
  halves first = split(bytes);
  __m256i bits = _mm256_shuffle_epi8(lines, first.high);
  masks->sign |= (uint64_t)not_zero(_mm256_and_si256(_mm256_shuffle_epi8(signs, first.low), bits)) << shift;
  masks->token |= (uint64_t)not_zero(_mm256_and_si256(_mm256_shuffle_epi8(tokens, first.low), bits)) << shift;
  masks->weak |= (uint64_t)not_zero(_mm256_and_si256(_mm256_shuffle_epi8(weaks, first.low), bits)) << shift;
  __m256i nine = _mm256_set1_epi8(9), digit = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  masks->digit |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(digit, nine), digit))
                  << shift;
  masks->space |= (uint64_t)(equals(bytes, ' ') | equals(bytes, '\t')) << shift;
  masks->dot |= (uint64_t)equals(bytes, '.') << shift;
  masks->backslash |= (uint64_t)equals(bytes, '\\') << shift;
  __m256i last_control = _mm256_set1_epi8(0x1F);
  uint32_t below = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes, last_control), bytes));
  masks->control |=
      (uint64_t)((below & ~(equals(bytes, '\n') | equals(bytes, '\t'))) | equals(bytes, 0x7F)) << shift;
  masks->non_ascii |= (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes) << shift;
  __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), last = _mm256_set1_epi8(25);
  __m256i letter = _mm256_sub_epi8(folded, _mm256_set1_epi8('a'));
  masks->letter |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(letter, last), letter))
                   << shift;
  masks->percent |= (uint64_t)equals(bytes, '%') << shift;
  masks->ampersand |= (uint64_t)equals(bytes, '&') << shift;
  __m256i buckets = buckets_of(bytes, table->buckets[0]);
  for (unsigned k = 1; k < 4; k++) {
    buckets = _mm256_and_si256(buckets, buckets_of(load(block + k), table->buckets[k]));
  }
  masks->word |= (uint64_t)not_zero(_mm256_and_si256(buckets, _mm256_set1_epi8(CG_GRAM_WORDS))) << shift;
  masks->signs |= (uint64_t)not_zero(_mm256_and_si256(buckets, _mm256_set1_epi8(CG_GRAM_SIGNS))) << shift;
  masks->other |= (uint64_t)(uint32_t)_mm256_movemask_epi8(buckets) << shift;
}

CG_INLINE void classify(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks) {
  memset(masks, 0, sizeof *masks);
  classify_half(block, table, masks, 0);
  classify_half(block + 32, table, masks, 32);
}

uint32_t cg_text_marks_avx2(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                            const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, in_set};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_avx2_is_not_for_this_target;
#endif
