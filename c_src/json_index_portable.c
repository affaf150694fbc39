/* json_index_portable.c: the rung in C11 alone, eight bytes at a time. The oracle for the others. */
#include "portable.h"

#define ONES UINT64_C(0x0101010101010101)
#define LOW_SEVEN UINT64_C(0x7F7F7F7F7F7F7F7F)
#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t load_le(const uint8_t *bytes) {
  uint64_t word = 0;
  for (unsigned i = 0; i < 8; i++) {
    word |= (uint64_t)bytes[i] << (8 * i);
  }
  return word;
}

/* 0x80 in every byte of `word` that equals `byte`. Exact: no carry crosses from one byte to the next. */
static inline uint64_t equals(uint64_t word, uint8_t byte) {
  uint64_t x = word ^ (ONES * byte);
  return ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
}

/* 0x80 in every byte of `word` that is below 0x20. */
static inline uint64_t below_space(uint64_t word) {
  return ~(((word & LOW_SEVEN) + ONES * (0x80 - 0x20)) | word) & HIGH_BITS;
}

/* The eight high bits of `word` as the low byte, in the order of the bytes. */
static inline uint64_t gather(uint64_t word) { return ((word >> 7) * UINT64_C(0x0102040810204080)) >> 56; }

static inline void classify_text(const uint8_t *block, cg_text_masks *masks) {
  memset(masks, 0, sizeof *masks);
  for (unsigned i = 0; i < 8; i++) {
    uint64_t word = load_le(block + 8 * i);
    masks->quote |= gather(equals(word, '"')) << (8 * i);
    masks->backslash |= gather(equals(word, '\\')) << (8 * i);
    masks->control |= gather(below_space(word)) << (8 * i);
    masks->non_ascii |= (word & HIGH_BITS) != 0;
  }
}

static inline void classify_tokens(const uint8_t *block, cg_token_masks *masks) {
  memset(masks, 0, sizeof *masks);
  for (unsigned i = 0; i < 8; i++) {
    uint64_t word = load_le(block + 8 * i);
    /* [ and ] differ from { and } in bit 0x20 alone; no other byte folds onto them. */
    uint64_t folded = word | (ONES * 0x20);
    uint64_t structural = equals(folded, '{') | equals(folded, '}') | equals(word, ':') | equals(word, ',');
    uint64_t space = equals(word, ' ') | equals(word, '\t') | equals(word, '\n') | equals(word, '\r');
    masks->structural |= gather(structural) << (8 * i);
    masks->space |= gather(space) << (8 * i);
  }
}

void cg_json_index_portable(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                            uint32_t capacity, uint64_t max_bytes, cg_index_window *window) {
  const cg_rung rung = {classify_text, classify_tokens, in_set, cg_prefix_xor, cg_emit};
  cg_index_run(data, len, state, positions, capacity, max_bytes, window, rung);
}
