import type { ReadStream, WriteStream } from 'node:fs'

/**
 * The id of a rule. Stable; what each one means is in `docs/rules.md`.
 */
// rules:begin
export type RuleId =
  | 'json.syntax'
  | 'json.utf8'
  | 'json.duplicate-key'
  | 'json.folded-key'
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
  | 'limit.work'
  | 'path.traversal'
  | 'path.encoded'
  | 'path.outside-root'
  | 'path.ambiguous'
  | 'path.symlink'
  | 'path.blocked'
  | 'path.protected'
  | 'path.nul'
  | 'path.name'
  | 'path.length'
  | 'path.special-file'
  | 'path.hard-link'
  | 'path.cross-device'
  | 'path.missing'
  | 'path.exists'
  | 'path.not-empty'
  | 'path.size'
  | 'path.entries'
  | 'path.no-space'
  | 'path.inaccessible'
  | 'url.syntax'
  | 'url.scheme'
  | 'url.credentials'
  | 'url.host'
  | 'url.private'
  | 'url.metadata'
  | 'injection.sql'
  | 'sql.stacked'
  | 'sql.reach'
  | 'sql.destroy'
  | 'sql.statement'
  | 'sql.comment'
  | 'injection.shell'
  | 'injection.argument'
  | 'injection.identifier'
  | 'injection.template'
  | 'injection.xxe'
  | 'injection.nosql'
  | 'injection.crlf'
  | 'injection.xss'
  | 'injection.prompt'
  | 'text.invisible'
  | 'text.bidi'
  | 'text.control'
  | 'text.homoglyph'
  | 'text.markup'
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
  | 'secret.marker'
  | 'schema.limit'
  | 'schema.type'
  | 'schema.enum'
  | 'schema.const'
  | 'schema.multipleOf'
  | 'schema.maximum'
  | 'schema.exclusiveMaximum'
  | 'schema.minimum'
  | 'schema.exclusiveMinimum'
  | 'schema.maxLength'
  | 'schema.minLength'
  | 'schema.pattern'
  | 'schema.maxItems'
  | 'schema.minItems'
  | 'schema.uniqueItems'
  | 'schema.contains'
  | 'schema.minContains'
  | 'schema.maxContains'
  | 'schema.maxProperties'
  | 'schema.minProperties'
  | 'schema.required'
  | 'schema.dependentRequired'
  | 'schema.dependencies'
  | 'schema.propertyNames'
  | 'schema.additionalProperties'
  | 'schema.additionalItems'
  | 'schema.unevaluatedProperties'
  | 'schema.unevaluatedItems'
  | 'schema.anyOf'
  | 'schema.oneOf'
  | 'schema.not'
  | 'schema.false'
  | 'rpc.envelope'
  | 'rpc.method'
  | 'rpc.batch'
  | 'rpc.id'
  | 'resource.uri'
  | 'tool.changed'
  | 'tool.poisoned'
  | 'access.denied'
  | 'rate.exceeded'
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
   * JSON Pointer (RFC 6901) into the arguments or the message; the root is the empty string. One that would be longer than
   * 2,048 bytes names the deepest container whose pointer is not.
   */
  readonly pointer: string
  /** What was wrong, and what was expected. Holds no argument values and no host paths. */
  readonly message: string
  /** There, and `true`, where the kind of the argument was guessed: from a schema, or by the policy's `inferred`. */
  readonly inferred?: boolean
  /**
   * The narrowest member of a policy that changes this outcome, for the operator and not for the model:
   * `'paths.roots'`, `'tools["read"].arguments["/ref"].kind'`. Absent where none does.
   */
  readonly member?: string
  /** What a schema expected: a type, the values, a bound. */
  readonly expected?: string
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
 * if (verdict.action === 'deny') return gate.refuse(verdict);
 * ```
 */
export interface Verdict {
  /** The strongest action among the findings; `'allow'` when there are none. */
  readonly action: Action
  /** In the order of the bytes, at most 32. */
  readonly findings: readonly Finding[]
}

/** The result of a call that is refused: {@link Gate.refuse}. */
export interface Refusal {
  /** One text, for the model. */
  content: { type: 'text'; text: string }[]
  /** Always `true`. */
  isError: true
  [member: string]: unknown
}

/** What a message is; `'invalid'` where it is none of the others. */
export type MessageKind = 'request' | 'notification' | 'response' | 'batch' | 'invalid'

/** The answer to the audit of a message. Pointers and ranges are those of the whole message. Frozen. */
export interface MessageVerdict extends Verdict {
  /** What the message is. */
  readonly kind: MessageKind
  /**
   * The id of a request or of an answer, also of one that is refused, wherever in it the id stands. `null` where there
   * is none that can be used.
   */
  readonly id: string | number | null
  /**
   * The id as it is written, where it is a number that JavaScript does not keep: an integer beyond 2^53-1, or `1.0`. An
   * answer has it as it is. Absent otherwise.
   */
  readonly writtenId?: string
  /** The method of a request or notification. It may hold anything. */
  readonly method?: string
  /** The tool that `tools/call` names. It may hold anything. */
  readonly tool?: string
}

/**
 * A message of a stream.
 */
export interface ReadMessage {
  /** What the message is. */
  readonly kind: MessageKind
  /** As {@link MessageVerdict.id}. */
  readonly id: string | number | null
  /** As {@link MessageVerdict.writtenId}. */
  readonly writtenId: string | undefined
  /** As {@link MessageVerdict.method}. */
  readonly method: string | undefined
  /** As {@link MessageVerdict.tool}. */
  readonly tool: string | undefined
  /** One object for all messages in which nothing was found; a {@link MessageVerdict} for others. */
  readonly verdict: Verdict | MessageVerdict
  /**
   * The line without its end, as it may be passed on: one line for every reader, whatever that takes for an end, and
   * mended where it would be lost for one spot. `undefined` where it is refused.
   */
  readonly text: string | undefined
  /** What `JSON.parse` makes of the text, made when it is first asked for. */
  readonly value: unknown
  /** First byte of the text in the chunk; with `end` 0 where it does not lie in the chunk as it may be passed on. */
  readonly start: number
  /** One past its last byte. */
  readonly end: number
}

/**
 * Reads the messages of a stream: {@link Gate.messageReader}. Holds what came of a line that is not at its end, at most
 * `limits.messageBytes` of the policy. Of a longer line nothing is kept but what names its request, and it is refused
 * (`limit.bytes`) when its end comes, whatever the policy says of the rule. In observe mode it is held, up to 64 MiB, and
 * passes flagged. Lines end with `\n` or `\r\n`, empty ones are passed over.
 *
 * @example
 * ```ts
 * const reader = gate.messageReader();
 * process.stdin.on('data', (chunk: Buffer) => {
 *   for (const message of reader.read(chunk)) {
 *     if (message.verdict.action !== 'deny') deliver(message.value);
 *   }
 * });
 * ```
 */
export interface MessageReader {
  /**
   * Reads a chunk of any size; answers the messages that end in it, in their order. The chunk may be used again
   * afterwards.
   *
   * @throws {CallgateError} `'input.type'` for anything but bytes, `'gate.closed'`.
   */
  read(chunk: Uint8Array): ReadMessage[]
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
 * deep for `JSON.stringify` (more than 2,000 levels) where the policy's own limit is not met before.
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
   * file's folder, or from the working directory. Default: none, so that every path is refused. `'client'`: those that the
   * client names, told by {@link Gate.setClientRoots}.
   */
  roots?: string[] | 'client'
  /** With `roots: 'client'`: the folders that the client's roots may lie in, and that hold until it has named any. */
  within?: string[]
  /**
   * Patterns blocked in addition to the built-in ones: relative ones match below a root, absolute ones the
   * resolved path; `*` stays inside a name, `**` does not. Default: none.
   */
  blocked?: string[]
  /**
   * Patterns that are allowed although another one blocks them; what lies in a folder that is blocked by
   * default only where the pattern names the folder: `.git/config`. A relative pattern allows what relative
   * ones block, an absolute one what absolute ones block. Default: none.
   */
  unblocked?: string[]
  /**
   * Files with several hard links. Default `'deny-write'`: they may be read but not written or deleted.
   */
  hardLinks?: 'deny-write' | 'deny' | 'allow'
  /** Whether a path may cross into another file system. Default `false`. */
  crossDevice?: boolean
  /**
   * Symbolic links below a root. Default `'inside'`: one that leads to a place in a root is judged by where it leads, and
   * one that leads out is refused. `'deny'`: no path leads through a link.
   */
  links?: 'inside' | 'deny'
  /**
   * Where the relative paths of arguments count from. Default `'server'`: from the server's working directory, where
   * {@link Gate.setServerProcess} tells it. `'root'`: from the first root, for servers that join them to it.
   */
  relative?: 'server' | 'root'
}

/**
 * Where a URL or host may lead: arguments of kind `url` and `host`, {@link Gate.checkUrl},
 * {@link Gate.checkAddress} and `callgate/http`.
 *
 * A host of `allowHosts` may be an internal one: naming it says that it is meant. A metadata service is
 * refused in any case, unless `rules` switches `url.metadata` off.
 */
export interface UrlPolicy {
  /** Schemes that a URL may have, in any case and without the colon. Default `['https', 'http']`. */
  schemes?: string[]
  /**
   * Hosts that a URL may have: a name, `*.` and a name for every name below it (not the name itself), or an
   * address. Default: none named, so that every public host may be.
   */
  allowHosts?: string[]
  /** Hosts that no URL may have, written the same; wins over `allowHosts`. Default: none. */
  denyHosts?: string[]
  /**
   * Whether hosts of this machine and of private networks may be reached. Metadata services and link-local
   * addresses stay refused. Default `false`.
   */
  allowPrivate?: boolean
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
   * `'path'`: a path below a root, resolved where roots are configured, its names checked in any case; `..` is
   * read as the kernel does and as a handler does that joins paths by their text.
   * `'url'`: an absolute URL, and `'host'`: a host name or address, with a port or without; where they lead is
   * judged by the policy's `urls`. A public name that resolves to a private address is caught where the
   * connection is made, not here.
   * `'identifier'`: a name that is put into a statement: up to four parts of letters, digits, `_` and `$` with dots
   * between; anything else is denied.
   * `'word'`: one argument of a command: no option, white space, quote or character that a shell acts on; anything
   * else is denied.
   * `'ref'`: a name with a version, such as a branch, a commit or a package: `feat#123`, `HEAD~1`, `numpy>=1.20`; an
   * option, white space, quotes and what a shell acts on are denied.
   * `'command'`: a whole command line for a shell: judged for what no honest command does.
   * `'sql'`: one whole SQL statement; a second one, one that leaves the database or takes away tables or all rows,
   * and an open string are flagged.
   * `'text'`, `'code'`: flagged where it means to instruct the model, and judged for nothing else.
   * `'auto'`: flagged for every class of injection; in a text of more than 512 bytes only for signs that documents
   * and programs do not have.
   * `'opaque'`: looked at by structure and limit rules only.
   */
  kind:
    | 'path'
    | 'url'
    | 'host'
    | 'identifier'
    | 'word'
    | 'ref'
    | 'command'
    | 'sql'
    | 'text'
    | 'code'
    | 'auto'
    | 'opaque'
  /** For kind `path`: what the tool will do with it. Default `'read'`. */
  intent?: Intent
  /** For kind `sql`: the statements that are expected; others are denied. Default `'any'`. */
  statements?: 'read' | 'write' | 'any'
  /** Whether the kind is a guess: then only what no honest call holds is denied. Default `false`. */
  inferred?: boolean
}

