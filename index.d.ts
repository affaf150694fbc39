/**
 * The id of a rule. Stable; what each one means is in `docs/rules.md`.
 */
// rules:begin
export type RuleId =
  | 'json.syntax'
  | 'json.utf8'
  | 'json.duplicate-key'
  | 'json.prototype-key'
  | 'json.number-range'
  | 'json.surrogate'
  | 'limit.bytes'
  | 'limit.depth'
  | 'limit.elements'
  | 'limit.string'
  | 'limit.key'
  | 'limit.nodes'
  | 'limit.number'
  | 'path.traversal'
  | 'path.encoded'
  | 'path.outside-root'
  | 'path.symlink'
  | 'path.blocked'
  | 'path.nul'
  | 'path.name'
  | 'path.length'
  | 'path.special-file'
  | 'path.hard-link'
  | 'path.cross-device'
  | 'path.missing'
  | 'path.exists'
  | 'path.inaccessible'
  | 'secret.aws'
  | 'secret.aws-account'
  | 'secret.azure'
  | 'secret.gcp'
  | 'secret.github'
  | 'secret.gitlab'
  | 'secret.slack'
  | 'secret.stripe'
  | 'secret.ai'
  | 'secret.registry'
  | 'secret.token'
  | 'secret.private-key'
  | 'secret.jwt'
  | 'secret.connection'
  | 'secret.http'
  | 'secret.named'
// rules:end

/** What to do with a call: the strongest action among its findings. */
export type Action = 'allow' | 'flag' | 'deny'

/** How bad it would be had the call gone through. */
export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** What will be done at a path. Default `'read'`; `'write'` may create. */
export type Intent = 'read' | 'list' | 'write' | 'delete'

/** One thing that a rule found. Frozen. */
export interface Finding {
  /** The rule that matched. */
  readonly rule: RuleId
  /** What the policy makes of it. */
  readonly action: 'flag' | 'deny'
  /** How bad it is. */
  readonly severity: Severity
  /**
   * JSON Pointer (RFC 6901) into the arguments; the root is the empty string. One that would be longer than
   * 2,048 bytes names the deepest container whose pointer is not.
   */
  readonly pointer: string
  /** What was wrong and which policy member changes it. Holds no argument values and no host paths. */
  readonly message: string
  /** First byte of the match in the UTF-8 of the input, where there is one. */
  readonly start?: number
  /** One past the last byte of the match. */
  readonly end?: number
}

/**
 * The answer to an audit. Frozen, findings included. Every audit that finds nothing answers the same object.
 *
 * @example
 * ```ts
 * const verdict = gate.audit('read_note', line);
 * if (verdict.action === 'deny') {
 *   return { isError: true, content: [{ type: 'text', text: verdict.findings[0].message }] };
 * }
 * ```
 */
export interface Verdict {
  /** The strongest action among the findings; `'allow'` when there are none. */
  readonly action: Action
  /** In the order of the bytes, at most 32. */
  readonly findings: readonly Finding[]
}

/**
 * What can be audited.
 *
 * - `Uint8Array` (so `Buffer` too): one JSON text in UTF-8, the fastest way. A view over a
 *   SharedArrayBuffer is copied first.
 * - `string`: one JSON text. Lone surrogates are `json.surrogate`.
 * - a plain object or array of plain objects, arrays, strings, finite numbers, booleans and `null`; an
 *   `undefined` member is absent, as on the wire. Numbers and keys were already read by whoever parsed them:
 *   duplicate keys and lost digits can be seen in bytes and strings only.
 *
 * Everything else is `CallgateError` `'input.type'`: other typed arrays and DataView, views over a detached
 * or resizable buffer, `undefined`, functions, symbols, BigInt, NaN and infinities, holes, Map, Date and
 * other class instances, boxed values, cycles, a `toJSON` method, a getter that throws, and an object too
 * deep for `JSON.stringify` (some 4,000 levels) where the policy's own limit is not met before.
 */
export type Json = Uint8Array | string | object

/** Sizes and counts of one call. Every limit's own value passes. */
export interface Limits {
  /** Bytes of the whole input. Default 16,777,216 (16 MiB), at most 4,294,967,232. */
  messageBytes?: number
  /** Nested containers; the outermost counts as 1. Default 64. */
  depth?: number
  /** Items of one array, or members of one object. Default 65,536. */
  elements?: number
  /** Bytes of one string between its quotes, as written. Default 16,777,216. */
  stringBytes?: number
  /** Bytes of one key between its quotes, as written. Default 1,024. */
  keyBytes?: number
  /** Values in the whole input, containers included. Default 1,000,000. */
  nodes?: number
  /** Characters of one number as written. Default 128. */
  numberChars?: number
}

