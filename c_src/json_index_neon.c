/* json_index_neon.c: the rung for aarch64, where NEON is part of the base architecture. */
#include "json_index.h"

#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)

#include "neon.h"

CG_INLINE void classify_text(const uint8_t *block, cg_text_masks *masks) {
  lanes in = load(block);
  masks->quote = equals(in, '"');
  masks->backslash = equals(in, '\\');
  masks->control = below(in, 0x20);
  masks->non_ascii = vmaxvq_u8(vorrq_u8(vorrq_u8(in.v[0], in.v[1]), vorrq_u8(in.v[2], in.v[3]))) >= 0x80;
}

/* As in the AVX2 rung: look up by the low four bits the one byte that would count. */
CG_INLINE uint8x16_t is_space(uint8x16_t v) {
  const uint8x16_t spaces = {' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100};
  return vceqq_u8(v, vqtbl1q_u8(spaces, vandq_u8(v, vdupq_n_u8(0x0F))));
}

CG_INLINE uint8x16_t is_structural(uint8x16_t v) {
  const uint8x16_t marks = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0};
  return vceqq_u8(vorrq_u8(v, vdupq_n_u8(0x20)), vqtbl1q_u8(marks, vandq_u8(v, vdupq_n_u8(0x0F))));
}

CG_INLINE void classify_tokens(const uint8_t *block, cg_token_masks *masks) {
  lanes in = load(block);
  lanes space = {{is_space(in.v[0]), is_space(in.v[1]), is_space(in.v[2]), is_space(in.v[3])}};
  lanes structural = {
      {is_structural(in.v[0]), is_structural(in.v[1]), is_structural(in.v[2]), is_structural(in.v[3])}};
  masks->space = bits_of(space);
  masks->structural = bits_of(structural);
}

void cg_json_index_neon(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                        uint32_t capacity, uint64_t max_bytes, cg_index_window *window) {
  /* By shifts: the polynomial multiply (PMULL) is an optional extension. */
  const cg_rung rung = {classify_text, classify_tokens, in_set, cg_prefix_xor, cg_emit};
  cg_index_run(data, len, state, positions, capacity, max_bytes, window, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_json_index_neon_is_not_for_this_target;
#endif
