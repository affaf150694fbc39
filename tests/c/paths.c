/*
 * paths.c: answers questions about paths over standard input.
 *
 *   question   four parts: policy, path, intent (its number in decimal), base
 *   answer     one line each: "check <callgate_gate_check_path>", "found <rule>"...,
 *              then "refused <rule> =<message in hexadecimal>", or
 *              "resolved <kind> =<path> =<relative> =<root>" (the last three in hexadecimal) and "flag <rule>"...; "end"
 */
#include "parts.h"

#include <inttypes.h>
#include <string.h>

static void print_rule(const char *name, callgate_finding finding) {
  printf("%s %.*s\n", name, (int)finding.rule.len, finding.rule.data);
}

static void print_found(callgate_finding finding) {
  print_rule("found", finding);
}

static void check(const callgate_gate *gate, part path, int32_t intent, part base) {
  callgate_verdict *verdict = NULL;
  int32_t action = callgate_gate_check_path(gate, (const char *)path.data, path.len, (const char *)base.data, base.len,
                                            intent, &verdict);
  print_verdict("check", action, verdict, print_found);
}

static void resolve(const callgate_gate *gate, part path, int32_t intent, part base) {
  callgate_path *resolved = NULL;
  int32_t status = callgate_gate_resolve_path(gate, (const char *)path.data, path.len, (const char *)base.data, base.len,
                                              intent, &resolved);
  if (status == CALLGATE_ERR_REFUSED) {
    callgate_text code, message;
    if (callgate_last_error(&code, &message) != CALLGATE_OK) {
      die("the refusal gives no reason");
    }
    printf("refused %.*s", (int)code.len, code.data);
    print_hex("=", message);
    printf("\n");
    return;
  }
  callgate_path_view view;
  if (status != CALLGATE_OK || callgate_path_get(resolved, &view) != CALLGATE_OK) {
    die("the path could not be resolved");
  }
  printf("resolved %" PRId32, view.kind);
  print_hex("=", view.path);
  print_hex("=", view.relative);
  print_hex("=", view.root);
  printf("\n");
  for (size_t i = 0; i < view.findings; i++) {
    callgate_finding finding;
    if (callgate_path_finding(resolved, i, &finding) != CALLGATE_OK) {
      die("a flag cannot be read");
    }
    print_rule("flag", finding);
  }
  callgate_path_free(resolved);
}

int main(void) {
  part parts[4];
  while (read_question(parts, 4)) {
    callgate_gate *gate = gate_of(parts[0]);
    char digits[12] = {0};
    if (parts[2].len == 0 || parts[2].len >= sizeof digits) {
      die("an intent is a number");
    }
    memcpy(digits, parts[2].data, parts[2].len);
    int32_t intent = (int32_t)strtol(digits, NULL, 10);
    check(gate, parts[1], intent, parts[3]);
    resolve(gate, parts[1], intent, parts[3]);
    printf("end\n");
    callgate_gate_free(gate);
    free_question(parts, 4);
  }
  return 0;
}
