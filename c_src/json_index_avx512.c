/* json_index_avx512.c: the rung for x86-64 with AVX-512 F, BW, VBMI and VBMI2. A block is one register, and its
 * positions are compressed instead of counted out one by one. */
#include "json_index.h"

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)

#include "avx512.h"

CG_INLINE void classify_text(const uint8_t *block, cg_text_masks *masks) {
  __m512i bytes = load(block);
  masks->quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
  masks->backslash = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
  masks->control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
  masks->non_ascii = _mm512_movepi8_mask(bytes) != 0;
}

CG_INLINE void classify_tokens(const uint8_t *block, cg_token_masks *masks) {
  __m512i bytes = load(block);
  /* As in the AVX2 rung: look up by the low four bits the one byte that would count. */
  const __m512i spaces = _mm512_broadcast_i32x4(
      _mm_setr_epi8(' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100));
  const __m512i marks =
      _mm512_broadcast_i32x4(_mm_setr_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
  masks->space = _mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(spaces, bytes));
  masks->structural = _mm512_cmpeq_epi8_mask(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)),
                                             _mm512_shuffle_epi8(marks, bytes));
}

CG_INLINE uint64_t prefix_xor(uint64_t bits) {
  __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xFF), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

CG_INLINE uint32_t emit(uint32_t *positions, uint64_t bits, uint32_t base) {
  const __m512i numbers = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36,
      35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8,
      7, 6, 5, 4, 3, 2, 1, 0);
  uint32_t count = cg_popcount(bits);
  __m512i offset = _mm512_set1_epi32((int)base);
  __m512i named = _mm512_maskz_compress_epi8(bits, numbers);
  _mm512_storeu_si512(positions, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(named))));
  if (count > 16) {
    __m128i second = _mm512_extracti32x4_epi32(named, 1);
    _mm512_storeu_si512(positions + 16, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(second)));
    if (count > 32) {
      __m128i third = _mm512_extracti32x4_epi32(named, 2);
      __m128i fourth = _mm512_extracti32x4_epi32(named, 3);
      _mm512_storeu_si512(positions + 32, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(third)));
      _mm512_storeu_si512(positions + 48, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(fourth)));
    }
  }
  return count;
}

void cg_json_index_avx512(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                          uint32_t capacity, uint64_t max_bytes, cg_index_window *window) {
  const cg_rung rung = {classify_text, classify_tokens, in_set, prefix_xor, emit};
  cg_index_run(data, len, state, positions, capacity, max_bytes, window, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_json_index_avx512_is_not_for_this_target;
#endif