/**
 * JSON Pointer of an argument, a `*` segment for any item or key, to what it is. Frozen.
 */
export type InferredKinds = Readonly<Record<string, Exclude<ArgumentPolicy['kind'], 'auto'>>>

/** What holds for one tool. */
export interface ToolPolicy {
  /**
   * Whether refusals of this tool's audits refuse. Default: what `'*'` says, then the policy. Paths that are
   * resolved or opened follow the policy.
   */
  mode?: 'enforce' | 'observe'
  /** JSON Pointer of an argument to what it is; a `*` segment is any item or key, `~2` a literal `*`. */
  arguments?: Record<string, ArgumentPolicy>
  /** Limits that differ from the policy's. */
  limits?: Limits
  /**
   * JSON Schema that the arguments must match: a tool's `inputSchema` as it is. 2020-12, unless its `$schema` names
   * draft 4, 6, 7 or 2019-09. At most 256 KiB, 64 levels and 10,000 objects; a `$ref` leads to the schema itself or
   * to those of the drafts, nothing is fetched; patterns take linear time (no look-around, no back-references);
   * `format` and the content keywords are annotations. One that does not compile is `policy.invalid`. Default:
   * none. A tool's own replaces that of `'*'`.
   *
   * Judged when nothing else refuses the call. Arguments nested deeper than 256 levels (fewer where a schema applies
   * a long chain of others to one value), with a member twice, or that would take more work than their size allows
   * are refused as `schema.limit`. While a call is judged its tokens are held: 8 bytes for a key, string, number or
   * literal, 16 for a container.
   *
   * @example
   * ```ts
   * const gate = new Gate({
   *   tools: { sum: { schema: { type: 'object', required: ['a'], properties: { a: { type: 'number' } } } } },
   * });
   * gate.audit('sum', { a: '1' }).findings[0]?.rule; // 'schema.type'
   * ```
   */
  schema?: object | boolean
  /** Whether the tool may be called. Default: what `'*'` says, then the policy's `access`. */
  access?: 'allow' | 'deny'
}

/**
 * Names to allow and to deny, whole and in their exact case; `*` stands for any number of characters.
 */
export interface AccessList {
  /** Where this names anything, nothing else is allowed. Default: none. */
  allow?: string[]
  /** Wins over everything that allows. Default: none. */
  deny?: string[]
}

/**
 * Which tools, methods, resources and prompts may be asked for: {@link Gate.auditMessage} and
 * {@link Gate.messageReader}, rule `access.denied`. `deny` wins over a tool's own `access`, that over `allow`, and
 * `default` decides on what is left.
 *
 * @example
 * ```ts
 * const gate = new Gate({ access: { default: 'deny', server: 'notes', tools: { allow: ['notes/read_*'] } } });
 * gate.isVisible('read_note'); // true
 * ```
 */
