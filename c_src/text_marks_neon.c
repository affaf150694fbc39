/* text_marks_neon.c: the rung for aarch64, where NEON is part of the base architecture. */
#include "text_marks.h"

#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)

#include "neon.h"

CG_INLINE uint64_t at_most(lanes in, uint8_t first, uint8_t last) {
  for (unsigned i = 0; i < 4; i++) {
    in.v[i] = vcleq_u8(vsubq_u8(in.v[i], vdupq_n_u8(first)), vdupq_n_u8((uint8_t)(last - first)));
  }
  return bits_of(in);
}

/* The buckets that have each four bytes. */
CG_INLINE lanes buckets_of(const uint8_t *block, const cg_marks_table *table) {
  lanes found;
  for (unsigned i = 0; i < 4; i++) {
    found.v[i] = vdupq_n_u8(0xFF);
    for (unsigned k = 0; k < 4; k++) {
      uint8x16_t v = vld1q_u8(block + 16 * i + k);
      uint8x16_t index = vorrq_u8(vandq_u8(v, vdupq_n_u8(31)), vandq_u8(vshrq_n_u8(v, 1), vdupq_n_u8(32)));
      const uint8_t *rows = table->buckets[k];
      uint8x16x4_t buckets = {{vld1q_u8(rows), vld1q_u8(rows + 16), vld1q_u8(rows + 32), vld1q_u8(rows + 48)}};
      found.v[i] = vandq_u8(found.v[i], vqtbl4q_u8(buckets, index));
    }
  }
  return found;
}

CG_INLINE uint64_t has_bits(lanes in, uint8_t bits) {
  for (unsigned i = 0; i < 4; i++) {
    in.v[i] = vtstq_u8(in.v[i], vdupq_n_u8(bits));
  }
  return bits_of(in);
}

CG_INLINE uint64_t letters(lanes in) {
  for (unsigned i = 0; i < 4; i++) {
    in.v[i] = vorrq_u8(in.v[i], vdupq_n_u8(0x20));
  }
  return at_most(in, 'a', 'z');
}

CG_INLINE void classify(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks) {
  lanes in = load(block);
  masks->sign = lanes_in_set(in, &cg_signs);
  masks->token = lanes_in_set(in, &cg_tokens);
  masks->weak = lanes_in_set(in, &cg_weaks);
  masks->digit = at_most(in, '0', '9');
  masks->space = equals(in, ' ') | equals(in, '\t');
  masks->dot = equals(in, '.');
  masks->backslash = equals(in, '\\');
  masks->control = (below(in, 0x20) & ~(equals(in, '\n') | equals(in, '\t'))) | equals(in, 0x7F);
  masks->non_ascii = at_most(in, 0x80, 0xFF);
  masks->letter = letters(in);
  masks->percent = equals(in, '%');
  masks->ampersand = equals(in, '&');
  lanes buckets = buckets_of(block, table);
  masks->word = has_bits(buckets, CG_GRAM_WORDS);
  masks->signs = has_bits(buckets, CG_GRAM_SIGNS);
  masks->other = has_bits(buckets, CG_GRAM_OTHERS);
}

uint32_t cg_text_marks_neon(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                            const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, in_set};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_neon_is_not_for_this_target;
#endif
