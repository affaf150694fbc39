/* portable.h: sets of characters in C11 alone. Internal to the portable rungs. */
#ifndef CALLGATE_PORTABLE_H
#define CALLGATE_PORTABLE_H

#include "json_index.h"

static inline uint64_t is_in(uint8_t byte, const cg_set *set) {
  return (set->low[byte & 15] & set->high[byte >> 4]) != 0;
}

static inline uint64_t in_set(const uint8_t *block, const cg_set *set) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < CG_BLOCK; i++) {
    bits |= is_in(block[i], set) << i;
  }
  return bits;
}

#endif
