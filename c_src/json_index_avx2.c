/* json_index_avx2.c: the rung for x86-64 with AVX2, PCLMULQDQ, BMI1 and BMI2. */
#include "json_index.h"

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)

#include "avx2.h"

static inline uint64_t masks_of(__m256i low, __m256i high) {
  return (uint32_t)_mm256_movemask_epi8(low) | ((uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32);
}

CG_INLINE void classify_text(const uint8_t *block, cg_text_masks *masks) {
  __m256i low = load(block);
  __m256i high = load(block + 32);
  __m256i quote = _mm256_set1_epi8('"');
  __m256i backslash = _mm256_set1_epi8('\\');
  __m256i last_control = _mm256_set1_epi8(0x1F);
  masks->quote = masks_of(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
  masks->backslash = masks_of(_mm256_cmpeq_epi8(low, backslash), _mm256_cmpeq_epi8(high, backslash));
  masks->control = masks_of(_mm256_cmpeq_epi8(_mm256_min_epu8(low, last_control), low),
                            _mm256_cmpeq_epi8(_mm256_min_epu8(high, last_control), high));
  masks->non_ascii = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high));
}

CG_INLINE void classify_tokens(const uint8_t *block, cg_token_masks *masks) {
  __m256i low = load(block);
  __m256i high = load(block + 32);
  /* Look up by the low four bits the one byte that would count; equal means it does. A byte of 0x80 and
   * above looks up 0 and never equals it. Space and structural characters share no low four bits within
   * a table: 0x20 0x09 0x0A 0x0D, and 0x3A 0x7B 0x2C 0x7D after folding [ ] onto { } by bit 0x20. Slots
   * that no character uses hold a byte whose low four bits differ, so that they never match. */
  const __m256i spaces = _mm256_setr_epi8(' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100,
                                          ' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100);
  const __m256i marks = _mm256_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0,
                                         1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0);
  const __m256i fold = _mm256_set1_epi8(0x20);
  masks->space = masks_of(_mm256_cmpeq_epi8(low, _mm256_shuffle_epi8(spaces, low)),
                          _mm256_cmpeq_epi8(high, _mm256_shuffle_epi8(spaces, high)));
  masks->structural = masks_of(_mm256_cmpeq_epi8(_mm256_or_si256(low, fold), _mm256_shuffle_epi8(marks, low)),
                               _mm256_cmpeq_epi8(_mm256_or_si256(high, fold), _mm256_shuffle_epi8(marks, high)));
}

CG_INLINE uint64_t prefix_xor(uint64_t bits) {
  /* A carry-less product with all ones. */
  __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xFF), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

void cg_json_index_avx2(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                        uint32_t capacity, uint64_t max_bytes, cg_index_window *window) {
  const cg_rung rung = {classify_text, classify_tokens, in_set, prefix_xor, cg_emit};
  cg_index_run(data, len, state, positions, capacity, max_bytes, window, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_json_index_avx2_is_not_for_this_target;
#endif
