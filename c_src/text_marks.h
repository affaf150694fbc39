/*
 * text_marks.h: what the rungs of cg_text_marks share. Internal to c_src.
 *
 * A rung classifies 64 bytes into bit masks; all else is the same for them and lives here, as in json_index.h.
 */
#ifndef CALLGATE_TEXT_MARKS_H
#define CALLGATE_TEXT_MARKS_H

#include "json_index.h"

/* A gram that starts at the last byte of a block ends this many bytes behind it; so does a hidden character. */
#define CG_AHEAD 3u

/* Every rung has this shape; the arguments are those of cg_text_marks. */
typedef uint32_t cg_text_marks_fn(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                                  const cg_marks_table *table, uint32_t *places, uint32_t capacity);

cg_text_marks_fn cg_text_marks_portable;
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX2)
cg_text_marks_fn cg_text_marks_avx2;
#endif
#if defined(__x86_64__) && !defined(CALLGATE_NO_AVX512)
cg_text_marks_fn cg_text_marks_avx512;
#endif
#if defined(__aarch64__) && !defined(CALLGATE_NO_NEON)
cg_text_marks_fn cg_text_marks_neon;
#endif

static const cg_set cg_signs = {
    {0x50, 0, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0d, 0xac, 0xa8, 0x09, 0x08, 0}, CG_ASCII};
static const cg_set cg_tokens = {
    {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x54, 0x50, 0x54, 0xd4, 0x74}, CG_ASCII};
static const cg_set cg_weaks = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x04, 0x80, 0x04}, CG_ASCII};
/* The escapes that hide nothing: \n, \t, \" and two backslashes. */
static const cg_set cg_plain = {{0, 0, 0x04, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0x40, 0}, CG_ASCII};
/* First bytes of characters that may not show: high halves C, D, E and F. */
static const cg_set cg_leads = {{0x80, 0x40, 0x50, 0xc0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0x10, 0, 0x40},
                                {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 32, 64, 128}};

/* Bit i of each mask speaks of byte i of a block. */
typedef struct cg_mark_masks {
  uint64_t word;      /* a gram of CG_GRAM_WORDS may start here */
  uint64_t signs;     /* one of CG_GRAM_SIGNS */
  uint64_t other;     /* one of CG_GRAM_OTHERS */
  uint64_t letter;    /* A to Z, a to z */
  uint64_t percent;   /* % */
  uint64_t ampersand; /* & */
  uint64_t sign;      /* CG_MARK_SIGN */
  uint64_t weak;      /* / - ~ */
  uint64_t digit;     /* 0 to 9 */
  uint64_t space;     /* CG_MARK_SPACE */
  uint64_t token;     /* letters, digits and _ - + / . ~ */
  uint64_t dot;       /* . */
  uint64_t backslash; /* \ */
  uint64_t control;   /* below 0x20 but LF and tab; 0x7F */
  uint64_t non_ascii; /* 0x80 or above */
} cg_mark_masks;

typedef struct cg_marks_rung {
  /* Reads 64 + CG_AHEAD bytes. */
  void (*classify)(const uint8_t *block, const cg_marks_table *table, cg_mark_masks *masks);
  /* Which of the same 64 bytes are in a set. */
  uint64_t (*in_set)(const uint8_t *block, const cg_set *set);
} cg_marks_rung;

CG_INLINE uint64_t cg_below(uint64_t count) { return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1; }

/* Whether the character that starts at `at` may not show; two bytes behind it can be read. */
CG_INLINE int cg_is_hidden(const uint8_t *at) {
  uint8_t second = at[1], third = at[2];
  switch (at[0]) {
  case 0xC2: /* C1 controls; soft hyphen */
    return second < 0xA0 || second == 0xAD;
  case 0xCD: /* combining grapheme joiner */
    return second == 0x8F;
  case 0xD8: /* Arabic letter mark */
    return second == 0x9C;
  case 0xE1: /* Hangul fillers; Khmer inherent vowels; Mongolian selectors */
    return (second == 0x85 && (third == 0x9F || third == 0xA0)) || (second == 0x9E && (third & 0xFE) == 0xB4) ||
           (second == 0xA0 && third >= 0x8B && third <= 0x8F);
  case 0xE2: /* spaces of no width, marks and controls of direction; line and paragraph separators; braille blank */
    return (second == 0x80 && ((third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE))) ||
           (second == 0x81 && third >= 0xA0 && third <= 0xAF) || (second == 0xA0 && third == 0x80);
  case 0xE3: /* Hangul filler */
    return second == 0x85 && third == 0xA4;
  case 0xEF: /* variation selectors; byte order mark; half-width filler; specials */
    return (second == 0xB8 && third <= 0x8F) || (second == 0xBB && third == 0xBF) ||
           (second == 0xBE && third == 0xA0) || (second == 0xBF && third >= 0xB0 && third <= 0xBB);
  case 0xF0: /* shorthand and music format controls */
    return (second == 0x9B && third == 0xB2) || (second == 0x9D && third == 0x85);
  case 0xF3: /* tags, more variation selectors, private use */
    return 1;
  default:
    return 0;
  }
}

