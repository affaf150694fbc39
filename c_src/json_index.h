/*
 * json_index.h: what the rungs of the structural index share. Internal to c_src.
 *
 * A rung classifies 64 bytes into bit masks (cg_block); everything after that is the same for all of
 * them and lives here as inline functions, so that each rung's compiler flags apply to it.
 */
#ifndef CALLGATE_JSON_INDEX_H
#define CALLGATE_JSON_INDEX_H

#include "callgate_helper.h"

#include <string.h>

#define CG_BLOCK 64u

/* The rung to take for the one that was asked for. */
uint32_t cg_choose_rung(uint32_t rung);

/* Every rung has this shape; the arguments are those of cg_json_index. */
typedef void cg_json_index_fn(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                              uint32_t capacity, uint64_t max_bytes, cg_index_window *window);

cg_json_index_fn cg_json_index_portable;
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
cg_json_index_fn cg_json_index_avx2;
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
cg_json_index_fn cg_json_index_avx512;
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
cg_json_index_fn cg_json_index_neon;
#endif

/* cg_trailing_zeros and cg_leading_zeros answer 64 for 0. */
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define CG_INLINE static __forceinline
CG_INLINE uint32_t cg_trailing_zeros(uint64_t bits) {
  unsigned long index;
  return _BitScanForward64(&index, bits) ? (uint32_t)index : 64;
}
CG_INLINE uint32_t cg_leading_zeros(uint64_t bits) {
  unsigned long index;
  return _BitScanReverse64(&index, bits) ? 63 - (uint32_t)index : 64;
}
CG_INLINE uint32_t cg_popcount(uint64_t bits) {
  uint32_t count = 0;
  for (; bits != 0; bits &= bits - 1) {
    count++;
  }
  return count;
}
#else
/* A macro because the attribute has no portable spelling: the rungs' classifiers reach the loop below as
 * function pointers, and only inlining turns them into straight code. */
#define CG_INLINE static inline __attribute__((always_inline))
#if defined(__BMI__)
CG_INLINE uint32_t cg_trailing_zeros(uint64_t bits) { return (uint32_t)__builtin_ia32_tzcnt_u64(bits); }
#else
CG_INLINE uint32_t cg_trailing_zeros(uint64_t bits) { return bits == 0 ? 64 : (uint32_t)__builtin_ctzll(bits); }
#endif
CG_INLINE uint32_t cg_leading_zeros(uint64_t bits) { return bits == 0 ? 64 : (uint32_t)__builtin_clzll(bits); }
CG_INLINE uint32_t cg_popcount(uint64_t bits) { return (uint32_t)__builtin_popcountll(bits); }
#endif

/* Bit i of each mask speaks of byte i of a block. */
typedef struct cg_text_masks {
  uint64_t quote;     /* " */
  uint64_t backslash; /* \ */
  uint64_t control;   /* below 0x20 */
  uint32_t non_ascii; /* not 0 when any byte is 0x80 or above */
} cg_text_masks;

typedef struct cg_token_masks {
  uint64_t structural; /* { } [ ] : , */
  uint64_t space;      /* space, tab, LF, CR */
} cg_token_masks;

/*
 * A set of characters for a look-up by halves: one is in it where low[its low four bits] and high[its high four bits]
 * share a bit.
 */
typedef struct cg_set {
  uint8_t low[16];
  uint8_t high[16];
} cg_set;

/* Halves of a set of ASCII characters: bit h of low[i] stands for the character 16 * h + i. */
#define CG_ASCII {1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0}

/* What may follow a backslash, but u: " \ / b f n r t. */
static const cg_set cg_escapes = {{0, 0, 0xc4, 0, 0x80, 0, 0x40, 0, 0, 0, 0, 0, 0x20, 0, 0x40, 0x04}, CG_ASCII};

/* What a rung brings. */
typedef struct cg_rung {
  /* Two classifiers of 64 readable bytes. */
  void (*text)(const uint8_t *block, cg_text_masks *masks);
  void (*tokens)(const uint8_t *block, cg_token_masks *masks);
  /* Which of 64 bytes are in a set. */
  uint64_t (*in_set)(const uint8_t *block, const cg_set *set);
  /* The exclusive-or of each bit with all bits below it. */
  uint64_t (*prefix_xor)(uint64_t bits);
  /* Writes base + i for every bit i, in rising order, and returns how many. There is room for 64, and what
   * lies behind those that mean something may be overwritten. */
  uint32_t (*emit)(uint32_t *positions, uint64_t bits, uint32_t base);
} cg_rung;

