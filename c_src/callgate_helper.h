/*
 * callgate_helper.h: the C half of callgate. The one header that bindgen reads.
 *
 * Rules that hold for every function here:
 *   - it writes only to the memory it was given, never allocates, and keeps no state between calls but
 *     the choice of instruction set, which is made once and is the same for every caller;
 *   - it may be called from several threads at once on different memory;
 *   - lengths are in bytes; text need not end in NUL unless the comment says so;
 *   - only fixed-width types and pointers cross, so that the bindings are the same on every target.
 *
 * Callers are the safe wrappers in src/helper, nobody else.
 */
#ifndef CALLGATE_HELPER_H
#define CALLGATE_HELPER_H

#include <assert.h>
#include <stdint.h>

/* ---- instruction sets (rungs.c) --------------------------------------------------------------------- */

/* Instruction sets ("rungs"). CG_RUNG_BEST asks for the fastest one that this processor has. */
#define CG_RUNG_BEST 0u
#define CG_RUNG_PORTABLE 1u /* C11, the oracle for the others */
#define CG_RUNG_AVX2 2u     /* x86-64 with AVX2, PCLMULQDQ, BMI1 and BMI2 */
#define CG_RUNG_NEON 3u     /* aarch64 */
#define CG_RUNG_AVX512 4u   /* x86-64 with AVX-512 F, BW, VBMI and VBMI2 besides */

/* 1 when this build and processor have the rung, else 0. CG_RUNG_BEST is always there. */
uint32_t cg_has_rung(uint32_t rung);

/* ---- structural index of a JSON document (json_index*.c) ------------------------------------------- */

/* Facts about the bytes of one window. */
#define CG_FACT_BACKSLASH 1u /* there is a backslash somewhere */
#define CG_FACT_NON_ASCII 2u /* there is a byte of 0x80 or above somewhere */
#define CG_FACT_CONTROL 4u   /* there is a byte below 0x20 inside a string */
#define CG_FACT_ESCAPE 8u    /* a backslash escapes another byte than one of " \\ / b f n r t somewhere */

/* The least number of positions a window must have room for: one block can name 64. */
#define CG_INDEX_MIN_CAPACITY 64u
/* Documents must be shorter than this, so that a position fits 32 bits. */
#define CG_INDEX_MAX_BYTES 4294967232u

/* Where the index stands between two windows. All zero at the start of a document. */
typedef struct cg_index_state {
  uint64_t offset;    /* bytes read so far: a multiple of 64, or the length of the document */
  uint64_t in_string; /* all ones inside a string, else 0 */
  uint64_t escaped;   /* 1 when the next byte is escaped by a backslash, else 0 */
  uint64_t in_scalar; /* 1 when the last byte belongs to a number or literal, else 0 */
} cg_index_state;

/* What one call found in bytes [begin, end) of the document. */
typedef struct cg_index_window {
  uint64_t begin;
  uint64_t end;
  uint32_t count; /* positions written */
  uint32_t facts; /* CG_FACT_* */
} cg_index_window;

static_assert(sizeof(cg_index_state) == 32, "cg_index_state is four 64-bit words");
static_assert(sizeof(cg_index_window) == 24, "cg_index_window has no padding");

/*
 * Reads on from state->offset, 64 bytes at a time, until the document ends, `max_bytes` more bytes were
 * read (rounded up to 64), or fewer than 64 free positions are left. Writes, in rising order, the
 * offset of every `{ } [ ] : ,` outside strings, of every quote that opens or closes a string, and of
 * the first byte of every run of other non-space bytes outside strings (numbers, literals, garbage).
 *
 *   data       len readable bytes; may be NULL when len is 0
 *   len        at most CG_INDEX_MAX_BYTES
 *   state      in and out
 *   positions  room for `capacity` entries, capacity >= CG_INDEX_MIN_CAPACITY
 *   rung       CG_RUNG_*; one that this processor or build lacks falls back to CG_RUNG_PORTABLE
 *
 * The end of the document is reached when window->end == len. Strings are not checked for
 * UTF-8, and nothing is checked for grammar: that is the reader's job.
 */
