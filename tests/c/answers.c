/*
 * answers.c: judges and cleans messages of servers, and judges definitions, over standard input.
 *
 *   question   five parts: policy, "message", "clean" or what the text defines, text, tool, schema
 *   answer     lines: "action <status>", "found <rule> =<pointer in hexadecimal>" each,
 *              "replacement =<text in hexadecimal>" where there is one, "end"
 */
#include "parts.h"

#include <string.h>

static int is(part name, const char *of) { return name.len == strlen(of) && memcmp(name.data, of, name.len) == 0; }

static int32_t definition(part name) {
  return is(name, "tool")       ? CALLGATE_DEFINITION_TOOL
         : is(name, "prompt")   ? CALLGATE_DEFINITION_PROMPT
         : is(name, "resource") ? CALLGATE_DEFINITION_RESOURCE
                                : CALLGATE_DEFINITION_SERVER;
}

static void print_found(callgate_finding finding) {
  printf("found %.*s", (int)finding.rule.len, finding.rule.data);
  print_hex("=", finding.pointer);
  printf("\n");
}

int main(void) {
  part parts[5];
  while (read_question(parts, 5)) {
    callgate_gate *gate = gate_of(parts[0]);
    part text = parts[2];
    callgate_verdict *verdict = NULL;
    callgate_answer *answer = NULL;
    callgate_text replacement = {0};
    int32_t action;
    if (is(parts[1], "message")) {
      action = callgate_gate_audit_answer(gate, text.data, text.len, &verdict, &answer);
      if (callgate_answer_get(answer, &replacement) != CALLGATE_OK) {
        die("there is no answer");
      }
    } else if (is(parts[1], "clean")) {
      action = callgate_gate_clean_answer(gate, text.data, text.len, (const char *)parts[3].data, parts[3].len,
                                          (const char *)parts[4].data, parts[4].len, &verdict, &answer);
      if (callgate_answer_get(answer, &replacement) != CALLGATE_OK) {
        die("there is no answer");
      }
    } else {
      action = callgate_gate_audit_definition(gate, definition(parts[1]), text.data, text.len, &verdict);
    }
    print_verdict("action", action, verdict, print_found);
    if (replacement.len > 0) {
      printf("replacement");
      print_hex("=", replacement);
      printf("\n");
    }
    printf("end\n");
    callgate_answer_free(answer);
    callgate_gate_free(gate);
    free_question(parts, 5);
  }
  return 0;
}
