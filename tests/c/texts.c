/*
 * texts.c: sanitises texts over standard input.
 *
 *   question   two parts: policy, text
 *   answer     one line each: "text =<what is left, in hexadecimal>", "removed <count> <kind>"..., "end"
 */
#include "parts.h"

#include <inttypes.h>

static void answer(part policy, part text) {
  callgate_gate *gate = gate_of(policy);
  callgate_sanitized *sanitized = NULL;
  callgate_text left;
  size_t count = 0;
  if (callgate_gate_sanitize(gate, (const char *)text.data, text.len, &sanitized) != CALLGATE_OK ||
      callgate_sanitized_get(sanitized, &left, &count) != CALLGATE_OK) {
    die("the text cannot be sanitised");
  }
  printf("text");
  print_hex("=", left);
  printf("\n");
  for (size_t i = 0; i < count; i++) {
    callgate_removed removed;
    if (callgate_sanitized_removed(sanitized, i, &removed) != CALLGATE_OK) {
      die("a kind cannot be read");
    }
    printf("removed %" PRIu64 " %.*s\n", removed.count, (int)removed.kind.len, removed.kind.data);
  }
  printf("end\n");
  callgate_sanitized_free(sanitized);
  callgate_gate_free(gate);
}

int main(void) {
  part parts[2];
  while (read_question(parts, 2)) {
    answer(parts[0], parts[1]);
    free_question(parts, 2);
  }
  return 0;
}