/** Roots, blocked names and what else a path must satisfy. */
export interface PathPolicy {
  /**
   * Folders that paths may lie in; opened once, when the gate is made. Relative ones count from the policy
   * file's folder, or from the working directory. Default: none, so that every path is refused.
   */
  roots?: string[]
  /**
   * Patterns blocked in addition to the built-in ones: relative ones match below a root, absolute ones the
   * resolved path; `*` stays inside a name, `**` does not. Default: none.
   */
  blocked?: string[]
  /**
   * Patterns that are allowed although another one blocks them; what lies in a folder that is blocked by
   * default only where the pattern names the folder: `.git/config`. Default: none.
   */
  unblocked?: string[]
  /**
   * Files with several hard links. Default `'deny-write'`: they may be read but not written or deleted.
   */
  hardLinks?: 'deny-write' | 'deny' | 'allow'
  /** Whether a path may cross into another file system. Default `false`. */
  crossDevice?: boolean
}

/**
 * Keys whose values are taken out, besides the built-in ones. A key is its words, however they are written:
 * `'cardNumber'` stands for `card_number` and `CARD-NUMBER` too.
 */
export interface RedactPolicy {
  /** Keys that hold these words in a row are secret too: `'card'` also takes `old_card_id`. Default: none. */
  keys?: string[]
  /** Keys that have just these words are not secret; secrets in their values are still found. Default: none. */
  notKeys?: string[]
}

/** What one argument is. */
export interface ArgumentPolicy {
  /**
   * `'path'`: a path below a root, resolved where roots are configured, its names checked in any case.
   * `'opaque'`: looked at by structure and limit rules only.
   */
  kind: 'path' | 'opaque'
  /** For kind `path`: what the tool will do with it. Default `'read'`. */
  intent?: Intent
}

/** What holds for one tool. */
export interface ToolPolicy {
  /** JSON Pointer of an argument to what it is; a `*` segment is any item or key, `~2` a literal `*`. */
  arguments?: Record<string, ArgumentPolicy>
  /** Limits that differ from the policy's. */
  limits?: Limits
  /** Only its default, `{}`, is accepted by this version. */
  schema?: Record<string, never>
  /** Only its default, `'allow'`, is accepted by this version. */
  access?: 'allow'
}

/**
 * What a {@link Gate} enforces. Every member may be absent; unknown members are refused.
 *
 * @example
 * ```ts
 * const policy: Policy = {
 *   limits: { messageBytes: 1 << 20 },
 *   paths: { roots: ['./notes'] },
 *   tools: { read_note: { arguments: { '/path': { kind: 'path' } } } },
 * };
 * ```
 */
export interface Policy {
  /** Accepted for editors, ignored otherwise. */
  $schema?: string
  /**
   * `'observe'` reports every refusal of an audit or check as a flag. Functions that hand out a path or a
   * descriptor still refuse what has none inside a root. Default `'enforce'`.
   */
  mode?: 'enforce' | 'observe'
  /** Sizes and counts. */
  limits?: Limits
  /** Roots and what is off limits inside them. */
  paths?: PathPolicy
  /** Rule id, or `family.*`, to action; exact ids win over families. */
  rules?: { [rule in RuleId | `${string}.*`]?: 'deny' | 'flag' | 'off' }
  /** Tool name to what holds for it; `'*'` holds for every tool, a tool's own members win. */
  tools?: Record<string, ToolPolicy>
  /** Only its default is accepted by this version. */
  urls?: { schemes?: ['https', 'http']; allowHosts?: []; denyHosts?: []; allowPrivate?: false }
  /** Only its default is accepted by this version. */
  access?: { default?: 'allow' }
  /** Only its default, `{}`, is accepted by this version. */
  rate?: Record<string, never>
  /** Keys whose values {@link Gate.redact} takes out, besides the built-in ones. */
  redact?: RedactPolicy
  /** Only its default, `{}`, is accepted by this version. */
  record?: Record<string, never>
  /** Only its default, `{}`, is accepted by this version. */
  watch?: Record<string, never>
}

/** How a path is judged. Unknown members are `CallgateError` `'input.type'`. */
export interface PathOptions {
  /** What will be done there. Default `'read'`. */
  intent?: Intent
  /**
   * The folder that a relative path counts from: itself relative to the first root, or absolute in a root.
   * Default: the first root.
   */
  base?: string
}