export interface AccessPolicy {
  /**
   * What becomes of what no list decides. Default `'allow'`. With `'deny'` the methods that a session needs stay
   * allowed unless they are denied by name: `initialize`, `ping`, `server/discover`, `notifications/*`, those that
   * list, and those whose tool, prompt or resource decides.
   */
  default?: 'allow' | 'deny'
  /**
   * The name of the server whose messages are judged, so that lists of tools and prompts may name identities:
   * `server/tool`. Without it a pattern with a `/` is held against the name alone. Default: none.
   */
  server?: string
  /** Names of tools: `tools/call`. */
  tools?: AccessList
  /** Methods, notifications too. */
  methods?: AccessList
  /** URIs: `resources/read`, `resources/subscribe`, `resources/unsubscribe`, `completion/complete`. */
  resources?: AccessList
  /** Names of prompts: `prompts/get`, `completion/complete`. */
  prompts?: AccessList
  /**
   * What a server behind `callgate proxy` may ask of the client: that its model answers (`sampling/createMessage`),
   * that its user does or visits a page (`elicitation/create`). The proxy declines what is not named, unless `--allow`
   * names it. A server that is guarded in its own process is not declined. Default: nothing.
   */
  peer?: ('sampling' | 'elicitation')[]
}

/** Which URIs of resources may be asked for: rule `resource.uri`. */
export interface ResourcePolicy {
  /**
   * Templates, one of which a URI must match as a whole. Default: none, so that any URI may be asked for.
   *
   * Text stands for itself, the scheme in any case. `{name}` is one segment: not empty, without `/`, `?` or `#`,
   * neither `.` nor `..`, also once percent-encoding is undone. `{name:kind}` judges it as an argument of that kind:
   * `word` (the default), `identifier`, `host`, `text`, `opaque`, or `path`, which may hold several segments.
   * `{name:kind(a|b)}` takes the listed values only.
   *
   * @example
   * ```ts
   * const gate = new Gate({ resources: { templates: ['db://{table:identifier(users|orders)}/{id:word}'] } });
   * ```
   */
  templates?: string[]
}

/**
 * A policy that comes with callgate. The files, with a reason for every member, are in the folder `presets` of
 * the package.
 *
 * - `callgate:filesystem`: a server that reads and writes files for people.
 * - `callgate:coding`: a server that works in a repository.
 * - `callgate:fetch`: a server that fetches from the web.
 * - `callgate:database`: a server that asks a database: one statement a call that neither leaves it nor destroys.
 * - `callgate:database-read`: the same for statements that only read.
 * - `callgate:strict`: any server, as tight as most of them still work with.
 */
export type PresetName =
  | 'callgate:filesystem'
  | 'callgate:coding'
  | 'callgate:fetch'
  | 'callgate:database'
  | 'callgate:database-read'
  | 'callgate:strict'

/**
 * What {@link Gate.sanitize} does beyond what the rules of text name. `'neutralise'`, the default of each kind of
 * markup, changes it so that no renderer acts on it; `'keep'` leaves it.
 */
export interface SanitizePolicy {
  /** A longer text is cut (characters, that is Unicode code points). Default 100,000. */
  maxChars?: number
  /**
   * Three backticks or more, and three tildes or more that a line starts with: they would close the fence that a
   * prompt puts around the text. They become apostrophes.
   */
  codeFences?: 'neutralise' | 'keep'
  /** `[[`, with which note-taking tools link and embed pages, becomes `[ [`. */
  wikiLinks?: 'neutralise' | 'keep'
  /**
   * Images of Markdown and elements of HTML that load something from elsewhere by themselves: `![` becomes `! [`,
   * and `<` becomes `&lt;`.
   */
  remoteImages?: 'neutralise' | 'keep'
  /**
   * Addresses with room for data: a user name, a query above 32 bytes, a label of the host above 40, a piece
   * without separator above 64, or more than 256 in all. `://` becomes `[:]//`.
   */
  dataLinks?: 'neutralise' | 'keep'
}

/** What is done about the answers of a server, behind `guardServer` and `callgate proxy`. */
export interface ResultsPolicy {
  /**
   * What becomes of a result whose text gives the model orders (`injection.prompt`). `'flag'` tells of it and lets it
   * pass, `'annotate'` puts a text before it that warns, `'deny'` puts an error in its place. Default `'flag'`.
   */
  injection?: 'flag' | 'annotate' | 'deny'
  /**
   * Which secrets a result loses. `'shapes'`, the default: those that their own shape gives away, and texts that can be
   * secrets under a name that says so; cursors and handles stay, as does all that is no text. `'names'`: as
   * {@link Gate.redact} does, every value whose name says that it is a secret. `'off'`: none.
   */
  redact?: 'shapes' | 'names' | 'off'
  /**
   * Sizes and counts of an answer. They are wider than those of calls, which {@link Policy.limits} names: by default
   * 134,217,728 bytes (128 MiB) and as many of one string, 256 nested containers, 5,000,000 values and as many items of
   * one array, 65,536 bytes of one key, 4,096 characters of one number.
   */
  limits?: Limits
}

/** A text that was cleaned, and what was taken out of it. */
export interface Sanitized {
  /** What is left. */
  text: string
  /** Each kind once; empty where the text stayed as it was. */
  removed: Removed[]
}

