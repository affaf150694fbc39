/* neon.h: 64 bytes as NEON lanes, and masks of them. Internal to the rungs for aarch64. */
#ifndef CALLGATE_NEON_H
#define CALLGATE_NEON_H

#include "json_index.h"

#include <arm_neon.h>

typedef struct lanes {
  uint8x16_t v[4];
} lanes;

CG_INLINE lanes load(const uint8_t *block) {
  lanes in = {{vld1q_u8(block), vld1q_u8(block + 16), vld1q_u8(block + 32), vld1q_u8(block + 48)}};
  return in;
}

/* 64 lanes of 0 or 0xFF as one word: weights by position, then three rounds of pairwise sums. */
CG_INLINE uint64_t bits_of(lanes in) {
  const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t low = vpaddq_u8(vandq_u8(in.v[0], weights), vandq_u8(in.v[1], weights));
  uint8x16_t high = vpaddq_u8(vandq_u8(in.v[2], weights), vandq_u8(in.v[3], weights));
  uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

CG_INLINE uint64_t equals(lanes in, uint8_t byte) {
  uint8x16_t x = vdupq_n_u8(byte);
  lanes found = {{vceqq_u8(in.v[0], x), vceqq_u8(in.v[1], x), vceqq_u8(in.v[2], x), vceqq_u8(in.v[3], x)}};
  return bits_of(found);
}

CG_INLINE uint64_t below(lanes in, uint8_t end) {
  uint8x16_t x = vdupq_n_u8(end);
  lanes found = {{vcltq_u8(in.v[0], x), vcltq_u8(in.v[1], x), vcltq_u8(in.v[2], x), vcltq_u8(in.v[3], x)}};
  return bits_of(found);
}

/* Which of the lanes are in a set. */
CG_INLINE uint64_t lanes_in_set(lanes in, const cg_set *set) {
  uint8x16_t low = vld1q_u8(set->low), high = vld1q_u8(set->high);
  for (unsigned i = 0; i < 4; i++) {
    in.v[i] = vtstq_u8(vqtbl1q_u8(low, vandq_u8(in.v[i], vdupq_n_u8(0x0F))), vqtbl1q_u8(high, vshrq_n_u8(in.v[i], 4)));
  }
  return bits_of(in);
}

CG_INLINE uint64_t in_set(const uint8_t *block, const cg_set *set) { return lanes_in_set(load(block), set); }

#endif