/** How a file is opened. Unknown members are `CallgateError` `'input.type'`. */
export interface OpenOptions extends PathOptions {
  /** With intent `'write'`: create the file when it is missing. Default `false`. */
  create?: boolean
  /** With intent `'write'`: cut the file to zero length, after every check. Default `false`. */
  truncate?: boolean
  /** With intent `'write'`: every write goes to the end of the file. Default `false`. */
  append?: boolean
  /** With `create`: refuse a file that exists. Default `false`. */
  exclusive?: boolean
  /** Permission bits of a created file, less the process's umask: 0 to 0o777. Default `0o600`. */
  mode?: number
}

/**
 * A compiled policy with its opened roots: make one when the server starts, and use it for every call.
 *
 * Belongs to the thread that made it; other threads make their own.
 *
 * @example
 * ```ts
 * import { Gate } from 'callgate';
 * import { closeSync, readFileSync } from 'node:fs';
 *
 * const gate = new Gate({ paths: { roots: ['./notes'] } });
 *
 * function readNote(args: { path: string }): string {
 *   const file = gate.openPath(args.path); // throws when the path is refused
 *   try {
 *     return readFileSync(file, 'utf8');
 *   } finally {
 *     closeSync(file);
 *   }
 * }
 * ```
 */
export class Gate {
  /**
   * Compiles a policy and opens its roots; relative roots count from the working directory. Without a policy
   * the default one is enforced: no roots, every limit at its default.
   *
   * @throws {CallgateError} `'policy.invalid'`; the message starts with the JSON Pointer of the fault, or
   * with `(root)`. A root that cannot be opened is one.
   */
  constructor(policy?: Policy)

  /**
   * Loads a policy file: JSON with `//` and block comments, at most 4 MiB. Relative roots count from the
   * file's folder.
   *
   * @throws {CallgateError} `'policy.unreadable'` when the file cannot be read, `'policy.invalid'` as in the
   * constructor.
   *
   * @example
   * ```ts
   * const gate = Gate.load('callgate.json');
   * ```
   */
  static load(file: string): Gate

  /**
   * Audits the arguments of a call to `tool`. A refused call is a result: look at `action`.
   *
   * @throws {CallgateError} `'input.type'` for what is no {@link Json}, `'gate.closed'` after
   * {@link Gate.close}, `'internal'` when callgate itself failed. Treat all three as a refusal.
   *
   * @example
   * ```ts
   * gate.audit('search', '{"query":"x","__proto__":{"admin":true}}').action; // 'deny'
   * ```
   */
  audit(tool: string, args: Json): Verdict

  /**
   * Audits an object and gives back the very snapshot that was audited: what a getter or proxy answers later
   * cannot differ from it. `value` is what `JSON.parse` makes of the audited text, `undefined` when the
   * object exceeded a limit before it was text.
   *
   * @throws {CallgateError} as {@link Gate.audit}.
   *
   * @example
   * ```ts
   * const { verdict, value } = gate.auditParsed('write_note', args);
   * if (verdict.action !== 'deny') await writeNote(value);
   * ```
   */
  auditParsed(tool: string, args: object): { verdict: Verdict; value: unknown }

  /**
   * Audits on the thread pool, with the verdict of {@link Gate.audit}. The input is copied before this
   * returns, so that changing the buffer meanwhile changes nothing. Worth it from some 100 kB upwards.
   *
   * Rejects as {@link Gate.audit} throws. A gate that is closed meanwhile finishes the audits under way.
   *
   * @example
   * ```ts
   * const verdict = await gate.auditAsync('import_notes', body);
   * ```
   */
  auditAsync(tool: string, args: Uint8Array | string): Promise<Verdict>

  /**
   * Takes the secrets out of a JSON text, for a log or before it is handed on; every other byte stays.
   *
   * - A value goes whole, whatever its type, to `"[REDACTED]"` where the words of its key say that it is a secret:
   *   `password`, `clientSecret`, `X-API-Key`; not `max_tokens` or `cookie_policy`. The policy's `redact` adds keys and
   *   spares others.
   * - A secret that its own shape gives away (rules `secret.*`, unless the policy switches one off) becomes
   *   `[REDACTED]` wherever it stands, in a key too.
   *
   * Text that is not JSON, be it cut off, several documents or a line of a log, is redacted by shape and by what
   * looks like a member. No limit holds here. Redacting JSON twice is redacting it once. Bytes that are not UTF-8,
   * and lone surrogates of a string in which something is redacted, come back as U+FFFD.
   *
   * @throws {CallgateError} `'input.type'` for anything but a `Uint8Array` of fixed length or a string;
   * `'gate.closed'`.
   *
   * @example
   * ```ts
   * gate.redact('{"user":"ada","password":"x"}'); // '{"user":"ada","password":"[REDACTED]"}'
   * ```
   */
  redact(json: Uint8Array | string): string

