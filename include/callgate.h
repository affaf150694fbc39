/*
 * callgate.h: the C interface of callgate, a gate for the tool calls of MCP servers.
 *
 * Generated from src/capi with cbindgen; do not edit.
 *
 *   #include <callgate.h>
 *   #include <stdio.h>
 *
 *   static const char policy[] = "{ \"limits\": { \"depth\": 8 } }";
 *   callgate_gate *gate = NULL;
 *   if (callgate_gate_new(policy, sizeof policy - 1, &gate) != CALLGATE_OK) {
 *     callgate_text why;
 *     callgate_last_error(NULL, &why);
 *     fprintf(stderr, "%.*s\n", (int)why.len, why.data);
 *     return 1;
 *   }
 *   callgate_verdict *verdict = NULL;
 *   int32_t action = callgate_gate_audit(gate, "read_note", 9, args, args_len, &verdict);
 *   if (action != CALLGATE_ALLOW && action != CALLGATE_FLAG) {
 *     // refuse the call
 *   }
 *   callgate_verdict_free(verdict);
 *   callgate_gate_free(gate);
 *
 * What holds for every function:
 *
 *   Status      Returns int32_t: 0 or above is an answer, below 0 a failure (CALLGATE_ERR_*). After a failure
 *               callgate_last_error() has a code and a message for this thread. Fail closed: a call may go on
 *               only where the status is CALLGATE_ALLOW or CALLGATE_FLAG.
 *   Outputs     Are written on success only. They must not overlap the inputs.
 *   Inputs      Are pointer and length in bytes, and are not kept. Texts are UTF-8 and need no NUL at the end.
 *               NULL with length 0 is empty; NULL with another length is CALLGATE_ERR_ARGUMENT.
 *   Ownership   A handle that a function writes is the caller's, who frees it once with the function named
 *               after its type. Freeing NULL is fine. A callgate_text is a view: it is never freed, and
 *               each function says how long it stays.
 *   Threads     Any function may be called from any thread, and any number of threads may share a handle; the
 *               one that frees it must be the last to use it.
 *   Panics      None reaches the caller: an internal failure is CALLGATE_ERR_PANIC.
 */

#ifndef CALLGATE_H
#define CALLGATE_H



#include <stddef.h>
#include <stdint.h>

/* The version of callgate that this header is of. */
#define CALLGATE_VERSION_MAJOR 0
#define CALLGATE_VERSION_MINOR 1
#define CALLGATE_VERSION_PATCH 0

// The function did what it was asked to; for an audit or a check: nothing was found.
#define CALLGATE_OK 0

// The call may go on.
#define CALLGATE_ALLOW 0

// The call may go on; something was found that one may want to log.
#define CALLGATE_FLAG 1

// The call must not reach the tool.
#define CALLGATE_DENY 2

// From callgate_audit_tool_args() alone: the bytes are not one JSON text in UTF-8. Treat it as a denial.
#define CALLGATE_ERR_NOT_JSON -1

// callgate failed inside and caught it; nothing was written. Treat it as a denial, and please report it.
#define CALLGATE_ERR_PANIC -2

// An argument is wrong: NULL with a length above 0, a NULL handle or output, text that is not UTF-8, a
// number that is none of the constants, an index past the end.
#define CALLGATE_ERR_ARGUMENT -3

// The policy is not valid; the message starts with the JSON Pointer of the fault.
#define CALLGATE_ERR_POLICY -4

// The policy file cannot be read.
#define CALLGATE_ERR_POLICY_UNREADABLE -5

// The path was refused; the code is the id of the rule.
#define CALLGATE_ERR_REFUSED -6

// This platform cannot do this yet.
#define CALLGATE_ERR_UNSUPPORTED -7

// callgate failed inside. Please report it.
#define CALLGATE_ERR_INTERNAL -8

// Odd, rarely harmful.
#define CALLGATE_SEVERITY_LOW 0

// Parsers or file systems may disagree on what this means.
#define CALLGATE_SEVERITY_MEDIUM 1

// A known way to exhaust, confuse or step around a server.
#define CALLGATE_SEVERITY_HIGH 2

// Reads, writes or reaches what it must not.
#define CALLGATE_SEVERITY_CRITICAL 3