/* A run that ended: told where it is long enough. */
CG_INLINE uint32_t cg_mark_run(uint64_t start, uint64_t end, int has_digit, uint64_t base, uint32_t *place) {
  uint64_t run = end - start;
  *place = (uint32_t)(start - base) | CG_MARK_RUN;
  return run >= CG_MARKS_RUN && (has_digit || run >= CG_MARKS_LONG_RUN);
}

/* The runs that end in a block; the one that reaches its end goes on in the next. */
CG_INLINE uint32_t cg_mark_runs(uint64_t token, uint64_t digit, uint64_t at, uint64_t base, cg_marks_state *state,
                                uint32_t *places) {
  uint32_t count = 0;
  uint32_t lead = cg_trailing_zeros(~token);
  if (state->in_run) {
    state->run_digit |= (digit & cg_below(lead)) != 0;
    if (lead == 64) {
      return 0;
    }
    count += cg_mark_run(state->run, at + lead, (int)state->run_digit, base, places);
    token &= ~cg_below(lead);
  }
  /* What is left begins in this block. The last one may go on behind it. */
  uint32_t trail = cg_leading_zeros(~token);
  state->in_run = trail != 0;
  if (trail != 0) {
    state->run = at + 64 - trail;
    state->run_digit = (digit & ~cg_below(64 - trail)) != 0;
    token &= cg_below(64 - trail);
  }
  /* Where twelve follow each other. */
  uint64_t starts = token & token >> 1;
  starts &= starts >> 2;
  starts &= starts >> 4;
  starts &= starts >> 4;
  while (starts != 0) {
    uint32_t start = cg_trailing_zeros(starts);
    uint32_t length = cg_trailing_zeros(~(token >> start));
    uint64_t bits = cg_below(length) << start;
    count += cg_mark_run(at + start, at + start + length, (digit & bits) != 0, base, places + count);
    starts &= ~bits;
  }
  return count;
}

/* The facts about escapes in a block of a JSON string: every one but those of cg_plain and \r\n. */
CG_INLINE uint32_t cg_mark_escapes(const uint8_t *block, uint64_t backslash, uint64_t left, uint64_t *carry,
                                   cg_marks_rung rung) {
  uint64_t escaped = cg_escaped_bits(backslash, carry) & cg_below(left);
  uint32_t facts = 0;
  if (escaped == 0) {
    return 0;
  }
  for (escaped &= ~rung.in_set(block, &cg_plain); escaped != 0; escaped &= escaped - 1) {
    uint32_t i = cg_trailing_zeros(escaped);
    int ends_line = block[i] == 'r' && i + 2 < left && block[i + 1] == '\\' && block[i + 2] == 'n';
    facts |= ends_line ? 0 : CG_MARK_ESCAPE;
  }
  return facts;
}

/* Where a word may begin. */
CG_INLINE uint64_t cg_mark_begins(const cg_mark_masks *masks, cg_marks_state *state) {
  uint64_t letter = masks->letter, slash = masks->backslash, percent = masks->percent;
  uint64_t four = slash | masks->ampersand;
  uint64_t codes = slash << 2 | percent << 3 | four << 4 | slash << 6;
  uint64_t begins = ~(letter << 1 | state->letter) | codes | state->codes;
  state->letter = letter >> 63;
  state->codes = slash >> 62 | percent >> 61 | four >> 60 | slash >> 58;
  return begins;
}

