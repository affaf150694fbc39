/* text_marks_avx512.c: the rung for x86-64 with AVX-512 F and BW. A block is one register. */
#include "text_marks.h"

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)

#include <immintrin.h>

typedef struct halves {
  __m512i low, high;
} halves;

CG_INLINE __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512((const void *)bytes); }

CG_INLINE halves split(__m512i bytes) {
  const __m512i four = _mm512_set1_epi8(0x0F);
  halves v = {_mm512_and_si512(bytes, four), _mm512_and_si512(_mm512_srli_epi16(bytes, 4), four)};
  return v;
}

CG_INLINE __m512i row(const uint8_t *entries) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

static const uint8_t HALVES[16] = {CG_HALVES}, SIGNS[16] = {CG_SIGNS}, TOKENS[16] = {CG_TOKENS}, WEAKS[16] = {CG_WEAKS};
static const uint8_t LEAD_HALVES[16] = {CG_LEAD_HALVES}, LEADS[16] = {CG_LEADS};

CG_INLINE uint64_t in_set(halves v, __m512i set, __m512i bits) {
  return _mm512_test_epi8_mask(_mm512_shuffle_epi8(set, v.low), bits);
}

/* The buckets of a byte of a gram; the permutation reads the low six bits of an index alone. */
CG_INLINE __m512i buckets_of(__m512i bytes, const uint8_t *buckets) {
  __m512i five = _mm512_set1_epi8(31), index = _mm512_srli_epi16(bytes, 1);
  index = _mm512_or_si512(_mm512_and_si512(five, bytes), _mm512_andnot_si512(five, index));
  return _mm512_permutexvar_epi8(index, _mm512_loadu_si512(buckets));
}

CG_INLINE uint64_t equals(__m512i v, char byte) { return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte)); }

CG_INLINE void classify(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks) {
  const __m512i lines = row(HALVES), signs = row(SIGNS), tokens = row(TOKENS), weaks = row(WEAKS);
  __m512i bytes = load(block);
  halves first = split(bytes);
  __m512i bits = _mm512_shuffle_epi8(lines, first.high);
  masks->sign = in_set(first, signs, bits);
  masks->token = in_set(first, tokens, bits);
  masks->weak = in_set(first, weaks, bits);
  masks->digit = _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(9));
  masks->space = equals(bytes, ' ') | equals(bytes, '\t');
  masks->dot = equals(bytes, '.');
  masks->backslash = equals(bytes, '\\');
  masks->control = (_mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)) & ~(equals(bytes, '\n') | equals(bytes, '\t'))) |
                   equals(bytes, 0x7F);
  masks->non_ascii = _mm512_movepi8_mask(bytes);
  __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
  masks->letter = _mm512_cmple_epu8_mask(_mm512_sub_epi8(folded, _mm512_set1_epi8('a')), _mm512_set1_epi8(25));
  masks->percent = equals(bytes, '%');
  masks->ampersand = equals(bytes, '&');
  __m512i buckets = buckets_of(bytes, table->buckets[0]);
  for (unsigned k = 1; k < 4; k++) {
    buckets = _mm512_and_si512(buckets, buckets_of(load(block + k), table->buckets[k]));
  }
  masks->word = _mm512_test_epi8_mask(buckets, _mm512_set1_epi8(CG_GRAM_WORDS));
  masks->signs = _mm512_test_epi8_mask(buckets, _mm512_set1_epi8(CG_GRAM_SIGNS));
  masks->other = _mm512_movepi8_mask(buckets);
}

CG_INLINE uint64_t leads(const uint8_t *block) {
  const __m512i lines = row(LEAD_HALVES), sets = row(LEADS);
  halves v = split(load(block));
  return in_set(v, sets, _mm512_shuffle_epi8(lines, v.high));
}

CG_INLINE uint64_t plain(const uint8_t *block) {
  static const uint8_t sets[16] = {CG_PLAIN};
  halves v = split(load(block));
  return in_set(v, row(sets), _mm512_shuffle_epi8(row(HALVES), v.high));
}

uint32_t cg_text_marks_avx512(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                              const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, leads, plain};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_avx512_is_not_for_this_target;
#endif