// The version of this interface. It grows when a function, a structure or the meaning of a constant changes;
// additions leave it alone.
#define CALLGATE_ABI_VERSION 2

// Read a file.
#define CALLGATE_INTENT_READ 0

// List a directory.
#define CALLGATE_INTENT_LIST 1

// Write a file; it may be created.
#define CALLGATE_INTENT_WRITE 2

// Remove a file or directory.
#define CALLGATE_INTENT_DELETE 3

// With CALLGATE_INTENT_WRITE: create the file when it is missing.
#define CALLGATE_OPEN_CREATE 1

// With CALLGATE_INTENT_WRITE: cut the file to zero length, after every check.
#define CALLGATE_OPEN_TRUNCATE 2

// With CALLGATE_INTENT_WRITE: every write goes to the end of the file.
#define CALLGATE_OPEN_APPEND 4

// With CALLGATE_OPEN_CREATE: refuse a file that exists.
#define CALLGATE_OPEN_EXCLUSIVE 8

// A regular file.
#define CALLGATE_KIND_FILE 0

// A directory.
#define CALLGATE_KIND_DIRECTORY 1

// Nothing yet.
#define CALLGATE_KIND_MISSING 2

// It has a method and an id, and wants an answer.
#define CALLGATE_MESSAGE_REQUEST 0

// It has a method and no id, and is never answered.
#define CALLGATE_MESSAGE_NOTIFICATION 1

// The answer to a request.
#define CALLGATE_MESSAGE_RESPONSE 2

// Several messages in an array.
#define CALLGATE_MESSAGE_BATCH 3

// None of these.
#define CALLGATE_MESSAGE_INVALID 4

// There is no id that can be used: an answer has the id null.
#define CALLGATE_ID_NONE 0

// The id is the integer id_number.
#define CALLGATE_ID_NUMBER 1

// The id is the string id_text.
#define CALLGATE_ID_TEXT 2

// The id is another number, which id_text has as it is written: an answer has it so.
#define CALLGATE_ID_WRITTEN 3

// A tool, an entry of tools/list.
#define CALLGATE_DEFINITION_TOOL 0

// An entry of prompts/list.
#define CALLGATE_DEFINITION_PROMPT 1

// An entry of resources/list or resources/templates/list.
#define CALLGATE_DEFINITION_RESOURCE 2

// The server itself: its instructions, a string, or its serverInfo.
#define CALLGATE_DEFINITION_SERVER 3

// The message to be sent in the place of one of a server. Immutable; freed with callgate_answer_free().
typedef struct callgate_answer callgate_answer;

// What a gate protects. Immutable, so that any thread may read it; freed with callgate_coverage_free().
typedef struct callgate_coverage callgate_coverage;

// A compiled policy with its opened roots. Any number of threads may use one gate at once; freed with
// callgate_gate_free().
typedef struct callgate_gate callgate_gate;

// What was inferred from a schema. Immutable, so that any thread may read it; freed with callgate_kinds_free().
typedef struct callgate_kinds callgate_kinds;

// A message as one line. Immutable, so that any thread may read it; freed with callgate_line_free().
typedef struct callgate_line callgate_line;

// What an audited message is. Immutable; freed with callgate_message_free().
typedef struct callgate_message callgate_message;

// A path that was checked. Immutable, so that any thread may read it; freed with callgate_path_free().
typedef struct callgate_path callgate_path;

// A text without its secrets. Immutable, so that any thread may read it; freed with callgate_redacted_free().
typedef struct callgate_redacted callgate_redacted;

// A text that was cleaned, and what was taken out of it. Immutable, so that any thread may read it; freed with
// callgate_sanitized_free().
typedef struct callgate_sanitized callgate_sanitized;

// A verdict: an action, and the findings in the order of the bytes. Immutable, so that any thread may read
// it; freed with callgate_verdict_free().
typedef struct callgate_verdict callgate_verdict;

// UTF-8 text that callgate owns: len bytes and no NUL at the end. data is never NULL.
typedef struct callgate_text {
  // The first byte.
  const char *data;
  // Bytes.
  size_t len;
} callgate_text;

