/* text_marks_portable.c: the rung in C11 alone, a byte at a time. The oracle for the others. */
#include "text_marks.h"

static const uint8_t HALVES[16] = {CG_HALVES}, SIGNS[16] = {CG_SIGNS}, TOKENS[16] = {CG_TOKENS}, WEAKS[16] = {CG_WEAKS};
static const uint8_t LEAD_HALVES[16] = {CG_LEAD_HALVES}, LEADS[16] = {CG_LEADS};

static inline uint64_t in_set(uint8_t byte, const uint8_t *set, const uint8_t *halves) {
  return (set[byte & 15] & halves[byte >> 4]) != 0;
}

static void classify(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks) {
  memset(masks, 0, sizeof *masks);
  for (unsigned i = 0; i < CG_BLOCK; i++) {
    uint8_t byte = block[i];
    uint8_t buckets = 0xFF;
    for (unsigned k = 0; k < 4; k++) {
      buckets &= table->buckets[k][(block[i + k] & 31) | (block[i + k] >> 1 & 32)];
    }
    masks->word |= (uint64_t)((buckets & CG_GRAM_WORDS) != 0) << i;
    masks->signs |= (uint64_t)((buckets & CG_GRAM_SIGNS) != 0) << i;
    masks->other |= (uint64_t)((buckets & CG_GRAM_OTHERS) != 0) << i;
    masks->letter |= (uint64_t)((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') << i;
    masks->percent |= (uint64_t)(byte == '%') << i;
    masks->ampersand |= (uint64_t)(byte == '&') << i;
    masks->sign |= in_set(byte, SIGNS, HALVES) << i;
    masks->weak |= in_set(byte, WEAKS, HALVES) << i;
    masks->digit |= (uint64_t)(byte >= '0' && byte <= '9') << i;
    masks->space |= (uint64_t)(byte == ' ' || byte == '\t') << i;
    masks->token |= in_set(byte, TOKENS, HALVES) << i;
    masks->dot |= (uint64_t)(byte == '.') << i;
    masks->backslash |= (uint64_t)(byte == '\\') << i;
    masks->control |= (uint64_t)((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) << i;
    masks->non_ascii |= (uint64_t)(byte >> 7) << i;
  }
}

static uint64_t leads(const uint8_t *block) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < CG_BLOCK; i++) {
    bits |= in_set(block[i], LEADS, LEAD_HALVES) << i;
  }
  return bits;
}

static uint64_t plain(const uint8_t *block) {
  static const uint8_t sets[16] = {CG_PLAIN};
  uint64_t bits = 0;
  for (unsigned i = 0; i < CG_BLOCK; i++) {
    bits |= in_set(block[i], sets, HALVES) << i;
  }
  return bits;
}

uint32_t cg_text_marks_portable(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                                const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, leads, plain};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}
