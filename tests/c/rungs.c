/*
 * rungs.c: every rung of the structural index and of the marks against the portable one, on documents made of the
 * bytes that a rung might mistake. Compiled together with c_src, also for processors that the build machine only emulates.
 *
 *   rungs [rung]...   fails unless exactly these rungs ("avx2", "neon") are there besides the portable one
 */
#include "callgate_helper.h"

#include <stdlib.h>

#include "check.h"

#define MAX_LEN 700u

static const struct {
  uint32_t rung;
  const char *name;
} rungs[] = {{CG_RUNG_AVX2, "avx2"}, {CG_RUNG_AVX512, "avx512"}, {CG_RUNG_NEON, "neon"}};

/* splitmix64: the same documents in every run. */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static size_t make_document(uint64_t *state, uint8_t *out) {
  static const uint8_t tricky[] = "\"\\{}[]:,\x0c\x1a;<Zz|-\n\t\r \x1f!\x7f\x80\x9a\xba\xdb\xfb\xff";
  size_t len = next_random(state) % MAX_LEN;
  for (size_t at = 0; at < len;) {
    uint64_t random = next_random(state);
    uint8_t byte = random % 8 == 0 ? (uint8_t)(random >> 8) : tricky[(random >> 8) % (sizeof tricky - 1)];
    /* One time in sixteen a run, so that whole blocks are of one kind. */
    size_t run = (random >> 16) % 16 == 0 ? (random >> 24) % 100 : 1;
    for (; run > 0 && at < len; run--) {
      out[at++] = byte;
    }
  }
  return len;
}

/* One pass in windows; writes every position to `out` and returns how many; `facts` sums up what was told. */
static size_t read_all(const uint8_t *data, size_t len, uint32_t rung, uint32_t capacity, uint64_t max_bytes,
                       uint32_t *out, uint64_t *facts) {
  cg_index_state state = {0, 0, 0, 0};
  size_t count = 0;
  *facts = 0;
  while (state.offset < len) {
    /* On the heap and exactly as long as C is told, so that a tool that watches memory sees a write behind it. */
    uint32_t *positions = malloc(capacity * sizeof *positions);
    cg_index_window window;
    if (positions == NULL) {
      abort();
    }
    cg_json_index(data, len, &state, positions, capacity, max_bytes, rung, &window);
    CHECK(window.end > window.begin && window.end <= len && window.count <= capacity);
    memcpy(out + count, positions, window.count * sizeof *positions);
    count += window.count;
    *facts = *facts * 31 + window.facts * 1000003u + window.end;
    free(positions);
  }
  return count;
}

/* The marks of data[from, len) to `out`, and how many; `facts` sums up what was told. */
static size_t read_marks(const uint8_t *data, size_t from, size_t len, uint32_t json, uint32_t rung, uint32_t *out,
                         uint64_t *facts) {
  cg_marks_table table;
  cg_marks_state state = {.offset = from, .end = len, .json = json};
  size_t count = 0;
  /* A few bytes of each place of a gram, and half of all hashes. */
  for (unsigned k = 0; k < 4; k++) {
    for (unsigned i = 0; i < 64; i++) {
      table.buckets[k][i] = (uint8_t)(0xD5A3u >> (i * 3 + k) % 9);
    }
  }
  memset(table.bloom, 0x55, sizeof table.bloom);
  while (state.offset < state.end || state.in_run != 0) {
    uint32_t *places = malloc(CG_MARKS_MIN_CAPACITY * sizeof *places);
    if (places == NULL) {
      abort();
    }
    uint32_t found = cg_text_marks(data, len, from, &state, &table, places, CG_MARKS_MIN_CAPACITY, rung);
    CHECK(found <= CG_MARKS_MIN_CAPACITY);
    memcpy(out + count, places, found * sizeof *places);
    count += found;
    free(places);
  }
  *facts = state.facts;
  return count;
}

static int wanted(int argc, char **argv, const char *name) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], name) == 0) {
      return 1;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  static const struct {
    uint32_t capacity;
    uint64_t max_bytes;
  } shapes[] = {{64, 1}, {64, 100}, {1024, 1 << 20}};
  static uint32_t expected[2 * MAX_LEN], actual[2 * MAX_LEN];
  static uint8_t made[MAX_LEN];
  uint64_t state = 1;

  CHECK_EQ(cg_has_rung(CG_RUNG_BEST), 1);
  CHECK_EQ(cg_has_rung(CG_RUNG_PORTABLE), 1);
  CHECK_EQ(cg_has_rung(99), 0);
  for (size_t r = 0; r < sizeof rungs / sizeof *rungs; r++) {
    CHECK_EQ(cg_has_rung(rungs[r].rung), wanted(argc, argv, rungs[r].name));
  }
  for (int document = 0; document < 3000; document++) {
    size_t len = make_document(&state, made);
    /* Again exactly as long as C is told, at any alignment. */
    size_t shift = next_random(&state) % 64;
    uint8_t *memory = malloc(shift + len + 1), *data = memory + shift + 1;
    if (memory == NULL) {
      abort();
    }
    memcpy(data, made, len);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
      uint64_t expected_facts, facts;
      size_t count = read_all(data, len, CG_RUNG_PORTABLE, shapes[s].capacity, shapes[s].max_bytes, expected, &expected_facts);
      const uint32_t codes[] = {CG_RUNG_BEST, CG_RUNG_AVX2, CG_RUNG_AVX512, CG_RUNG_NEON};
      for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        size_t got = read_all(data, len, codes[c], shapes[s].capacity, shapes[s].max_bytes, actual, &facts);
        CHECK(got == count && memcmp(actual, expected, count * sizeof *actual) == 0 && facts == expected_facts);
      }
    }
    for (uint32_t json = 0; json < 2; json++) {
      uint64_t expected_facts, facts;
      size_t from = next_random(&state) % (len + 1);
      size_t count = read_marks(data, from, len, json, CG_RUNG_PORTABLE, expected, &expected_facts);
      const uint32_t codes[] = {CG_RUNG_BEST, CG_RUNG_AVX2, CG_RUNG_AVX512, CG_RUNG_NEON};
      for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        size_t got = read_marks(data, from, len, json, codes[c], actual, &facts);
        CHECK(got == count && memcmp(actual, expected, count * sizeof *actual) == 0 && facts == expected_facts);
      }
    }
    free(memory);
  }
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
