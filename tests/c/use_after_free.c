/* use_after_free.c: reads a verdict that it freed, so that scripts/asan.sh knows that AddressSanitizer sees into
 * the library. */
#include <callgate.h>

int main(void) {
  callgate_gate *gate = NULL;
  callgate_verdict *verdict = NULL;
  size_t count;
  callgate_gate_new(NULL, 0, &gate);
  callgate_gate_audit(gate, NULL, 0, NULL, 0, &verdict);
  callgate_gate_free(gate);
  callgate_verdict_free(verdict);
  callgate_verdict_count(verdict, &count);
  return 0;
}
