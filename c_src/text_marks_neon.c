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

CG_INLINE uint8x16_t look_up(uint8x16_t v, uint8x16_t low, uint8x16_t high) {
  return vandq_u8(vqtbl1q_u8(low, vandq_u8(v, vdupq_n_u8(0x0F))), vqtbl1q_u8(high, vshrq_n_u8(v, 4)));
}

CG_INLINE uint64_t in_set(lanes in, uint8x16_t low, uint8x16_t high) {
  for (unsigned i = 0; i < 4; i++) {
    uint8x16_t found = look_up(in.v[i], low, high);
    in.v[i] = vtstq_u8(found, found);
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
  const uint8x16_t lines = {CG_HALVES}, signs = {CG_SIGNS}, tokens = {CG_TOKENS}, weaks = {CG_WEAKS};
  lanes in = load(block);
  masks->sign = in_set(in, signs, lines);
  masks->token = in_set(in, tokens, lines);
  masks->weak = in_set(in, weaks, lines);
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

CG_INLINE uint64_t leads(const uint8_t *block) {
  const uint8x16_t lines = {CG_LEAD_HALVES}, sets = {CG_LEADS};
  return in_set(load(block), sets, lines);
}

CG_INLINE uint64_t plain(const uint8_t *block) {
  const uint8x16_t lines = {CG_HALVES}, sets = {CG_PLAIN};
  return in_set(load(block), sets, lines);
}

uint32_t cg_text_marks_neon(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                            const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, leads, plain};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_neon_is_not_for_this_target;
#endif
