/*
 * messages.c: audits messages over standard input.
 *
 *   question   two parts: policy, message
 *   answer     one line each: "message <kind> <kind of the id> <id> =<id> =<method> <whether a tool is named> =<tool>",
 *              texts in hexadecimal; then as vectors.c: "action <action>", "finding ...", "end"
 */
#include "parts.h"

#include <inttypes.h>

static void print_finding(callgate_finding finding) {
  printf("finding %.*s %" PRId32 " %" PRId32 " %" PRIu64 " %" PRIu64, (int)finding.rule.len, finding.rule.data,
         finding.action, finding.has_range, finding.start, finding.end);
  print_hex("=", finding.pointer);
  printf("\n");
}

static void answer(part policy, part bytes) {
  callgate_gate *gate = gate_of(policy);
  callgate_verdict *verdict = NULL;
  callgate_message *message = NULL;
  callgate_message_view view;
  int32_t action = callgate_gate_audit_message(gate, bytes.data, bytes.len, &verdict, &message);
  if (action < 0 || callgate_message_get(message, &view) != CALLGATE_OK) {
    die("the message was not audited");
  }
  printf("message %" PRId32 " %" PRId32 " %" PRId64, view.kind, view.id_kind, view.id_number);
  print_hex("=", view.id_text);
  print_hex("=", view.method);
  printf(" %" PRId32, view.has_tool);
  print_hex("=", view.tool);
  printf("\n");
  print_verdict("action", action, verdict, print_finding);
  printf("end\n");
  callgate_message_free(message);
  if (callgate_gate_audit_message(gate, bytes.data, bytes.len, NULL, NULL) != action) {
    die("not the same action without handles");
  }
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
