/* text_marks_portable.c: the rung in C11 alone, a byte at a time. The oracle for the others. */
#include "text_marks.h"

#include "portable.h"

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
    masks->sign |= is_in(byte, &cg_signs) << i;
    masks->weak |= is_in(byte, &cg_weaks) << i;
    masks->digit |= (uint64_t)(byte >= '0' && byte <= '9') << i;
    masks->space |= (uint64_t)(byte == ' ' || byte == '\t') << i;
    masks->token |= is_in(byte, &cg_tokens) << i;
    masks->dot |= (uint64_t)(byte == '.') << i;
    masks->backslash |= (uint64_t)(byte == '\\') << i;
    masks->control |= (uint64_t)((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) << i;
    masks->non_ascii |= (uint64_t)(byte >> 7) << i;
  }
}

uint32_t cg_text_marks_portable(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                                const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, in_set};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}