// What a finding says. The texts belong to the verdict or path that was asked, and go with it.
typedef struct callgate_finding {
  // The id of the rule, such as "json.duplicate-key".
  struct callgate_text rule;
  // JSON Pointer (RFC 6901) into the arguments; empty for the whole of them.
  struct callgate_text pointer;
  // What was wrong, and what was expected.
  struct callgate_text message;
  // First byte of the matched range in the input; 0 when has_range is 0.
  uint64_t start;
  // One past the last byte of the matched range; 0 when has_range is 0.
  uint64_t end;
  // CALLGATE_FLAG or CALLGATE_DENY.
  int32_t action;
  // CALLGATE_SEVERITY_*.
  int32_t severity;
  // 1 when start and end mean something, else 0.
  int32_t has_range;
  // 1 when the kind of the argument was guessed, else 0.
  int32_t inferred;
  // The narrowest policy member that changes this outcome; empty where none does.
  struct callgate_text member;
  // What a schema expected; empty where none did.
  struct callgate_text expected;
} callgate_finding;

// What a checked path says. The texts belong to the path that was asked, and go with it.
typedef struct callgate_path_view {
  // The absolute path with every link resolved.
  struct callgate_text path;
  // The path relative to its root; "." for the root itself.
  struct callgate_text relative;
  // The absolute path of its root.
  struct callgate_text root;
  // How many findings there are: flags only.
  size_t findings;
  // CALLGATE_KIND_*.
  int32_t kind;
  // 0.
  int32_t reserved;
} callgate_path_view;

// How often one kind was taken out or changed. The text is callgate's and stays for good.
typedef struct callgate_removed {
  // "invisible", "bidi", "control", "escape", "remote-image", "data-link", "wiki-link", "code-fence" or
  // "truncated".
  struct callgate_text kind;
  // How many: characters, or terminal sequences, images, links, marks and fences.
  uint64_t count;
} callgate_removed;

// What a message is. The texts belong to the message that was asked, and go with it; they come from the peer and
// may hold anything.
typedef struct callgate_message_view {
  // The method of a request or notification; empty where there is none.
  struct callgate_text method;
  // The tool that "tools/call" names; empty where has_tool is 0.
  struct callgate_text tool;
  // The id where id_kind is CALLGATE_ID_TEXT or CALLGATE_ID_WRITTEN, else empty.
  struct callgate_text id_text;
  // The id where id_kind is CALLGATE_ID_NUMBER, else 0.
  int64_t id_number;
  // CALLGATE_ID_*.
  int32_t id_kind;
  // CALLGATE_MESSAGE_*.
  int32_t kind;
  // 1 where the message names a tool, else 0.
  int32_t has_tool;
  // 0.
  int32_t reserved;
} callgate_message_view;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The action of a verdict: CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY.
//
// Returns the action, or CALLGATE_ERR_ARGUMENT when verdict is NULL.
//
// The caller guarantees:
// - verdict is NULL, or came from callgate and was not freed.
int32_t callgate_verdict_action(const struct callgate_verdict *verdict);

// Writes to count how many findings a verdict has: at most 32.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - verdict is NULL, or came from callgate and was not freed.
// - count is NULL, or may be written as one size_t.
int32_t callgate_verdict_count(const struct callgate_verdict *verdict, size_t *count);

// Writes to finding what the finding at index says; the first is at 0. Its texts stay until the verdict
// is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL or index is past the last
// finding.
//
// The caller guarantees:
// - verdict is NULL, or came from callgate and was not freed.
// - finding is NULL, or may be written as one callgate_finding.
int32_t callgate_verdict_finding(const struct callgate_verdict *verdict,
                                 size_t index,
                                 struct callgate_finding *finding);

// Frees a verdict; NULL is fine. Texts of its findings are gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - verdict is NULL, or came from callgate and was not freed.
// - No thread uses it, or a text of it, during the call or afterwards.
int32_t callgate_verdict_free(struct callgate_verdict *verdict);

// The interface version of the library that was loaded. A program that was compiled with a header of
// another CALLGATE_ABI_VERSION must not use it.
//
// Returns the version, which is above 0.
int32_t callgate_abi_version(void);

