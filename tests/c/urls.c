/*
 * urls.c: answers questions about URLs over standard input.
 *
 *   question   three parts: policy, URL or host, address (empty for a URL)
 *   answer     one line each: "action <callgate_gate_check_url or callgate_gate_check_address>",
 *              "found <rule> =<message in hexadecimal>"..., "end"
 */
#include "parts.h"

#include <inttypes.h>

int main(void) {
  part parts[3];
  while (read_question(parts, 3)) {
    callgate_gate *gate = gate_of(parts[0]);
    const char *text = (const char *)parts[1].data, *address = (const char *)parts[2].data;
    callgate_verdict *verdict = NULL;
    size_t count = 0;
    int32_t action = parts[2].len == 0
                         ? callgate_gate_check_url(gate, text, parts[1].len, &verdict)
                         : callgate_gate_check_address(gate, text, parts[1].len, address, parts[2].len, &verdict);
    if (action < 0 || callgate_verdict_action(verdict) != action || callgate_verdict_count(verdict, &count) != CALLGATE_OK) {
      die("the check failed");
    }
    printf("action %" PRId32 "\n", action);
    for (size_t i = 0; i < count; i++) {
      callgate_finding finding;
      if (callgate_verdict_finding(verdict, i, &finding) != CALLGATE_OK) {
        die("a finding cannot be read");
      }
      printf("found %.*s", (int)finding.rule.len, finding.rule.data);
      print_hex("=", finding.message);
      printf("\n");
    }
    printf("end\n");
    callgate_verdict_free(verdict);
    callgate_gate_free(gate);
    free_question(parts, 3);
  }
  return 0;
}