/** How often one kind was taken out or changed. */
export interface Removed {
  /**
   * - `'invisible'`, `'bidi'`, `'control'`: characters that `text.invisible`, `text.bidi` and `text.control` name
   * - `'escape'`: terminal escape sequences, each removed whole (`text.control`)
   * - `'remote-image'`, `'data-link'`, `'wiki-link'`, `'code-fence'`: markup, as {@link SanitizePolicy} says
   * - `'truncated'`: characters behind the limit, cut off
   * - `'surrogate'`: halves of surrogate pairs, each replaced by U+FFFD
   */
  kind:
    | 'invisible'
    | 'bidi'
    | 'control'
    | 'escape'
    | 'remote-image'
    | 'data-link'
    | 'wiki-link'
    | 'code-fence'
    | 'truncated'
    | 'surrogate'
  /** How many. */
  count: number
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
   * A preset, or several: this policy is put on top of them. Later presets win over earlier ones, the policy's
   * own members over all. Objects merge member by member; everything else is replaced, arrays too, so that an own
   * `paths.blocked` repeats what it keeps of a preset's. In `rules` a family replaces the ids that presets name in
   * it. Default: none.
   *
   * @example
   * ```ts
   * const gate = new Gate({ extends: 'callgate:coding', paths: { roots: ['.'] } });
   * ```
   */
  extends?: PresetName | readonly PresetName[]
  /**
   * `'observe'` reports every refusal of an audit or check as a flag. Functions that hand out a path or a
   * descriptor still refuse what has none inside a root. A tool may differ. Default `'enforce'`.
   */
  mode?: 'enforce' | 'observe'
  /** Sizes and counts. */
  limits?: Limits
  /** Roots and what is off limits inside them. */
  paths?: PathPolicy
  /** Where URLs and hosts may lead. */
  urls?: UrlPolicy
  /** Rule id, or `family.*`, to action; exact ids win over families. */
  rules?: { [rule in RuleId | `${string}.*`]?: 'deny' | 'flag' | 'off' }
  /** Tool name to what holds for it; `'*'` holds for every tool, a tool's own members win. */
  tools?: Record<string, ToolPolicy>
  /** What {@link Gate.sanitize} does beyond what the rules of text name. */
  sanitize?: SanitizePolicy
  /** Which tools, methods, resources and prompts may be asked for in messages. */
  access?: AccessPolicy
  /** Which URIs of resources may be asked for in messages. */
  resources?: ResourcePolicy
  /** What is done about the answers of a server. */
  results?: ResultsPolicy
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

/**
 * The process that does what calls ask for. What is absent is that of this process, but for the working directory: without
 * one, relative paths count from the first root. Unknown members are `CallgateError` `'input.type'`.
 */
export interface ServerProcess {
  /** Its working directory, which relative paths count from. */
  cwd?: string
  /** The home folder of its user, for `~`. */
  home?: string
  /** All of its environment, for `$NAME`. */
  env?: Record<string, string>
  /**
   * Its handlers may join relative paths to a root as well as hand them to the system: such a path is refused where something
   * outside the roots would be reached from the working directory, or written there, and not for being relative. Default
   * `false`.
   */
  joins?: boolean
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
 * One finding, as {@link Gate.onVerdict} tells it. Names of tools, ids and paths may come from the model, so that they can
 * hold anything: escape them before they are shown. Holds no values of arguments but a path that was asked for. Frozen.
 */
export interface VerdictEvent {
  /** When it was told: ISO 8601, in UTC. */
  readonly time: string
  /**
   * Whether arguments, a message or the answer of a server were audited or cleaned, or a path or a URL was judged; `'url'`
   * for an address too.
   */
  readonly surface: 'audit' | 'path' | 'url' | 'message' | 'result'
  /** The id of the request, where a message has one. */
  readonly id?: string | number
  /** The session of the transport that the message came over, where it has one. */
  readonly session?: string
  /** The name that the audit was given, or that the message names; absent for paths and URLs. */
  readonly tool?: string
  /** {@link Finding.pointer}, unless it is that of the root. */
  readonly pointer?: string
  /** The path that was asked for, as it was written; for surface `'path'`. */
  readonly path?: string
  /** The rule that matched. */
  readonly rule: RuleId
  /** The narrowest member of the policy that changes it. */
  readonly member?: string
  /** The mode that holds for the tool, or else for the policy. */
  readonly mode: 'enforce' | 'observe'
  /** How long the verdict took, in microseconds. */
  readonly durationUs: number
  /** What was found. */
  readonly finding: Finding
  /** The verdict that this finding alone makes. */
  readonly verdict: Verdict
}

/** What is known of a message that {@link Gate.cleanAnswer} cleans. */
export interface CleanOptions {
  /** The tool whose call it answers: what the policy says of its rules holds. Default: none. */
  tool?: string | undefined
  /** The JSON Schema that the tool declares for its structured content, or its JSON. Default: none. */
  outputSchema?: object | string | undefined
}

/** The verdict on a message of a server. */
export interface AnswerVerdict extends Verdict {
  /**
   * The message to be sent in the place of the one that was judged or cleaned; absent where that stays as it is. A request or
   * notification that is refused (action `'deny'`) has none: it is not sent.
   */
  readonly replacement?: string
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
   * Audits one JSON-RPC message, as a client or server of MCP sends it: its envelope, what it asks for, and what is in
   * it. Members may stand in any order.
   *
   * The arguments of `tools/call` are audited as {@link Gate.audit} does, with the limits, rules and schema of their
   * tool; absent ones are `{}`. What a method names must be allowed by the policy's `access`, the URI of a resource by
   * its `resources`. All else is judged by its content as `auto`; in a result or error that refuses nothing. Batches
   * are refused.
   *
   * A fault of the envelope makes the message `'invalid'` (JSON-RPC -32600; `json.syntax` and `json.utf8` are -32700).
   * `rpc.envelope` in a message of another kind is a fault of its params (-32602): the name of a tool or prompt, a
   * `uri`, `arguments` that are no object, a `protocolVersion` that is missing or malformed.
   *
   * @throws {CallgateError} `'input.type'` for anything but bytes and strings.
   *
   * @example
   * ```ts
   * const { kind, id, action, findings } = gate.auditMessage(line);
   * if (action === 'deny' && kind !== 'notification') {
   *   const { rule, pointer, message } = findings[0]!;
   *   reply({ jsonrpc: '2.0', id, error: { code: -32010, message, data: { rule, pointer } } });
   * }
   * ```
   */
  auditMessage(message: Uint8Array | string): MessageVerdict

  /**
   * A reader of the messages of one stream, for one connection and direction: lines of JSON-RPC as MCP has them on
   * standard input and output.
   */
  messageReader(): MessageReader

  /**
   * Judges what a server says of a tool, prompt or resource, or of itself: whether it is made to deceive the model
   * (`tool.poisoned`). That is an order kept from the user, a file of secrets that the model is to read, a change to what
   * other tools do, in whatever member or name it stands; characters that do not show; and names that pass for others.
   * The first fault is told, with its pointer.
   *
   * - `definition`: an object, or its JSON. The instructions of a server are a JSON string.
   * - `of`: an entry of `tools/list` (`'tool'`, the default), of `prompts/list` or of one of the lists of resources; or
   *   the server's instructions or `serverInfo` (`'server'`). For a tool, what the policy says of that tool decides.
   *
   * @throws {CallgateError} `'input.type'` for what is no JSON value.
   *
   * @example
   * ```ts
   * const shown = tools.filter((tool) => gate.auditDefinition(tool).action !== 'deny');
   * ```
   */
  auditDefinition(
    definition: Uint8Array | string | object,
    of?: 'tool' | 'prompt' | 'resource' | 'server',
  ): Verdict

  /**
   * Judges a message of a server for text that gives the model orders (`injection.prompt`), and makes of it what the
   * policy's `results.injection` says. guardServer, wrapTool, the guarded transport and the proxy do this by themselves.
   * Pointers and ranges are those of the message.
   *
   * @throws {CallgateError} `'input.type'` for anything but bytes and strings.
   *
   * @example
   * ```ts
   * const { replacement = answer } = gate.auditAnswer(answer);
   * send(replacement);
   * ```
   */
  auditAnswer(message: Uint8Array | string): AnswerVerdict

  /**
   * Cleans a message of a server as `guardServer` and the proxy do before it goes out: what shows no sign is taken out of
   * its texts, and secrets become `[REDACTED]`, as the policy's `rules`, `sanitize`, `redact` and `results.redact` say;
   * every other byte stays. In a result only what is a secret by its shape goes, or a text that can be one under a name
   * that means one. Structured content still matches `outputSchema` afterwards; texts of errors of the protocol are cut
   * behind 8,192 characters.
   *
   * What was found is flagged. Action `'deny'` means that the message is no JSON: it cannot be cleaned, and must not be
   * sent. Orders to the model are a matter of {@link Gate.auditAnswer}.
   *
   * @throws {CallgateError} `'input.type'`, `'gate.closed'`.
   *
   * @example
   * ```ts
   * import { Gate } from 'callgate';
   *
   * const gate = new Gate();
   * const text = 'postgres://ada:Kf9-Lq2vX7p@db/x';
   * const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } });
   * const { replacement = answer } = gate.cleanAnswer(answer, { tool: 'settings' });
   * replacement.includes('[REDACTED]'); // true
   * ```
   */
  cleanAnswer(message: Uint8Array | string, options?: CleanOptions): AnswerVerdict