/*
 * Bits of the bytes that a backslash escapes. `escaped` carries whether the next block's first byte is.
 * In a run of backslashes every second one is itself escaped: subtracting the run's start from the odd
 * bits lets the borrow ripple through each run and tells its parity (Langdale and Lemire, "Parsing
 * Gigabytes of JSON per Second", section 3.1.1).
 */
CG_INLINE uint64_t cg_escaped_bits(uint64_t backslash, uint64_t *escaped) {
  const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
  uint64_t carried = *escaped;
  uint64_t potential = backslash & ~carried;
  uint64_t codes = (((potential << 1) | odd) - potential) ^ odd;
  *escaped = (codes & backslash) >> 63;
  return codes ^ (backslash | carried);
}

/* The prefix_xor of rungs without a carry-less product. */
CG_INLINE uint64_t cg_prefix_xor(uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

/* The emit of most rungs: eight at a time, so that short runs take no branch. */
CG_INLINE uint32_t cg_emit(uint32_t *positions, uint64_t bits, uint32_t base) {
  uint32_t count = cg_popcount(bits);
  uint32_t written = 0;
  do {
    for (uint32_t i = 0; i < 8; i++) {
      positions[written + i] = base + cg_trailing_zeros(bits);
      bits &= bits - 1;
    }
    written += 8;
  } while (written < count);
  return count;
}

/* One block: updates the state, writes positions, returns how many. */
CG_INLINE uint32_t cg_index_block(const uint8_t *block, uint32_t base, cg_index_state *state, uint32_t *positions,
                                  uint32_t *facts, cg_rung rung) {
  cg_text_masks text;
  rung.text(block, &text);
  *facts |= text.non_ascii != 0 ? CG_FACT_NON_ASCII : 0;
  *facts |= text.backslash != 0 ? CG_FACT_BACKSLASH : 0;
  uint64_t escaped = cg_escaped_bits(text.backslash, &state->escaped);
  uint64_t quote = text.quote & ~escaped;
  if (quote == 0 && state->in_string != 0) {
    /* The inside of a long string: nothing to name. Source has escapes in every second block: no branch on them. */
    *facts |= (escaped & ~rung.in_set(block, &cg_escapes)) != 0 ? CG_FACT_ESCAPE : 0;
    *facts |= text.control != 0 ? CG_FACT_CONTROL : 0;
    return 0;
  }
  if (escaped != 0) {
    *facts |= (escaped & ~rung.in_set(block, &cg_escapes)) != 0 ? CG_FACT_ESCAPE : 0;
  }
  /* From each opening quote up to, but without, its closing one. */
  uint64_t in_string = rung.prefix_xor(quote) ^ state->in_string;
  state->in_string = (in_string >> 63) != 0 ? ~UINT64_C(0) : 0;
  *facts |= (text.control & in_string) != 0 ? CG_FACT_CONTROL : 0;

  cg_token_masks token;
  rung.tokens(block, &token);
  /* Folding [ ] onto { } also folds 0x1A onto ':' and 0x0C onto ','; neither may pass for one. */
  token.structural &= ~text.control;
  uint64_t outside = ~(in_string | quote);
  uint64_t scalar = outside & ~(token.structural | token.space);
  uint64_t scalar_start = scalar & ~((scalar << 1) | state->in_scalar);
  state->in_scalar = scalar >> 63;
  return rung.emit(positions, quote | (token.structural & outside) | scalar_start, base);
}

/* The loop of every rung. */
CG_INLINE void cg_index_run(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                            uint32_t capacity, uint64_t max_bytes, cg_index_window *window, cg_rung rung) {
  cg_index_state at = *state;
  uint32_t count = 0;
  uint32_t facts = 0;
  uint64_t begin = at.offset;
  uint64_t left = len - begin;
  uint64_t stop = max_bytes < left ? begin + max_bytes : len;
  uint64_t offset = begin;

  while (offset < stop && len - offset >= CG_BLOCK && capacity - count >= CG_INDEX_MIN_CAPACITY) {
    count += cg_index_block(data + offset, (uint32_t)offset, &at, positions + count, &facts, rung);
    offset += CG_BLOCK;
  }
  if (offset < stop && len - offset < CG_BLOCK && capacity - count >= CG_INDEX_MIN_CAPACITY) {
    /* The last block is filled up with spaces: nothing may be read behind the document, and spaces name
     * nothing. A position behind the document cannot come from them. */
    uint8_t block[CG_BLOCK];
    memset(block, ' ', sizeof block);
    memcpy(block, data + offset, (size_t)(len - offset));
    count += cg_index_block(block, (uint32_t)offset, &at, positions + count, &facts, rung);
    offset = len;
  }
  at.offset = offset;
  *state = at;
  window->begin = begin;
  window->end = offset;
  window->count = count;
  window->facts = facts;
}

#endif