// Audits the arguments of a tool call, one JSON text, against the default policy.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY; CALLGATE_ERR_NOT_JSON when the first fault is
// that the bytes are not JSON or not UTF-8 (empty input, a byte order mark and trailing data included);
// CALLGATE_ERR_ARGUMENT when args is NULL and len is not 0. Only CALLGATE_ALLOW and CALLGATE_FLAG mean
// that the call may go on.
//
// The caller guarantees:
// - args is NULL, or points to len readable bytes that nobody writes during the call.
int32_t callgate_audit_tool_args(const uint8_t *args,
                                 size_t len);

// Compiles a policy, JSON with comments, and opens its roots; relative roots count from the working
// directory. NULL with length 0 is the default policy. Writes the new gate to gate.
//
// Returns CALLGATE_OK; CALLGATE_ERR_POLICY when the policy is not valid or a root cannot be opened;
// CALLGATE_ERR_ARGUMENT. gate is written on success only.
//
// The caller guarantees:
// - policy is NULL, or points to policy_len readable bytes that nobody writes during the call.
// - gate is NULL, or may be written as one pointer.
int32_t callgate_gate_new(const char *policy, size_t policy_len, struct callgate_gate **gate);

// The same from a policy file, whose relative roots count from the folder it lies in.
//
// Returns CALLGATE_OK; CALLGATE_ERR_POLICY_UNREADABLE when the file cannot be read; CALLGATE_ERR_POLICY;
// CALLGATE_ERR_ARGUMENT. gate is written on success only.
//
// The caller guarantees:
// - file is NULL, or points to file_len readable bytes that nobody writes during the call.
// - gate is NULL, or may be written as one pointer.
int32_t callgate_gate_load(const char *file,
                           size_t file_len,
                           struct callgate_gate **gate);

// Frees a gate; NULL is fine. Verdicts, paths and descriptors that came from it stay.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - No thread uses it during the call or afterwards.
int32_t callgate_gate_free(struct callgate_gate *gate);

// Says which process does what the calls ask for, so that paths in arguments are judged as it reads them: one JSON
// object with any of "cwd" (its working directory), "home", "env" (an object of all its variables) and "joins" (its
// handlers may join relative paths to a root). What is absent is that of this process, but for the working directory:
// without one, relative paths count from the first root.
//
// Returns CALLGATE_OK; 1 where the working directory lies in no root, so that relative paths are refused;
// CALLGATE_ERR_ARGUMENT.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - process is NULL, or points to process_len readable bytes that nobody writes during the call.
int32_t callgate_gate_set_server_process(const struct callgate_gate *gate,
                                         const char *process,
                                         size_t process_len);

// Takes the folders that the client names in its answer to roots/list, where the policy's paths.roots is "client": one
// JSON array of file: URIs or absolute paths, each as a string or as an object with the member "uri". null is a
// client that names none, so that the operator's hold. They narrow what the operator allows and never widen it.
//
// Returns CALLGATE_OK; 1 where no root is left, so that every path is refused; CALLGATE_ERR_ARGUMENT, also where the
// policy does not leave the roots to the client, or the client has named too many.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - roots is NULL, or points to roots_len readable bytes that nobody writes during the call.
int32_t callgate_gate_set_client_roots(const struct callgate_gate *gate,
                                       const char *roots,
                                       size_t roots_len);

// Names a file of callgate's own that is in use: no call may write, move or delete it, whatever the policy says, and where
// secret is not 0 none may read it. The file of callgate_gate_load() is named from the start.
//
// Returns CALLGATE_OK; 1 where the folder of the file does not exist; CALLGATE_ERR_ARGUMENT.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - file is NULL, or points to file_len readable bytes that nobody writes during the call.
int32_t callgate_gate_protect(const struct callgate_gate *gate,
                              const char *file,
                              size_t file_len,
                              int32_t secret);

// Builds what the first call would build: the tables and patterns of the detectors, once for the process.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when gate is NULL.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
int32_t callgate_gate_warm(const struct callgate_gate *gate);