  /**
   * Whether a tool belongs in the answer to `tools/list`: whether the policy's `access` lets it be called.
   *
   * @example
   * ```ts
   * const shown = tools.filter(({ name }) => gate.isVisible(name));
   * ```
   */
  isVisible(tool: string): boolean

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
   * Says which process does what calls ask for, so that paths in arguments are judged as it reads them: rule
   * `path.ambiguous`. `guardServer` does so for this process unless it was called before.
   *
   * @param process Default: this process with its working directory.
   * @returns Whether relative paths lead into a root; where not they are refused, unless `paths.relative` is `'root'`.
   * @example
   * gate.setServerProcess({ cwd: '/srv/app', home: '/home/app' });
   */
  setServerProcess(process?: ServerProcess): boolean

  /**
   * Takes the folders that the client names in answer to `roots/list`, where the policy says `roots: 'client'`. They only
   * narrow what the operator allows: a folder outside the policy's `within` is left out.
   *
   * @param roots Roots as the protocol has them, or `file:` URIs or absolute paths; `null` where the client names none, so
   * that those of the operator hold.
   * @returns The roots in force.
   * @throws {CallgateError} `'input.type'` where the policy names its roots itself, and for more than 64 folders or 32
   * different sets of them.
   * @example
   * const gate = new Gate({ paths: { roots: 'client', within: ['/home/ada'] } });
   * gate.setClientRoots([{ uri: 'file:///home/ada/notes' }]); // ['/home/ada/notes']
   */
  setClientRoots(roots: readonly (string | { uri: string })[] | null): string[]

  /**
   * Names a file of callgate's own that is in use (a lock, a log, an approval socket): no call may write, move or delete it or
   * a folder that it lies in, whatever the policy says, and where it is `secret` none may read it: rule `path.protected`.
   * It is known by its name, its links and other names. The file of {@link Gate.load} is named from the start.
   *
   * @returns Whether it is protected now: its folder exists.
   * @example
   * gate.protect('./callgate.lock.json');
   */
  protect(file: string, options?: { secret?: boolean }): boolean

  /**
   * The same checks as a verdict. A missing file is `path.missing` here too.
   *
   * @throws {CallgateError} `'input.type'` and `'gate.closed'` only.
   *
   * @example
   * ```ts
   * gate.checkPath('.env').findings[0]?.rule; // 'path.blocked'
   * ```
   */
  checkPath(path: string, options?: PathOptions): Verdict

  /**
   * Opens a path that lies in a root: the file that was checked is the file that is handed out, whatever is
   * renamed meanwhile. Intent `'write'` opens for writing, `'read'` for reading, `'list'` a directory.
   * Answers a file descriptor, which the caller closes. Node warns when a worker thread closes it ("not opened in unmanaged
   * mode"), unless the worker was made with `trackUnmanagedFds: false`; the functions of `node:fs` in Deno do not know it
   * (`EBADF`): use {@link Gate.files} there, whose `readFile` and `writeFile` need none.
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

  /** File operations inside the roots: each is done where its path was checked. Always the same object. */
  readonly files: Files

  /**
   * Calls back once for every finding, flags too: of audits, of messages, of {@link Gate.checkPath},
   * {@link Gate.checkUrl} and {@link Gate.checkAddress}, and of {@link Gate.resolvePath}, {@link Gate.openPath} and
   * {@link Gate.files}, also where they only flag. It is called before the verdict is handed out, in the order of
   * subscription. An allowed call costs one reading of the clock.
   *
   * What file systems answer honest calls too is not told: `path.missing`, `path.exists`, `path.not-empty` and
   * `path.no-space` reach the caller alone.
   *
   * A callback changes no verdict. One that throws, or whose promise rejects, is reported by
   * `process.emitWarning` (code `CALLGATE_ON_VERDICT`), the first time only, and called again the next time.
   * What a callback itself asks the gate before it returns is not told.
   *
   * Answers a function that ends the subscription; calling that twice is fine.
   *
   * @throws {CallgateError} `'input.type'` for what is no function.
   *
   * @example
   * ```ts
   * const seen = new Map<string, number>();
   * const stop = gate.onVerdict(({ rule }) => {
   *   seen.set(rule, (seen.get(rule) ?? 0) + 1);
   * });
   * ```
   */
  onVerdict(callback: (event: VerdictEvent) => unknown): () => void

  /**
   * Writes one line to standard error for every denial that {@link Gate.onVerdict} would tell of; never to
   * standard output, which belongs to the protocol. With `flags` (default `false`) for flags too: that shows what
   * mode `'observe'` would refuse.
   *
   * A line is printable ASCII. The tool's name and the pointer may come from the model: both are cut (64 and 256
   * characters) and, unless they are plain, quoted and escaped. A rule that a call breaks in more than three places has one
   * line, with how many there are more. Of very many about one rule 50 are written at once and 2 more each second; how many
   * were left out is told.
   *
   * Answers a function that ends it.
   *
   * @throws {CallgateError} `'input.type'` for unknown or wrong options.
   *
   * @example
   * ```ts
   * gate.logRefusals();
   * gate.audit('read_note', '{"id":1,"id":2}');
   * // callgate: denied read_note: json.duplicate-key at /id: the object has this member already (...)
   * ```
   */
  logRefusals(options?: { flags?: boolean }): () => void

  /**
   * Checks where a URL leads: its scheme, its host in any spelling, and whether programs could read another
   * host. Asks no network: a public name can resolve to a private address, so make the request with
   * `guardedFetch`, or with the `lookup` of `createLookup`, both of `callgate/http`. Ranges of findings are
   * bytes of the URL.
   *
   * @throws {CallgateError} `'input.type'` and `'gate.closed'` only.
   *
   * @example
   * ```ts
   * gate.checkUrl('https://example.com/').action; // 'allow'
   * gate.checkUrl('http://[::ffff:7f00:1]/').findings[0]?.rule; // 'url.private'
   * ```
   */
  checkUrl(url: string): Verdict

  /**
   * Checks an address that the host of a URL was resolved to, and the host itself: what a resolver of one's
   * own asks of every address before it is connected to. Ranges of findings are bytes of the host.
   *
   * @throws {CallgateError} `'input.type'`, also for text that is no IPv4 or IPv6 address, and `'gate.closed'`.
   *
   * @example
   * ```ts
   * gate.checkAddress('example.com', '127.0.0.1').findings[0]?.rule; // 'url.private'
   * ```
   */
  checkAddress(host: string, address: string): Verdict

  /**
   * Cleans a text that came from elsewhere before a model, a terminal or a page shows it: takes out what
   * `text.invisible`, `text.bidi` and `text.control` name, unless the policy switches the rule off, and makes
   * markup harmless as the policy's `sanitize` says. `\n`, `\t` and `\r\n` stay; so does all writing.
   *
   * A clean text comes back as it is, and cleaning twice changes nothing more. A lone surrogate becomes U+FFFD and
   * is counted. What the text means is not looked at: instructions in plain words stay.
   *
   * @throws {CallgateError} `'input.type'` for what is no string, and `'gate.closed'`.
   *
   * @example
   * ```ts
   * const { text, removed } = gate.sanitize('pay\u200bload \u001b[31mred');
   * // 'payload red', [{ kind: 'invisible', count: 1 }, { kind: 'escape', count: 1 }]
   * ```
   */
  sanitize(text: string): Sanitized