  /**
   * Validates a path. The answer exists only when the path lies in a root and no rule refuses it.
   *
   * Between this check and a later use of the path others may change the folder; {@link Gate.openPath} has
   * no such gap.
   *
   * @throws {CallgateError} whose `code` is the id of the rule that refused, with the `finding`;
   * `'input.type'` for a path that is no string or for wrong options; `'gate.closed'`;
   * `'platform.unsupported'`.
   *
   * @example
   * ```ts
   * gate.resolvePath('2024/todo.md').relative; // '2024/todo.md'
   * gate.resolvePath('../../etc/passwd'); // throws, code 'path.traversal'
   * ```
   */
  resolvePath(path: string, options?: PathOptions): ValidatedPath

  /**
   * The same checks as a verdict. A missing file is `path.missing` here too.
   *
   * @throws {CallgateError} `'input.type'` and `'gate.closed'` only.
   *
   * @example
   * ```ts
   * gate.checkPath('.env').findings[0].rule; // 'path.blocked'
   * ```
   */
  checkPath(path: string, options?: PathOptions): Verdict

  /**
   * Opens a path that lies in a root: the file that was checked is the file that is handed out, whatever is
   * renamed meanwhile. Intent `'write'` opens for writing, `'read'` for reading, `'list'` a directory.
   * Answers a file descriptor, which the caller closes.
   *
   * @throws {CallgateError} as {@link Gate.resolvePath}.
   *
   * @example
   * ```ts
   * const file = gate.openPath('todo.md', { intent: 'write', create: true, truncate: true });
   * try {
   *   writeFileSync(file, text);
   * } finally {
   *   closeSync(file);
   * }
   * ```
   */
  openPath(path: string, options?: OpenOptions): number

  /**
   * Releases native memory and the opened roots now; otherwise that happens when the gate is collected.
   * Every later use throws `'gate.closed'`. Closing twice is fine.
   */
  close(): void
}

/** A path that was checked. Only a gate makes one. Frozen. */
export class ValidatedPath {
  private constructor()
  /** The absolute path with every link resolved. */
  readonly path: string
  /** The path relative to its root; `'.'` for the root itself. */
  readonly relative: string
  /** The absolute path of its root, links resolved. */
  readonly root: string
  /** Whether something exists there. */
  readonly exists: boolean
  /** What lies there. */
  readonly kind: 'file' | 'directory' | 'missing'
  /** What was found and only flagged. */
  readonly findings: readonly Finding[]
}

/**
 * Misuse, a bad policy, a refused path or an internal failure. The message holds neither argument values nor
 * absolute paths of the host. One class for `import` and `require`.
 *
 * @example
 * ```ts
 * try {
 *   return read(gate.openPath(path));
 * } catch (error) {
 *   if (error instanceof CallgateError && error.code.startsWith('path.')) return refuse(error.message);
 *   throw error;
 * }
 * ```
 */
export class CallgateError extends Error {
  /**
   * The id of the rule that refused a path, or one of `'input.type'`, `'policy.invalid'`,
   * `'policy.unreadable'`, `'gate.closed'`, `'platform.unsupported'` and `'internal'`.
   */
  readonly code: string
  /** The finding behind a refused path. */
  readonly finding?: Finding
  constructor(code: string, message: string, finding?: Finding)
}

/**
 * Audits the arguments of one call, whatever the tool. Without a policy the default one holds.
 *
 * A given policy is compiled anew at every call, so that a change of the object is never missed: a
 * {@link Gate} compiles once.
 *
 * @throws {CallgateError} as the constructor of {@link Gate} and {@link Gate.audit}.
 *
 * @example
 * ```ts
 * import { auditToolArgs } from 'callgate';
 *
 * auditToolArgs('{"name":"todo","name":"other"}').findings[0].rule; // 'json.duplicate-key'
 * ```
 */
export function auditToolArgs(args: Json, policy?: Policy): Verdict

/**
 * Validates a path below one root with the default policy.
 *
 * The root is opened anew at every call, so that a folder that was replaced is never confused with the old
 * one: a {@link Gate} opens it once.
 *
 * @throws {CallgateError} as {@link Gate.resolvePath}; `'policy.invalid'` when the root cannot be opened.
 *
 * @example
 * ```ts
 * import { validatePath } from 'callgate';
 *
 * validatePath('/srv/notes', 'todo.md').path; // '/srv/notes/todo.md'
 * ```
 */
export function validatePath(root: string, path: string, options?: PathOptions): ValidatedPath

/** The version of the package, and of its native library. */
export const version: string
