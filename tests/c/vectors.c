/*
 * vectors.c: answers audits over standard input.
 *
 *   question   four parts: policy, tool, arguments, the process that gets the paths (empty: not told)
 *   answer     one line each: "status <callgate_audit_tool_args>", "action <callgate_gate_audit>",
 *              "finding <rule> <action> <has_range> <start> <end> =<pointer in hexadecimal>"..., "end"
 */
#include "parts.h"

#include <inttypes.h>

static void print_finding(callgate_finding finding) {
  printf("finding %.*s %" PRId32 " %" PRId32 " %" PRIu64 " %" PRIu64, (int)finding.rule.len, finding.rule.data,
         finding.action, finding.has_range, finding.start, finding.end);
  print_hex("=", finding.pointer);
  printf("\n");
}

static void answer(part policy, part tool, part args, part server) {
  callgate_gate *gate = gate_of(policy);
  if (server.len != 0 && callgate_gate_set_server_process(gate, (const char *)server.data, server.len) < 0) {
    die("the process could not be told");
  }
  callgate_verdict *verdict = NULL;
  printf("status %" PRId32 "\n", callgate_audit_tool_args(args.data, args.len));
  int32_t action = callgate_gate_audit(gate, (const char *)tool.data, tool.len, args.data, args.len, &verdict);
  print_verdict("action", action, verdict, print_finding);
  printf("end\n");
  callgate_gate_free(gate);
}

int main(void) {
  part parts[4];
  while (read_question(parts, 4)) {
    answer(parts[0], parts[1], parts[2], parts[3]);
    free_question(parts, 4);
  }
  return 0;
}
