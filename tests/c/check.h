/* check.h: what the C tests share. A check that fails says where and counts. */
#ifndef CALLGATE_TESTS_CHECK_H
#define CALLGATE_TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

static int failures;

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
      failures++;                                                             \
    }                                                                         \
  } while (0)

#define CHECK_EQ(actual, expected)                                                                              \
  do {                                                                                                          \
    long long actual_ = (long long)(actual), expected_ = (long long)(expected);                                 \
    if (actual_ != expected_) {                                                                                 \
      fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #actual, actual_, expected_);        \
      failures++;                                                                                               \
    }                                                                                                           \
  } while (0)

#endif
