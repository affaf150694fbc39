/*
 * kinds.c: answers what schemas tell over standard input.
 *
 *   question   one part: a schema
 *   answer     one line: "kinds =<JSON in hexadecimal>"
 */
#include "parts.h"

int main(void) {
  part schema;
  while (read_question(&schema, 1)) {
    callgate_kinds *kinds = NULL;
    callgate_text text;
    if (callgate_infer_kinds((const char *)schema.data, schema.len, &kinds) != CALLGATE_OK ||
        callgate_kinds_get(kinds, &text) != CALLGATE_OK) {
      die("nothing was inferred");
    }
    printf("kinds");
    print_hex("=", text);
    printf("\n");
    callgate_kinds_free(kinds);
    free_question(&schema, 1);
  }
  return 0;
}