CG_INLINE uint32_t cg_gram_at(const uint8_t *at) {
  uint32_t gram;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  gram = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
#else
  memcpy(&gram, at, sizeof gram);
#endif
  return gram | 0x20202020u;
}

/* One block, of which `left` bytes belong to the text. */
CG_INLINE uint32_t cg_mark_block(const uint8_t *block, uint64_t left, uint64_t base, cg_marks_state *state,
                                 const cg_marks_table *table, uint32_t *places, cg_marks_rung rung) {
  cg_mark_masks masks;
  uint64_t inside = cg_below(left);
  uint64_t at = state->offset;
  uint32_t count = 0;
  uint32_t facts = 0;
  rung.classify(block, table, &masks);
  facts |= (masks.sign & inside) != 0 ? CG_MARK_SIGN : 0;
  uint64_t dots = masks.dot & inside;
  dots &= dots >> 1 | (uint64_t)(left > CG_BLOCK && block[CG_BLOCK] == '.') << 63;
  facts |= (((masks.weak | masks.digit) & inside) | dots) != 0 ? CG_MARK_WEAK : 0;
  facts |= (masks.space & inside) != 0 ? CG_MARK_SPACE : 0;
  for (uint64_t control = masks.control & inside; control != 0; control &= control - 1) {
    uint32_t i = cg_trailing_zeros(control);
    facts |= block[i] == '\r' && i + 1 < left && block[i + 1] == '\n' ? 0 : CG_MARK_HIDDEN;
  }
  if (state->json && (masks.backslash | state->escaped) != 0) {
    facts |= cg_mark_escapes(block, masks.backslash & inside, left, &state->escaped, rung);
  }
  if ((masks.non_ascii & inside) != 0 && (state->facts & CG_MARK_HIDDEN) == 0) {
    uint64_t leads = rung.in_set(block, &cg_leads) & inside;
    for (; leads != 0; leads &= leads - 1) {
      if (cg_is_hidden(block + cg_trailing_zeros(leads))) {
        facts |= CG_MARK_HIDDEN;
        break;
      }
    }
  }
  /* A gram ends in the text. */
  uint64_t gram = (masks.word & masks.letter & cg_mark_begins(&masks, state)) |
                  (masks.signs & ~masks.letter & ~masks.non_ascii) | (masks.other & masks.non_ascii);
  gram &= left <= CG_AHEAD ? 0 : cg_below(left - CG_AHEAD);
  for (; gram != 0; gram &= gram - 1) {
    uint32_t i = cg_trailing_zeros(gram);
    uint32_t folded = cg_gram_at(block + i);
    uint32_t first = folded * CG_GRAM_HASH >> 17, second = folded * CG_GRAM_HASH_2 >> 17;
    places[count] = (uint32_t)(at + i - base);
    count += table->bloom[first >> 5] >> (first & 31) & table->bloom[second >> 5] >> (second & 31) & 1;
  }
  count += cg_mark_runs(masks.token & inside, masks.digit & inside, at, base, state, places + count);
  state->facts |= facts;
  return count;
}

/* The loop of every rung. */
CG_INLINE uint32_t cg_marks_run(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                                const cg_marks_table *table, uint32_t *places, uint32_t capacity,
                                cg_marks_rung rung) {
  cg_marks_state at = *state;
  uint32_t count = 0;
  while (at.offset < at.end && capacity - count >= CG_MARKS_MIN_CAPACITY) {
    uint64_t left = at.end - at.offset;
    if (len - at.offset >= CG_BLOCK + CG_AHEAD) {
      count += cg_mark_block(data + at.offset, left, base, &at, table, places + count, rung);
    } else {
      /* Nothing may be read behind the data. */
      uint8_t block[CG_BLOCK + CG_AHEAD + 1] = {0};
      uint64_t held = len - at.offset;
      memcpy(block, data + at.offset, (size_t)(held < sizeof block ? held : sizeof block));
      count += cg_mark_block(block, left, base, &at, table, places + count, rung);
    }
    at.offset += left < CG_BLOCK ? left : CG_BLOCK;
  }
  if (at.offset == at.end && at.in_run && capacity - count >= 1) {
    count += cg_mark_run(at.run, at.end, (int)at.run_digit, base, places + count);
    at.in_run = 0;
  }
  *state = at;
  return count;
}

#endif
