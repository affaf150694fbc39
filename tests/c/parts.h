/*
 * parts.h: questions on standard input, so that tests/contract can run the shared vectors through C. A part of a
 * question is a length (8 bytes, little-endian) and that many bytes. What an answer says in free text is printed
 * in hexadecimal, so that one line stays one line.
 */
#ifndef CALLGATE_TEST_PARTS_H
#define CALLGATE_TEST_PARTS_H

#include <callgate.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct part {
  uint8_t *data;
  size_t len;
} part;

static void die(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/* Reads one part; 0 at the end of the input. */
static int read_part(part *out) {
  uint8_t prefix[8];
  size_t got = fread(prefix, 1, sizeof prefix, stdin);
  if (got == 0) {
    return 0;
  }
  if (got != sizeof prefix) {
    die("a length is cut off");
  }
  uint64_t len = 0;
  for (unsigned i = 0; i < 8; i++) {
    len |= (uint64_t)prefix[i] << (8 * i);
  }
  /* Exactly as long as the input, so that a read past its end is one past the allocation too. */
  out->len = (size_t)len;
  out->data = len == 0 ? NULL : malloc(out->len);
  if (len != 0 && (out->data == NULL || fread(out->data, 1, out->len, stdin) != out->len)) {
    die("a part is cut off");
  }
  return 1;
}

/* Reads the parts of one question; 0 at the end of the input. */
static int read_question(part *parts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!read_part(&parts[i])) {
      if (i != 0) {
        die("a question is cut off");
      }
      return 0;
    }
  }
  return 1;
}

static void free_question(part *parts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    free(parts[i].data);
  }
}

static inline callgate_gate *gate_of(part policy) {
  callgate_gate *gate = NULL;
  if (callgate_gate_new((const char *)policy.data, policy.len, &gate) != CALLGATE_OK) {
    die("the policy was refused");
  }
  return gate;
}

static void print_hex(const char *name, callgate_text text) {
  printf(" %s", name);
  for (size_t at = 0; at < text.len; at++) {
    printf("%02x", (unsigned)(uint8_t)text.data[at]);
  }
}

/* Prints "<name> <action>" and each finding on a line of its own, and frees the verdict. */
static inline void print_verdict(const char *name, int32_t action, callgate_verdict *verdict,
                          void (*print_finding)(callgate_finding)) {
  size_t count = 0;
  if (action < 0 || callgate_verdict_action(verdict) != action || callgate_verdict_count(verdict, &count) != CALLGATE_OK) {
    die("there is no verdict");
  }
  printf("%s %" PRId32 "\n", name, action);
  for (size_t i = 0; i < count; i++) {
    callgate_finding finding;
    if (callgate_verdict_finding(verdict, i, &finding) != CALLGATE_OK) {
      die("a finding cannot be read");
    }
    print_finding(finding);
  }
  callgate_verdict_free(verdict);
}

#endif
