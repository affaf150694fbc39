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

CG_INLINE uint64_t grams(const uint8_t *block, const cg_marks_table *table) {
  lanes found;
  for (unsigned i = 0; i < 4; i++) {
    uint8x16_t buckets = vdupq_n_u8(0xFF);
    for (unsigned k = 0; k < 4; k++) {
      buckets = vandq_u8(buckets, look_up(vld1q_u8(block + 16 * i + k), vld1q_u8(table->low[k]),
                                          vld1q_u8(table->high[k])));
    }
    found.v[i] = vtstq_u8(buckets, buckets);
  }
  return bits_of(found);
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
  masks->gram = grams(block, table);
}

CG_INLINE uint64_t leads(const uint8_t *block) {
  const uint8x16_t lines = {CG_LEAD_HALVES}, sets = {CG_LEADS};
  return in_set(load(block), sets, lines);
}

uint32_t cg_text_marks_neon(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                            const cg_marks_table *table, uint32_t *places, uint32_t capacity) {
  const cg_marks_rung rung = {classify, leads};
  return cg_marks_run(data, len, base, state, table, places, capacity, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_text_marks_neon_is_not_for_this_target;
#endif
