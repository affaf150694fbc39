/* leak.c: forgets a verdict, so that tests/contract/capi.rs knows that valgrind would see it. */
#include <callgate.h>

int main(void) {
  callgate_gate *gate = NULL;
  callgate_verdict *verdict = NULL;
  callgate_gate_new(NULL, 0, &gate);
  callgate_gate_audit(gate, NULL, 0, NULL, 0, &verdict);
  verdict = NULL;
  callgate_gate_free(gate);
  return 0;
}