  /**
   * The result with which the handler of a tool refuses a call on its own judgement: in the shape of the refusals of
   * `callgate/mcp`. Takes a text for the model, a verdict, or an error, of which a `CallgateError` tells its finding
   * and any other its message. No more than 2,048 characters are told of each of at most three findings.
   *
   * @throws {CallgateError} `'input.type'` for anything else.
   *
   * @example
   * ```ts
   * async function readNote({ path }: { path: string }) {
   *   if (path.startsWith('drafts/')) return gate.refuse('drafts are not for reading');
   *   try {
   *     return { content: [{ type: 'text' as const, text: await gate.files.readFile(path, { encoding: 'utf8' }) }] };
   *   } catch (error) {
   *     if (error instanceof CallgateError) return gate.refuse(error);
   *     throw error;
   *   }
   * }
   * ```
   */
  refuse(reason: string | Verdict | Error): Refusal

  /**
   * Tells what the gate protects of the calls to a server: each string that a call may hold, what it is taken for and why,
   * what that denies and flags; what the names of members are held to; which strings nothing judges, which protections are
   * off, and which names in the policy stand for nothing. Takes an `McpServer` or `Server` of either line of the SDK, the
   * tools as `tools/list` answers them, or such an answer; without any it tells of the tools that the policy names. Of a
   * server that this gate does not guard, `off` says so.
   *
   * @throws {CallgateError} `'input.type'` for what is no list of tools, for more than 16 MiB of them, and for a server whose
   * tools are not known yet: a `Server` tells them to `guardServer` when it is connected, and so does an `McpServer` whose
   * schemas cannot be turned into JSON Schema at once (zod 3).
   *
   * @example
   * ```ts
   * import { Gate } from 'callgate';
   *
   * const tool = { name: 'read', inputSchema: { properties: { file_path: { type: 'string' } } } };
   * const { tools, unprotected } = new Gate().describe([tool]);
   * tools[0]?.arguments[0]; // { pointer: '/file_path', kind: 'path', source: 'name', ... }
   * unprotected; // [{ tool: 'read', pointer: '/file_path', what: 'no roots: paths are judged by their text alone' }]
   * ```
   */
  describe(server?: DescribedServer): Coverage
  /**
   * Builds what the first call would build: the tables and patterns of the detectors, once for the process. A server that
   * calls it before it listens has no slow first call; without it a gate is made in a fraction of the time.
   *
   * @throws {CallgateError} `'gate.closed'`.
   *
   * @example
   * ```ts
   * import { Gate } from 'callgate';
   *
   * const gate = new Gate();
   * gate.warm();
   * ```
   */
  warm(): void
  /**
   * Releases native memory and the opened roots now; otherwise that happens when the gate is collected.
   * Every later use throws `'gate.closed'`. Closing twice is fine.
   */
  close(): void
}

/** How {@link Files.readFile} reads. Unknown members are `CallgateError` `'input.type'`, here and below. */
export interface ReadFileOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /**
   * A file with more bytes is `path.size`. Default 16,777,216 (16 MiB); `Infinity` for no limit but that of a Buffer.
   */
  maxBytes?: number
  /** Answer a string in this encoding instead of a Buffer. */
  encoding?: BufferEncoding
}

/** How {@link Files.writeFile} writes. */
export interface WriteFileOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /** Create the file when it is missing; else that is `path.missing`. Default `true`. */
  create?: boolean
  /** A file that exists is `path.exists`. Needs `create`. Default `false`. */
  exclusive?: boolean
  /**
   * Permission bits of a created file, less the process's umask: 0 to 0o777. A file that is replaced keeps its
   * own. Default `0o600`.
   */
  mode?: number
  /** Wait until the file and its name are on the disk, so that they outlast a power failure. Default `false`. */
  sync?: boolean
}

/** How {@link Files.appendFile} appends. */
export interface AppendFileOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /** Create the file when it is missing; else that is `path.missing`. Default `true`. */
  create?: boolean
  /** Permission bits of a created file, less the process's umask: 0 to 0o777. Default `0o600`. */
  mode?: number
  /** Wait until the bytes are on the disk. Default `false`. */
  sync?: boolean
}

/** How {@link Files.readDir} lists. */
export interface ReadDirOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /**
   * Also what lies in its folders, but not in blocked ones and not in those of another file system (unless the
   * policy says `crossDevice`), which are listed themselves. Default `false`.
   */
  recursive?: boolean
  /** More entries are `path.entries`, and nothing is listed. Default 10,000; `Infinity` for no limit. */
  maxEntries?: number
  /**
   * Leave out names that are blocked. Those that are blocked by what the file holds (`*.pem`, `*.key`) are
   * listed. Default `false`.
   */
  hideBlocked?: boolean
}

/** How {@link Files.stat} looks. */
export interface StatOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
}

/** How {@link Files.makeDir} makes a folder. */
export interface MakeDirOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /**
   * Make the missing folders on the way too; a folder that exists is fine. Default `false`: it is `path.exists`,
   * and a missing one on the way `path.missing`.
   */
  recursive?: boolean
  /** Permission bits of a made folder, less the process's umask: 0 to 0o777. Default `0o700`. */
  mode?: number
}

/** How {@link Files.remove} removes. */
export interface RemoveOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /** Also what lies in the folder; else a folder that holds something is `path.not-empty`. Default `false`. */
  recursive?: boolean
  /** A tree with more entries is `path.entries`, and nothing is removed. Default 100,000; `Infinity` for no limit. */
  maxEntries?: number
}

/** How {@link Files.rename} renames. */
export interface RenameOptions {
  /** The folder that relative paths count from, as in {@link PathOptions}. */
  base?: string
  /** Replace a file by a file, or an empty folder by a folder. Default `false`: what exists is `path.exists`. */
  overwrite?: boolean
}

/** How {@link Files.copyFile} copies. */
export interface CopyFileOptions {
  /** The folder that relative paths count from, as in {@link PathOptions}. */
  base?: string
  /** Replace a file that exists. Default `false`: that is `path.exists`. */
  overwrite?: boolean
  /** A file with more bytes is `path.size`. Default: no limit, the file is never held in memory. */
  maxBytes?: number
  /** Wait until the copy and its name are on the disk. Default `false`. */
  sync?: boolean
}

/** How {@link Files.createReadStream} reads. */
export interface ReadStreamOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /** The first byte that is read, counted from 0. Default: the first of the file. */
  start?: number
  /** The last byte that is read, included. Default: the last of the file. */
  end?: number
  /** Emit strings in this encoding instead of Buffers. */
  encoding?: BufferEncoding
  /** Bytes that are read at once. At most 1 GiB. Default: Node's own, 65,536. */
  highWaterMark?: number
}

/** How {@link Files.createWriteStream} writes. */
export interface WriteStreamOptions {
  /** The folder that a relative path counts from, as in {@link PathOptions}. */
  base?: string
  /** Create the file when it is missing; else that is `path.missing`. Default `true`. */
  create?: boolean
  /** Write at the end of the file instead of cutting it to zero length first. Default `false`. */
  append?: boolean
  /** A file that exists is `path.exists`. Needs `create`. Default `false`. */
  exclusive?: boolean
  /** Permission bits of a created file, less the process's umask: 0 to 0o777. Default `0o600`. */
  mode?: number
  /** The encoding of strings that are written. Default `'utf8'`. */
  encoding?: BufferEncoding
  /** Bytes that wait before `write` answers `false`. At most 1 GiB. Default: Node's own, 16,384. */
  highWaterMark?: number
}