// Audits the arguments of a call to tool: one JSON text, any JSON value. Writes to verdict what was
// found, to be freed with callgate_verdict_free(); verdict may be NULL where the action is enough.
//
// Bytes that are not JSON are CALLGATE_DENY here, with a finding "json.syntax" or "json.utf8".
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict is written
// in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - tool is NULL, or points to tool_len readable bytes that nobody writes during the call.
// - args is NULL, or points to args_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
int32_t callgate_gate_audit(const struct callgate_gate *gate,
                            const char *tool,
                            size_t tool_len,
                            const uint8_t *args,
                            size_t args_len,
                            struct callgate_verdict **verdict);

// Checks a path and tells what was found, without refusing by error. Writes to verdict what was found, to
// be freed with callgate_verdict_free(); verdict may be NULL where the action is enough.
//
// base is the folder that a relative path counts from: relative to the first root, or absolute in a root;
// empty for the first root itself. intent is one of CALLGATE_INTENT_*.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict is written
// in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - path is NULL, or points to path_len readable bytes that nobody writes during the call.
// - base is NULL, or points to base_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
int32_t callgate_gate_check_path(const struct callgate_gate *gate,
                                 const char *path,
                                 size_t path_len,
                                 const char *base,
                                 size_t base_len,
                                 int32_t intent,
                                 struct callgate_verdict **verdict);

// Validates a path. Writes to resolved what it leads to, to be freed with callgate_path_free(). base
// and intent are those of callgate_gate_check_path().
//
// Between this answer and its use a link can change: to open the file, use callgate_gate_open_path().
//
// Returns CALLGATE_OK; CALLGATE_ERR_REFUSED with the rule's id as the code of callgate_last_error();
// CALLGATE_ERR_ARGUMENT; CALLGATE_ERR_UNSUPPORTED. resolved is written on success only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - path is NULL, or points to path_len readable bytes that nobody writes during the call.
// - base is NULL, or points to base_len readable bytes that nobody writes during the call.
// - resolved is NULL, or may be written as one pointer.
int32_t callgate_gate_resolve_path(const struct callgate_gate *gate,
                                   const char *path,
                                   size_t path_len,
                                   const char *base,
                                   size_t base_len,
                                   int32_t intent,
                                   struct callgate_path **resolved);

// Opens a path that lies in a root: the file that was checked is the file that is handed out. Writes to
// descriptor a close-on-exec file descriptor, which the caller closes with close().
//
// base and intent are those of callgate_gate_check_path(): read opens for reading, write for writing,
// list opens a directory. flags are CALLGATE_OPEN_* or 0. mode holds the permission bits of a file
// that is created, at most 0777, less the umask of the process; 0600 is a good choice.
//
// Returns CALLGATE_OK; CALLGATE_ERR_REFUSED with the rule's id as the code of callgate_last_error();
// CALLGATE_ERR_ARGUMENT; CALLGATE_ERR_UNSUPPORTED. descriptor is written on success only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - path is NULL, or points to path_len readable bytes that nobody writes during the call.
// - base is NULL, or points to base_len readable bytes that nobody writes during the call.
// - descriptor is NULL, or may be written as one int32_t.
int32_t callgate_gate_open_path(const struct callgate_gate *gate,
                                const char *path,
                                size_t path_len,
                                const char *base,
                                size_t base_len,
                                int32_t intent,
                                uint32_t flags,
                                uint32_t mode,
                                int32_t *descriptor);

// Writes to view what a checked path says. Its texts stay until the path is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - path is NULL, or came from callgate and was not freed.
// - view is NULL, or may be written as one callgate_path_view.
int32_t callgate_path_get(const struct callgate_path *path, struct callgate_path_view *view);

// Writes to finding what the finding at index of a checked path says. Its texts stay until the path is
// freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL or index is past the last
// finding.
//
// The caller guarantees:
// - path is NULL, or came from callgate and was not freed.
// - finding is NULL, or may be written as one callgate_finding.
int32_t callgate_path_finding(const struct callgate_path *path,
                              size_t index,
                              struct callgate_finding *finding);

// Frees a checked path; NULL is fine. Its texts are gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - path is NULL, or came from callgate and was not freed.
// - No thread uses it, or a text of it, during the call or afterwards.
int32_t callgate_path_free(struct callgate_path *path);