void cg_json_index(const uint8_t *data, uint64_t len, cg_index_state *state, uint32_t *positions,
                   uint32_t capacity, uint64_t max_bytes, uint32_t rung, cg_index_window *window);

/* ---- places of a text that content rules look at (text_marks*.c) ------------------------------------ */

/* What a text holds somewhere. */
#define CG_MARK_SIGN 1u    /* a byte that a machine gives a meaning: one of ' " ` ; | & < > = : ( ) @ $ { # % \ [ + * LF CR */
#define CG_MARK_WEAK 2u    /* a digit, one of / - ~, or two dots */
#define CG_MARK_SPACE 4u   /* a space or tab */
#define CG_MARK_HIDDEN 8u  /* a character that may not show, or a control character but LF, CR and tab */
#define CG_MARK_ESCAPE 16u /* CG_MARKS_JSON: one of the escapes \u \b \f \/, or \r that no \n follows */

/* The bit of a place that says: a run of token characters begins here; without it a gram does. */
#define CG_MARK_RUN 0x80000000u
/* Runs shorter than this are no token. */
#define CG_MARKS_RUN 12u
/* Runs of this length are reported without a digit in them too. */
#define CG_MARKS_LONG_RUN 20u

/* The least number of places there must be room for: a block has 64 grams and a few runs at most. */
#define CG_MARKS_MIN_CAPACITY 80u

/* A gram has two bits in `bloom`: the top 15 bits of it, as a little-endian number with bit 0x20 of each byte set,
 * times each of these. */
#define CG_GRAM_HASH 0x9E3779B1u
#define CG_GRAM_HASH_2 0x85EBCA6Bu

/* The buckets of grams that begin with a letter of ASCII, which are looked for where a word may begin: behind no other
 * letter, or behind one that belongs to a code (\n, %0a, \x0a, &#xa, \u000a); of grams that begin with another character of
 * ASCII; and of those that begin with any other byte. */
#define CG_GRAM_WORDS 0x0Fu
#define CG_GRAM_SIGNS 0x70u
#define CG_GRAM_OTHERS 0x80u

/* Grams (four bytes, in any case) to look for. */
typedef struct cg_marks_table {
  uint8_t buckets[4][64]; /* for each byte of a gram: the buckets that have it, by its bit 6 and its low five bits */
  uint32_t bloom[1024];
} cg_marks_table;

/* Where a pass stands. All zero but `offset` and `end` at its start. */
typedef struct cg_marks_state {
  uint64_t offset;    /* the next byte to read */
  uint64_t end;       /* one past the last byte of the text */
  uint64_t run;       /* where the run begins that ends at `offset` */
  uint32_t in_run;    /* 1 when there is one */
  uint32_t run_digit; /* 1 when it has a digit */
  uint32_t json;      /* 1 when the text is the inside of a JSON string, as written */
  uint32_t facts;     /* CG_MARK_*: what was seen so far */
  uint64_t escaped;   /* 1 when the next byte is escaped by a backslash */
  uint64_t letter;    /* 1 when the last byte was a letter */
  uint64_t codes;     /* of the next six bytes, those that may stand behind a code */
} cg_marks_state;

static_assert(sizeof(cg_marks_state) == 64, "cg_marks_state has no padding");
static_assert(sizeof(cg_marks_table) == 4352, "cg_marks_table has no padding");

/*
 * Reads bytes [state->offset, state->end) of `data` on until the end, or until fewer than CG_MARKS_MIN_CAPACITY
 * places are free, and writes the places of grams and runs (offsets from `base`, which is at or before the text) to
 * `places`. Grams are in rising order, and so are runs; a run is told when its end is seen. All grams of the table
 * are told, and some other places.
 *
 *   data      len readable bytes
 *   places    room for `capacity` entries, capacity >= CG_MARKS_MIN_CAPACITY
 *   rung      CG_RUNG_*, as above
 *
 * The text must be shorter than 2^31 bytes. Returns the number of places; the text is read when offset == end.
 */
uint32_t cg_text_marks(const uint8_t *data, uint64_t len, uint64_t base, cg_marks_state *state,
                       const cg_marks_table *table, uint32_t *places, uint32_t capacity, uint32_t rung);

/* ---- open a path confined below a directory (open_beneath.c) --------------------------------------- */