/** What lies in a folder. */
export interface ReadDirEntry {
  /**
   * Its name; when listed with `recursive`, its path below the listed folder, with `/`. U+FFFD stands for what is
   * not UTF-8, and such a name cannot be asked for.
   */
  name: string
  /** What it is; a link is one wherever it leads, `'other'` is a FIFO, socket or device. */
  kind: 'file' | 'directory' | 'link' | 'other'
  /** Bytes of a file, 0 for everything else. */
  size: number
}

/** What is known of a file or folder. */
export interface FileStat {
  /** What it is: a link inside the root is followed, everything else is refused. */
  kind: 'file' | 'directory'
  /** Bytes of a file, 0 for a directory. */
  size: number
  /** When the content was last changed: milliseconds since 1970, with fractions. */
  modifiedMs: number
  /** Permission bits, 0o7777 at most. */
  mode: number
}

/**
 * File operations inside the roots of a gate: {@link Gate.files}. Each acts on the very file and folder that
 * were checked, whatever is renamed meanwhile. Each has a twin with `Sync` behind its name, which blocks the
 * thread; the others work on libuv's thread pool, and an operation under way ends although the gate is closed.
 *
 * Paths are judged as in {@link Gate.resolvePath}. Where the policy only flags, the operation is done.
 *
 * @throws {CallgateError} (the promise rejects) whose `code` is the id of the rule that refused, with the
 * `finding`: those of {@link Gate.resolvePath}, `'path.no-space'` where the disk is full, and those named below;
 * `'input.type'` for wrong arguments; `'gate.closed'`; `'platform.unsupported'`; `'internal'`.
 *
 * @example
 * ```ts
 * const gate = new Gate({ paths: { roots: ['./notes'] } });
 *
 * await gate.files.writeFile('todo.md', 'milk');
 * const text = await gate.files.readFile('todo.md', { encoding: 'utf8', maxBytes: 65_536 });
 * for (const { name, kind } of await gate.files.readDir('.')) console.error(kind, name);
 * await gate.files.remove('../outside'); // rejects, code 'path.traversal'
 * ```
 */
export interface Files {
  /**
   * Reads a file whole: as much as it holds when it is opened, if somebody adds to it meanwhile. `'path.size'` for
   * one with more than `maxBytes`.
   *
   * @example
   * ```ts
   * const text = await gate.files.readFile('todo.md', 'utf8');
   * ```
   */
  readFile(
    path: string,
    options: BufferEncoding | (ReadFileOptions & { encoding: BufferEncoding }),
  ): Promise<string>
  readFile(path: string, options?: ReadFileOptions & { encoding?: undefined }): Promise<Buffer>
  readFile(path: string, options?: ReadFileOptions | BufferEncoding): Promise<Buffer | string>
  /** As {@link Files.readFile}. */
  readFileSync(
    path: string,
    options: BufferEncoding | (ReadFileOptions & { encoding: BufferEncoding }),
  ): string
  readFileSync(path: string, options?: ReadFileOptions & { encoding?: undefined }): Buffer
  readFileSync(path: string, options?: ReadFileOptions | BufferEncoding): Buffer | string

  /**
   * Writes a file whole, at once: who reads meanwhile sees the old content or the new one, and after a failure, or
   * the end of the process, the old one is there. A string is written as UTF-8, lone surrogates as U+FFFD. The data
   * is copied before this returns.
   *
   * The content is written to a file beside it first; a process that is killed leaves at most that one, named
   * `.callgate-`, 16 hexadecimal digits, `.tmp`. A file that is replaced keeps its permission bits, and its owner
   * where the system permits it, but neither access control lists nor extended attributes. A link is followed where it
   * leads to a file in a root. A file with several hard links (by default) is refused, and one that may not be written.
   *
   * `'path.exists'`, `'path.missing'`.
   *
   * @example
   * ```ts
   * await gate.files.writeFile('todo.md', 'milk', { exclusive: true, sync: true });
   * ```
   */
  writeFile(path: string, data: string | Uint8Array, options?: WriteFileOptions): Promise<void>
  /** As {@link Files.writeFile}. */
  writeFileSync(path: string, data: string | Uint8Array, options?: WriteFileOptions): void

  /**
   * Adds bytes at the end of a file. Where they do not all fit they are taken back, unless somebody wrote behind
   * them; a process that is killed may leave a part of them. `'path.missing'`.
   *
   * @example
   * ```ts
   * await gate.files.appendFile('log.md', '- milk\n');
   * ```
   */
  appendFile(path: string, data: string | Uint8Array, options?: AppendFileOptions): Promise<void>
  /** As {@link Files.appendFile}. */
  appendFileSync(path: string, data: string | Uint8Array, options?: AppendFileOptions): void

  /**
   * Lists a folder, in the order of the names' bytes. Links are shown as links and never followed.
   * `'path.entries'` for more than `maxEntries`.
   *
   * @example
   * ```ts
   * const notes = (await gate.files.readDir('.', { recursive: true })).filter(({ kind }) => kind === 'file');
   * ```
   */
  readDir(path: string, options?: ReadDirOptions): Promise<ReadDirEntry[]>
  /** As {@link Files.readDir}. */
  readDirSync(path: string, options?: ReadDirOptions): ReadDirEntry[]

  /**
   * Looks at a file or folder. The refusal of a blocked name does not tell whether anything is there.
   *
   * @example
   * ```ts
   * const { size, modifiedMs } = await gate.files.stat('todo.md');
   * ```
   */
  stat(path: string, options?: StatOptions): Promise<FileStat>
  /** As {@link Files.stat}. */
  statSync(path: string, options?: StatOptions): FileStat

  /**
   * Makes a folder. `'path.exists'`, `'path.missing'`. With `recursive`, what was made before a refusal stays.
   *
   * @example
   * ```ts
   * await gate.files.makeDir('2024/may', { recursive: true });
   * ```
   */
  makeDir(path: string, options?: MakeDirOptions): Promise<void>
  /** As {@link Files.makeDir}. */
  makeDirSync(path: string, options?: MakeDirOptions): void

  /**
   * Removes a file, a link or an empty folder; with `recursive`, a folder and what lies in it. A link is removed itself,
   * wherever it leads. A tree that holds what may not be deleted (a blocked name, a file with several hard links, a
   * special file, another file system) is refused before anything is removed; each entry is judged again when its
   * turn comes. A root itself is never removed. `'path.not-empty'`, `'path.entries'`.
   *
   * @example
   * ```ts
   * await gate.files.remove('2023', { recursive: true });
   * ```
   */
  remove(path: string, options?: RemoveOptions): Promise<void>
  /** As {@link Files.remove}. */
  removeSync(path: string, options?: RemoveOptions): void

  /**
   * Gives a file or folder another name, in any root on the same file system. The old name is judged as in a
   * deletion, the new one as in a write. A link is not moved: it could lead elsewhere from there.
   *
   * A folder moves only where what lies in it is judged by the same patterns at both places, otherwise it is
   * `'path.blocked'`: `a` is not renamed to `.kube`, because `a/config` would become `.kube/config`. What is blocked
   * in it by its own name moves along, and is blocked there too.
   *
   * `'path.exists'`, `'path.missing'`, `'path.not-empty'`, `'path.cross-device'`.
   *
   * @example
   * ```ts
   * await gate.files.rename('todo.md', 'done/todo.md');
   * ```
   */
  rename(from: string, to: string, options?: RenameOptions): Promise<void>
  /** As {@link Files.rename}. */
  renameSync(from: string, to: string, options?: RenameOptions): void

