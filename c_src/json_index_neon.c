/* json_index_neon.c: the rung for aarch64, where NEON is part of the base architecture. */
#include "json_index.h"

#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)

#include <arm_neon.h>

/* The top bit of 64 lanes as one word: weights by position, then three rounds of pairwise sums. */
CG_INLINE uint64_t masks_of(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
  const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t low = vpaddq_u8(vandq_u8(a, weights), vandq_u8(b, weights));
  uint8x16_t high = vpaddq_u8(vandq_u8(c, weights), vandq_u8(d, weights));
  uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

typedef struct lanes {
  uint8x16_t a, b, c, d;
} lanes;

CG_INLINE lanes load(const uint8_t *block) {
  lanes v = {vld1q_u8(block), vld1q_u8(block + 16), vld1q_u8(block + 32), vld1q_u8(block + 48)};
  return v;
}

CG_INLINE uint64_t equals(lanes v, uint8_t byte) {
  uint8x16_t x = vdupq_n_u8(byte);
  return masks_of(vceqq_u8(v.a, x), vceqq_u8(v.b, x), vceqq_u8(v.c, x), vceqq_u8(v.d, x));
}

CG_INLINE void classify_text(const uint8_t *block, cg_text_masks *masks) {
  lanes v = load(block);
  uint8x16_t space = vdupq_n_u8(0x20);
  masks->quote = equals(v, '"');
  masks->backslash = equals(v, '\\');
  masks->control = masks_of(vcltq_u8(v.a, space), vcltq_u8(v.b, space), vcltq_u8(v.c, space), vcltq_u8(v.d, space));
  masks->non_ascii = vmaxvq_u8(vorrq_u8(vorrq_u8(v.a, v.b), vorrq_u8(v.c, v.d))) >= 0x80;
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
  lanes v = load(block);
  masks->space = masks_of(is_space(v.a), is_space(v.b), is_space(v.c), is_space(v.d));
  masks->structural = masks_of(is_structural(v.a), is_structural(v.b), is_structural(v.c), is_structural(v.d));
}

void cg_json_index_neon(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                        uint32_t capacity, uint64_t max_bytes, cg_index_window *window) {
  /* By shifts: the polynomial multiply (PMULL) is an optional extension. */
  const cg_rung rung = {classify_text, classify_tokens, cg_prefix_xor, cg_emit};
  cg_index_run(data, len, state, positions, capacity, max_bytes, window, rung);
}

#else
/* ISO C wants at least one declaration in a file. */
typedef int cg_json_index_neon_is_not_for_this_target;
#endif