// Checks where a URL leads: its scheme, its host in any spelling, and whether programs could read another host.
// Asks no network: a public name can resolve to a private address, so check the address that is connected to
// with callgate_gate_check_address(). Writes to verdict what was found, with ranges in bytes of the URL, to
// be freed with callgate_verdict_free(); verdict may be NULL where the action is enough.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict is written
// in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - url is NULL, or points to url_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
int32_t callgate_gate_check_url(const struct callgate_gate *gate,
                                const char *url,
                                size_t url_len,
                                struct callgate_verdict **verdict);

// Checks an address, such as 93.184.215.14 or 2606:4700::1111, that the host of a URL was resolved to, and
// the host itself. Ask it of every address before connecting to it. Writes to verdict what was found, with
// ranges in bytes of the host, to be freed with callgate_verdict_free(); verdict may be NULL.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT, also for text that is
// no address. verdict is written in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - host is NULL, or points to host_len readable bytes that nobody writes during the call.
// - address is NULL, or points to address_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
int32_t callgate_gate_check_address(const struct callgate_gate *gate,
                                    const char *host,
                                    size_t host_len,
                                    const char *address,
                                    size_t address_len,
                                    struct callgate_verdict **verdict);

// Cleans a text that came from elsewhere: takes out characters that do not show, direction controls, control
// characters and terminal escapes, and makes markup harmless as the policy's "sanitize" says. Writes the answer
// to sanitized, to be freed with callgate_sanitized_free(). A clean text comes back as it is.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT, also for a text that is not UTF-8. sanitized is written on
// success only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - text is NULL, or points to text_len readable bytes that nobody writes during the call.
// - sanitized is NULL, or may be written as one pointer.
int32_t callgate_gate_sanitize(const struct callgate_gate *gate,
                               const char *text,
                               size_t text_len,
                               struct callgate_sanitized **sanitized);

// Writes to text what is left, and to removed how many kinds were taken out or changed: 0 where the text
// stayed as it was. Either may be NULL. The text stays until the answer is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when sanitized is NULL, or both outputs are.
//
// The caller guarantees:
// - sanitized is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
// - removed is NULL, or may be written as one size_t.
int32_t callgate_sanitized_get(const struct callgate_sanitized *sanitized,
                               struct callgate_text *text,
                               size_t *removed);

// Writes to removed what the kind at index is and how often it was seen; the first is at 0.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL or index is past the last kind.
//
// The caller guarantees:
// - sanitized is NULL, or came from callgate and was not freed.
// - removed is NULL, or may be written as one callgate_removed.
int32_t callgate_sanitized_removed(const struct callgate_sanitized *sanitized,
                                   size_t index,
                                   struct callgate_removed *removed);

// Frees a sanitised text; NULL is fine. Its text is gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - sanitized is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_sanitized_free(struct callgate_sanitized *sanitized);

// Takes the secrets out of a JSON text; every other byte stays. Values under keys such as "password" become
// "[REDACTED]" with its quotes, secrets that their shape gives away become [REDACTED] wherever they stand. Text that
// is not JSON is redacted by shape and by what looks like a member. Writes to redacted the new text, to be freed with
// callgate_redacted_free().
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT. redacted is written on success only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - json is NULL, or points to json_len readable bytes that nobody writes during the call.
// - redacted is NULL, or may be written as one pointer.
int32_t callgate_gate_redact(const struct callgate_gate *gate,
                             const uint8_t *json,
                             size_t json_len,
                             struct callgate_redacted **redacted);

// Writes to text what a redacted text is: UTF-8 where the input was. It stays until the redacted text is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - redacted is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
int32_t callgate_redacted_get(const struct callgate_redacted *redacted,
                              struct callgate_text *text);

// Frees a redacted text; NULL is fine.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - redacted is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_redacted_free(struct callgate_redacted *redacted);

// Infers the kinds of a tool's arguments from the JSON Schema of the arguments: from names, formats, patterns, closed
// sets of values and descriptions. tool is a JSON object with what the tool says of itself: the strings "name",
// "title" and "description", as in the answer to tools/list; other members are not read, and NULL with length 0 is a
// tool of which nothing is known. Writes the answer to kinds, to be freed with callgate_kinds_free().
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT, also for a schema that is not the JSON of an object or boolean, has
// more than 1 MiB or 10,000 parts, and for a tool that is no object or has more than 1 MiB. kinds is written on
// success only.
//
// The caller guarantees:
// - schema is NULL, or points to schema_len readable bytes that nobody writes during the call.
// - tool is NULL, or points to tool_len readable bytes that nobody writes during the call.
// - kinds is NULL, or may be written as one pointer.
int32_t callgate_infer_kinds(const char *schema,
                             size_t schema_len,
                             const char *tool,
                             size_t tool_len,
                             struct callgate_kinds **kinds);

