/*
 * redact.c: answers redactions over standard input.
 *
 *   question   two parts: policy, text
 *   answer     one line: "redacted =<text in hexadecimal>"
 */
#include "parts.h"

int main(void) {
  part parts[2];
  while (read_question(parts, 2)) {
    callgate_gate *gate = gate_of(parts[0]);
    callgate_redacted *redacted = NULL;
    callgate_text text;
    if (callgate_gate_redact(gate, parts[1].data, parts[1].len, &redacted) != CALLGATE_OK ||
        callgate_redacted_get(redacted, &text) != CALLGATE_OK) {
      die("the redaction failed");
    }
    printf("redacted");
    print_hex("=", text);
    printf("\n");
    callgate_redacted_free(redacted);
    callgate_gate_free(gate);
    free_question(parts, 2);
  }
  return 0;
}
