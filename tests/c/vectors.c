/*
 * vectors.c: answers audits over standard input, so that tests/contract/capi.rs can run the shared vectors through C.
 *
 *   question   three parts, each a length (8 bytes, little-endian) and that many bytes: policy, tool, arguments
 *   answer     one line each: "status <callgate_audit_tool_args>", "action <callgate_gate_audit>",
 *              "finding <rule> <action> <has_range> <start> <end> <pointer in hexadecimal>"..., "end"
 */
#include <callgate.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct part {
  uint8_t *data;
  size_t len;
} part;

static void die(const char *what) {
  fprintf(stderr, "vectors: %s\n", what);
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

static void answer(part policy, part tool, part args) {
  callgate_gate *gate = NULL;
  callgate_verdict *verdict = NULL;
  if (callgate_gate_new((const char *)policy.data, policy.len, &gate) != CALLGATE_OK) {
    die("the policy was refused");
  }
  printf("status %" PRId32 "\n", callgate_audit_tool_args(args.data, args.len));
  int32_t action = callgate_gate_audit(gate, (const char *)tool.data, tool.len, args.data, args.len, &verdict);
  size_t count = 0;
  if (action < 0 || callgate_verdict_action(verdict) != action || callgate_verdict_count(verdict, &count) != CALLGATE_OK) {
    die("the audit failed");
  }
  printf("action %" PRId32 "\n", action);
  for (size_t i = 0; i < count; i++) {
    callgate_finding finding;
    if (callgate_verdict_finding(verdict, i, &finding) != CALLGATE_OK) {
      die("a finding cannot be read");
    }
    printf("finding %.*s %" PRId32 " %" PRId32 " %" PRIu64 " %" PRIu64 " ", (int)finding.rule.len, finding.rule.data,
           finding.action, finding.has_range, finding.start, finding.end);
    for (size_t at = 0; at < finding.pointer.len; at++) {
      printf("%02x", (unsigned)(uint8_t)finding.pointer.data[at]);
    }
    printf("\n");
  }
  printf("end\n");
  callgate_verdict_free(verdict);
  callgate_gate_free(gate);
}

int main(void) {
  part policy, tool, args;
  while (read_part(&policy)) {
    if (!read_part(&tool) || !read_part(&args)) {
      die("a question is cut off");
    }
    answer(policy, tool, args);
    free(policy.data);
    free(tool.data);
    free(args.data);
  }
  return 0;
}