// Writes to text what was inferred: a JSON object of patterns as a policy's "arguments" has them, each with the name
// of its kind, such as {"/path":"path","/urls/*":"url"}. It stays until the answer is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - kinds is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
int32_t callgate_kinds_get(const struct callgate_kinds *kinds,
                           struct callgate_text *text);

// Frees what was inferred; NULL is fine. Its text is gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - kinds is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_kinds_free(struct callgate_kinds *kinds);

// Describes what a gate protects of the calls to a server: each string that a call may hold, what it is taken for and why,
// what that denies and flags, what is judged by nothing, which protections are off, and which names in the policy stand
// for nothing. tools is JSON: an array of tools, or the result of tools/list; NULL with length 0 describes the tools
// that the policy names. Writes the answer to coverage, to be freed with callgate_coverage_free().
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT, also for tools that are neither, or have more than 16 MiB.
// coverage is written on success only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - tools is NULL, or points to tools_len readable bytes that nobody writes during the call.
// - coverage is NULL, or may be written as one pointer.
int32_t callgate_gate_describe(const struct callgate_gate *gate,
                               const char *tools,
                               size_t tools_len,
                               struct callgate_coverage **coverage);

// Writes to text what was described, as JSON: an object with "mode", "roots", "tools", "off", "unknown" and
// "unprotected". It stays until the answer is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - coverage is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
int32_t callgate_coverage_get(const struct callgate_coverage *coverage, struct callgate_text *text);

// Frees what was described; NULL is fine. Its text is gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - coverage is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_coverage_free(struct callgate_coverage *coverage);

// Audits one JSON-RPC message of MCP: its envelope, what it asks for, and what is in it. Writes to verdict what was
// found, to be freed with callgate_verdict_free(), and to message what the message is, to be freed with
// callgate_message_free(); either may be NULL where it is not wanted. Pointers and ranges are those of the message.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict and message
// are written in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - bytes is NULL, or points to len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
// - message is NULL, or may be written as one pointer.
int32_t callgate_gate_audit_message(const struct callgate_gate *gate,
                                    const uint8_t *bytes,
                                    size_t len,
                                    struct callgate_verdict **verdict,
                                    struct callgate_message **message);

// Writes to view what a message is. Its texts stay until the message is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - message is NULL, or came from callgate and was not freed.
// - view is NULL, or may be written as one callgate_message_view.
int32_t callgate_message_get(const struct callgate_message *message, struct callgate_message_view *view);

// Makes a message one line for every reader, as some take CR, VT, FF, U+0085, U+2028 or U+2029 for the end of one and
// would find a message behind it that nobody judged. JSON stays the same JSON, and all bytes but those stay as they are.
// What goes on to a server or client is this. Writes to line the new text without an end of its line, to be freed with
// callgate_line_free().
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT. line is written on success only.
//
// The caller guarantees:
// - bytes is NULL, or points to len readable bytes that nobody writes during the call.
// - line is NULL, or may be written as one pointer.
int32_t callgate_one_line(const uint8_t *bytes,
                          size_t len,
                          struct callgate_line **line);

// Writes to text what a line is. It stays until the line is freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - line is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
int32_t callgate_line_get(const struct callgate_line *line, struct callgate_text *text);

// Frees a line; NULL is fine.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - line is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_line_free(struct callgate_line *line);

// Frees a message; NULL is fine. Texts of its view are gone with it.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - message is NULL, or came from callgate and was not freed.
// - No thread uses it, or a text of it, during the call or afterwards.
int32_t callgate_message_free(struct callgate_message *message);