  /**
   * Copies a regular file, at once as in {@link Files.writeFile}. The source is judged as in a read, the new name as
   * in a write. A new file has the permission bits of the source, less the process's umask; one that is replaced
   * keeps its own. `'path.exists'`, `'path.missing'`, `'path.size'`.
   *
   * @example
   * ```ts
   * await gate.files.copyFile('todo.md', 'archive/todo.md', { overwrite: true });
   * ```
   */
  copyFile(from: string, to: string, options?: CopyFileOptions): Promise<void>
  /** As {@link Files.copyFile}. */
  copyFileSync(from: string, to: string, options?: CopyFileOptions): void

  /**
   * A stream over {@link Gate.openPath}: the file is open when this returns, and what is refused throws here, not in
   * the stream.
   *
   * @example
   * ```ts
   * gate.files.createReadStream('big.log', { start: 1024, encoding: 'utf8' }).pipe(process.stderr);
   * ```
   */
  createReadStream(path: string, options?: ReadStreamOptions | BufferEncoding): ReadStream

  /**
   * A stream over {@link Gate.openPath}, opened before this returns. The file is written in place, so that others see
   * it grow: {@link Files.writeFile} replaces it at once.
   *
   * @example
   * ```ts
   * await pipeline(request, gate.files.createWriteStream('upload.bin', { exclusive: true }));
   * ```
   */
  createWriteStream(path: string, options?: WriteStreamOptions | BufferEncoding): WriteStream
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
   * The id of the rule that refused a path or a URL, or one of `'input.type'`, `'policy.invalid'`,
   * `'policy.unreadable'`, `'gate.closed'`, `'platform.unsupported'` and `'internal'`.
   */
  readonly code: string
  /** The finding behind a refused path or URL. */
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
 * auditToolArgs('{"name":"todo","name":"other"}').findings[0]?.rule; // 'json.duplicate-key'
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

/** Who says what an argument is: the policy, a keyword of the server's schema, names and descriptions (a guess), nobody. */
export type CoverageSource = 'policy' | 'schema' | 'name' | 'none'

/** How the strings at one place of a call are judged. */
export interface ArgumentCoverage {
  /** Where they stand in the arguments: a pattern as a policy's `arguments` has it. */
  readonly pointer: string
  /** What they are taken for. */
  readonly kind: ArgumentPolicy['kind']
  /** Of a path: what the tool will do there. */
  readonly intent?: Intent
  /** Of SQL: the statements that are expected, where not all are. */
  readonly statements?: 'read' | 'write'
  /** Who says so. */
  readonly source: CoverageSource
  /** By what: a member of the policy, or what the schema says. */
  readonly why: string
  /** Rules and families of rules (`'path.*'`) that refuse a call. */
  readonly denies: readonly string[]
  /** Those that are only reported, but for values that no honest call holds. */
  readonly flags: readonly string[]
}

/** How the names of members are judged. */
export interface NameCoverage {
  /** As {@link ArgumentCoverage.denies}. */
  readonly denies: readonly string[]
  /** As {@link ArgumentCoverage.flags}. */
  readonly flags: readonly string[]
}

/** What is protected of one tool. */
export interface ToolCoverage {
  /** Its name. */
  readonly tool: string
  /** Whether the policy lets it be called. */
  readonly allowed: boolean
  /** Whether refusals of its calls refuse. */
  readonly mode: 'enforce' | 'observe'
  /** Whose schema its calls are held against. */
  readonly schema: CoverageSource
  /** Every string that its calls may hold. */
  readonly arguments: readonly ArgumentCoverage[]
  /** What the names of the members of its arguments are held to: a map may have paths for names. */
  readonly names: NameCoverage
}

/** Something to know about a member of a policy. */
export interface CoverageNote {
  /** The member. */
  readonly member: string
  /** What is to know. */
  readonly what: string
}

/** Something that is not protected. */
export interface CoverageGap {
  /** The tool. */
  readonly tool: string
  /** Where in its arguments. */
  readonly pointer: string
  /** What is missing. */
  readonly what: string
}

/** What {@link Gate.describe} takes: a server of either line of the SDK, its tools, or its answer to `tools/list`. */
export type DescribedServer =
  | readonly object[]
  | { readonly tools: readonly object[] }
  /** A `Server`. */
  | { setRequestHandler: (...args: never[]) => unknown }
  /** An `McpServer`. */
  | { readonly server: { setRequestHandler: (...args: never[]) => unknown } }

/** What a gate protects of the calls to a server: {@link Gate.describe}. */
export interface Coverage {
  /** Whether refusals refuse. */
  readonly mode: 'enforce' | 'observe'
  /** How many folders paths may lie in. */
  readonly roots: number
  /** The tools of the server; those that the policy names where none was described. */
  readonly tools: readonly ToolCoverage[]
  /** Protections that the policy weakens or leaves out. */
  readonly off: readonly CoverageNote[]
  /** Names in the policy that stand for nothing the server has. */
  readonly unknown: readonly CoverageNote[]
  /** Strings that nothing judges, and those whose kind lacks what it needs. */
  readonly unprotected: readonly CoverageGap[]
}

/** What a tool says of itself, as in the answer to `tools/list`. Other members are not read. */
export interface ToolWords {
  /** Its name. */
  readonly name?: string | undefined
  /** Its title, for people. */
  readonly title?: string | undefined
  /** Its description, for models. */
  readonly description?: string | undefined
}

/**
 * Infers the kinds of a tool's arguments from the JSON Schema of the arguments (its `inputSchema`): from the names of
 * properties, `type`, `format`, `pattern`, `enum`, `const`, `contentEncoding`, `contentMediaType`, `description`,
 * `title`, `default` and `examples`, and from the name, the title and the description of the tool. A place whose kind is
 * not known is left out. What it goes by, and how often it is right, is in `docs/kinds.md`.
 *
 * A closed set of values is `'opaque'`: leave it out of a policy where nothing else holds the values to the set.
 *
 * Takes the schema, or its JSON: at most 1 MiB and 10,000 parts, where those behind a `$ref` count each time. What is
 * nested deeper than 64 levels is left out.
 *
 * @param tool What the tool says of itself, such as its entry in the answer to `tools/list`. Default: nothing.
 * @throws {CallgateError} `'input.type'` for what is no schema, for one that is too large, and for a tool that is no
 * object.
 *
 * @example
 * ```ts
 * import { Gate, inferKinds } from 'callgate';
 *
 * const move = { properties: { source: { type: 'string' } } };
 * inferKinds(move); // {}
 * inferKinds(move, { name: 'move_file' }); // { '/source': 'path' }
 *
 * const kinds = inferKinds({ properties: { file_path: { type: 'string' }, limit: { type: 'integer' } } });
 * kinds; // { '/file_path': 'path' }
 * const entries = Object.entries(kinds).map(([pointer, kind]) => [pointer, { kind }]);
 * new Gate({ tools: { read_note: { arguments: Object.fromEntries(entries) } } });
 * ```
 */
export function inferKinds(schema: object | boolean | string | Uint8Array, tool?: ToolWords): InferredKinds

/** The version of the package, and of its native library. */
export const version: string