/* Bits of cg_open_request.how. */
#define CG_OPEN_NO_SYMLINKS 1u /* a symbolic link fails with ELOOP; a last one is opened itself by O_NOFOLLOW and HANDLE */
#define CG_OPEN_NO_XDEV 2u     /* a mount point on the way fails with EXDEV */
#define CG_OPEN_HANDLE 4u      /* open a handle that cannot be read or written, with no effect on what it names (O_PATH) */
#define CG_OPEN_FORCE_WALK 8u  /* do not try openat2: for tests, and where it is known to be missing */

/* Which step failed; 0 when none did. */
#define CG_STEP_NONE 0u
#define CG_STEP_ARGUMENT 1u /* the request itself is not usable */
#define CG_STEP_OPEN 2u     /* the look-up or the open; EXDEV here is a mount point, by CG_OPEN_NO_XDEV */
#define CG_STEP_STAT 3u     /* fstat of what was opened */
#define CG_STEP_ESCAPE 4u   /* the look-up would have left the directory; error is EXDEV */
#define CG_STEP_PATH 5u     /* the resolved path does not fit */

/* Links that one look-up follows, as in the kernel. */
#define CG_MAX_LINKS 40u
/* Bytes of a path, with its NUL. */
#define CG_PATH_MAX 4096u
/* Folders below dir_fd that the walk can stand in: it holds a descriptor for each. */
#define CG_WALK_DEPTH 256u

typedef struct cg_open_request {
  int32_t dir_fd; /* an open directory: the place that must not be left */
  int32_t flags;  /* O_* for open, without O_PATH and O_TMPFILE; O_CLOEXEC is added */
  uint32_t mode;  /* permission bits where O_CREAT is among the flags, else 0 */
  uint32_t how;   /* CG_OPEN_* */
} cg_open_request;

typedef struct cg_opened {
  int32_t fd;        /* the caller closes it; -1 on failure */
  int32_t error;     /* errno of the failed step, else 0 */
  uint32_t step;     /* CG_STEP_* */
  uint32_t mode;     /* st_mode: file type and permissions */
  uint64_t device;   /* st_dev */
  uint64_t inode;    /* st_ino */
  uint64_t links;    /* st_nlink */
  uint64_t size;     /* st_size, bytes */
  uint32_t path_len; /* bytes of the resolved path; 0 where it was not asked for or openat2 answered */
  uint32_t walked;   /* 1 when the component walk answered, 0 when openat2 did */
} cg_opened;

static_assert(sizeof(cg_open_request) == 16, "cg_open_request has no padding");
static_assert(sizeof(cg_opened) == 56, "cg_opened has no padding");

/*
 * Opens `path` (path_len bytes and a NUL, relative, not empty) below request->dir_fd and tells what was
 * opened. The look-up cannot leave dir_fd: not by `..`, not by an absolute path, not by a link. Magic
 * links (/proc/self/fd/N and the like) are never followed.
 *
 * openat2(2) answers where the kernel has it; a look-up that raced with a rename is tried again a bounded
 * number of times. Elsewhere (ENOSYS, E2BIG, or EPERM from a seccomp filter, or CG_OPEN_FORCE_WALK) a walk
 * opens one component after the other with O_NOFOLLOW and gives the same answers, but for two: it tells
 * mount points by st_dev, and it goes CG_WALK_DEPTH folders deep at most (ENAMETOOLONG).
 *
 * `prefix` (prefix_len bytes, no `/` at its end; empty for the file system's root) is the absolute path of
 * dir_fd. Where it is given, a link to an absolute path below it is followed from dir_fd; by the walk, as
 * openat2 refuses every absolute link. Where it is NULL such a link leaves dir_fd.
 *
 * Where the walk answers and `capacity` is not 0, the path that was opened, relative to dir_fd with every
 * link resolved, is written to `resolved` (no NUL; path_len tells the bytes; "." for dir_fd itself).
 *
 * Returns 0, or -1 with out->step and out->error set and nothing left open.
 */
int32_t cg_open_beneath(const cg_open_request *request, const char *path, uint32_t path_len, const char *prefix,
                        uint32_t prefix_len, char *resolved, uint32_t capacity, cg_opened *out);

#endif