// Judges what a server says of a tool, prompt or resource, or of itself, as one JSON text: whether it is made to
// deceive the model. of is CALLGATE_DEFINITION_*. Writes to verdict what was found, the first fault, to be freed
// with callgate_verdict_free(); verdict may be NULL where the action is enough.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict is written in the
// first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - json is NULL, or points to json_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
int32_t callgate_gate_audit_definition(const struct callgate_gate *gate,
                                       int32_t of,
                                       const uint8_t *json,
                                       size_t json_len,
                                       struct callgate_verdict **verdict);

// Judges a message of a server for text that gives the model orders ("injection.prompt"), and makes of it what the
// policy's results.injection says. Writes to verdict what was found, to be freed with callgate_verdict_free(), and
// to answer what is to be sent in its place, to be freed with callgate_answer_free(); either may be NULL where it is
// not wanted.
//
// Returns CALLGATE_ALLOW, CALLGATE_FLAG or CALLGATE_DENY, or CALLGATE_ERR_ARGUMENT. verdict and answer are
// written in the first three cases only.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - message is NULL, or points to len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
// - answer is NULL, or may be written as one pointer.
int32_t callgate_gate_audit_answer(const struct callgate_gate *gate,
                                   const uint8_t *message,
                                   size_t len,
                                   struct callgate_verdict **verdict,
                                   struct callgate_answer **answer);

// Cleans a message of a server before it goes to the client: takes out of its texts what does not show, and secrets, as
// the policy's rules, sanitize, redact and results.redact say; every other byte stays. tool is the tool whose
// call it answers, schema the JSON Schema that the tool declares for its structured content, which still matches
// afterwards; either may be NULL with length 0 where it is not known. Writes to verdict what was found, to be freed with
// callgate_verdict_free(), and to answer what is to be sent in its place, to be freed with callgate_answer_free();
// either may be NULL where it is not wanted. Orders to the model are a matter of callgate_gate_audit_answer().
//
// Returns CALLGATE_ALLOW or CALLGATE_FLAG; CALLGATE_DENY for what is no JSON, which cannot be cleaned and must not be
// sent; or CALLGATE_ERR_ARGUMENT. verdict and answer are written in the first three cases only.
//
// examples/clean.c shows it.
//
// The caller guarantees:
// - gate is NULL, or came from callgate and was not freed.
// - message is NULL, or points to len readable bytes that nobody writes during the call.
// - tool is NULL, or points to tool_len readable bytes that nobody writes during the call.
// - schema is NULL, or points to schema_len readable bytes that nobody writes during the call.
// - verdict is NULL, or may be written as one pointer.
// - answer is NULL, or may be written as one pointer.
int32_t callgate_gate_clean_answer(const struct callgate_gate *gate,
                                   const uint8_t *message,
                                   size_t len,
                                   const char *tool,
                                   size_t tool_len,
                                   const char *schema,
                                   size_t schema_len,
                                   struct callgate_verdict **verdict,
                                   struct callgate_answer **answer);

// Writes to text the message to be sent in the place of the one that was judged or cleaned; an empty text where there
// is none: the message stays as it is, or, where it was refused and is no answer, is not sent. It stays until answer is
// freed.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when either pointer is NULL.
//
// The caller guarantees:
// - answer is NULL, or came from callgate and was not freed.
// - text is NULL, or may be written as one callgate_text.
int32_t callgate_answer_get(const struct callgate_answer *answer,
                            struct callgate_text *text);

// Frees what callgate_gate_audit_answer() or callgate_gate_clean_answer() wrote; NULL is fine.
//
// Returns CALLGATE_OK.
//
// The caller guarantees:
// - answer is NULL, or came from callgate and was not freed.
// - No thread uses it, or its text, during the call or afterwards.
int32_t callgate_answer_free(struct callgate_answer *answer);

// Why the last call on this thread that failed did fail: a stable code, such as "policy.invalid" or the id
// of a rule, and a message of at most 1024 bytes that names neither argument values nor paths of the host.
//
// Both texts are empty when no call failed yet. They are callgate's and stay until the next call on this
// thread that fails. A call that succeeds leaves them alone.
//
// Returns CALLGATE_OK, or CALLGATE_ERR_ARGUMENT when both outputs are NULL; either alone may be.
//
// The caller guarantees:
// - code and message are each NULL or may be written as one callgate_text.
int32_t callgate_last_error(struct callgate_text *code, struct callgate_text *message);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CALLGATE_H */
