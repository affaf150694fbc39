/* text_marks_avx512.c: the rung for x86-64 with AVX-512 F, BW and VBMI. A block is one register. */
#include "text_marks.h"

#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)

#include "avx512.h"

/* What a character of ASCII is, one bit for each mask: all looked up at once. */
enum { IS_SIGN = 1, IS_TOKEN = 2, IS_WEAK = 4, IS_SPACE = 8, IS_DOT = 16, IS_BACKSLASH = 32, IS_CONTROL = 64, IS_LETTER = 128 };
static const uint8_t CLASSES[128] = {
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x08, 0x01, 0x40, 0x40, 0x41, 0x40, 0x40,
    0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
    0x08, 0x00, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x03, 0x00, 0x06, 0x12, 0x06,
    0x06, 0x06, 0x06, 0x06, 0x06, 0x06, 0x06, 0x06, 0x06, 0x06, 0x01, 0x01, 0x01, 0x01, 0x01, 0x00,
    0x01, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82,
    0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x01, 0x21, 0x00, 0x00, 0x02,
    0x01, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82,
    0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x82, 0x01, 0x01, 0x00, 0x06, 0x40,
};

/* From memory: the compiler would make a constant anew in each turn of the loop. */
#define EIGHT(byte) byte, byte, byte, byte, byte, byte, byte, byte
#define BLOCK_OF(byte) \
  { EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte), EIGHT(byte) }
static const uint8_t OF[][64] = {BLOCK_OF(IS_SIGN), BLOCK_OF(IS_TOKEN),     BLOCK_OF(IS_WEAK),    BLOCK_OF(IS_SPACE),
                                 BLOCK_OF(IS_DOT),  BLOCK_OF(IS_BACKSLASH), BLOCK_OF(IS_CONTROL)};
static const uint8_t PERCENT[64] = BLOCK_OF('%'), AMPERSAND[64] = BLOCK_OF('&'), ZERO[64] = BLOCK_OF('0'),
                     NINE[64] = BLOCK_OF(9), FIVE_BITS[64] = BLOCK_OF(31), WORDS[64] = BLOCK_OF(CG_GRAM_WORDS),
                     OTHER_SIGNS[64] = BLOCK_OF(CG_GRAM_SIGNS);

/* The buckets of a byte of a gram; the permutation reads the low six bits of an index alone. */
CG_INLINE __m512i buckets_of(__m512i bytes, const uint8_t *buckets) {
  __m512i five = load(FIVE_BITS), index = _mm512_srli_epi16(bytes, 1);
  index = _mm512_ternarylogic_epi64(five, bytes, index, 0xCA);
  return _mm512_permutexvar_epi8(index, load(buckets));
}

CG_INLINE void classify(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks) {
  __m512i bytes = load(block);
  masks->non_ascii = _mm512_movepi8_mask(bytes);
  __m512i classes =
      _mm512_maskz_permutex2var_epi8(~masks->non_ascii, load(CLASSES), bytes, load(CLASSES + 64));
  masks->sign = _mm512_test_epi8_mask(classes, load(OF[0]));
  masks->token = _mm512_test_epi8_mask(classes, load(OF[1]));
  masks->weak = _mm512_test_epi8_mask(classes, load(OF[2]));
  masks->space = _mm512_test_epi8_mask(classes, load(OF[3]));
  masks->dot = _mm512_test_epi8_mask(classes, load(OF[4]));
  masks->backslash = _mm512_test_epi8_mask(classes, load(OF[5]));
  masks->control = _mm512_test_epi8_mask(classes, load(OF[6]));
  masks->letter = _mm512_movepi8_mask(classes);
  masks->digit = _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, load(ZERO)), load(NINE));
  masks->percent = _mm512_cmpeq_epi8_mask(bytes, load(PERCENT));
  masks->ampersand = _mm512_cmpeq_epi8_mask(bytes, load(AMPERSAND));
  __m512i buckets = buckets_of(bytes, table->buckets[0]);
  for (unsigned k = 1; k < 4; k++) {
    buckets = _mm512_and_si512(buckets, buckets_of(load(block + k), table->buckets[k]));
  }
  masks->word = _mm512_test_epi8_mask(buckets, load(WORDS));
  masks->signs = _mm512_test_epi8_mask(buckets, load(OTHER_SIGNS));
  masks->other = _mm512_movepi8_mask(buckets);
}

uint32_t cg_text_marks_avx512(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                              const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, in_set};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_avx512_is_not_for_this_target;
#endif
