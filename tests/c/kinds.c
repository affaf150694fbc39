/*
 * kinds.c: answers what schemas tell over standard input.
 *
 *   question   two parts: a schema, and what the tool says of itself
 *   answer     one line: "kinds =<JSON in hexadecimal>"
 */
#include "parts.h"

int main(void) {
  part parts[2];
  while (read_question(parts, 2)) {
    callgate_kinds *kinds = NULL;
    callgate_text text;
    const char *schema = (const char *)parts[0].data;
    const char *tool = (const char *)parts[1].data;
    if (callgate_infer_kinds(schema, parts[0].len, tool, parts[1].len, &kinds) != CALLGATE_OK ||
        callgate_kinds_get(kinds, &text) != CALLGATE_OK) {
      die("nothing was inferred");
    }
    printf("kinds");
    print_hex("=", text);
    printf("\n");
    callgate_kinds_free(kinds);
    free_question(parts, 2);
  }
  return 0;
}
