/*
 * Cleans what a server says before it goes on: one message a line from standard input to standard output.
 *
 *   cc -Iinclude examples/clean.c -Ltarget/release -lcallgate -o clean
 */
#include <callgate.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes a message as it may go out; 0 where it may not. */
static int write_clean(const callgate_gate *gate, const char *message, size_t len) {
  callgate_answer *answer = NULL;
  callgate_text text = {0};
  /* The tool whose call the message answers is not known here, nor its outputSchema: both are empty. */
  int32_t action = callgate_gate_clean_answer(gate, (const uint8_t *)message, len, NULL, 0, NULL, 0, NULL, &answer);
  int is_sent = (action == CALLGATE_ALLOW || action == CALLGATE_FLAG) && callgate_answer_get(answer, &text) == CALLGATE_OK;
  if (is_sent) {
    /* An empty text means that the message stays as it is. */
    fwrite(text.len > 0 ? text.data : message, 1, text.len > 0 ? text.len : len, stdout);
    fputc('\n', stdout);
  }
  /* The text goes with the answer. */
  callgate_answer_free(answer);
  return is_sent;
}

int main(void) {
  callgate_gate *gate = NULL;
  if (callgate_gate_new(NULL, 0, &gate) != CALLGATE_OK) {
    return EXIT_FAILURE;
  }
  /* The first message takes no longer than the others then. */
  callgate_gate_warm(gate);
  static char line[1 << 20];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (!write_clean(gate, line, strcspn(line, "\n"))) {
      fputs("a message was not passed on: it is no JSON\n", stderr);
    }
  }
  callgate_gate_free(gate);
  return EXIT_SUCCESS;
}
