import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform, Writable } from 'node:stream'
import type { Gate, Refusal } from '../../index.js'

/**
 * A server of either official SDK: `McpServer` or `Server` of `@modelcontextprotocol/sdk` 1.x or of
 * `@modelcontextprotocol/server` 2.x. Only its shape is named here; neither SDK is imported.
 */
export type GuardableServer =
  | { readonly server: object; connect(transport: never): Promise<void> }
  | { connect(transport: never): Promise<void>; setRequestHandler: unknown }

/** What {@link guardServer} can be told. */
export interface GuardServerOptions {
  /**
   * Whether calls are held against the schemas that the server registered, and refused where they do not match
   * (`schema.*`). `false`: only the kinds of their arguments are taken from them. Default: `false` for an `McpServer`,
   * which validates by itself and may take more than its schemas say (`z.coerce`), `true` for a `Server`, which does not
   * validate. A schema in the policy refuses in any case.
   */
  schemas?: boolean
}

/**
 * Guards a server in place, before or after its tools are registered and before or after it is connected, with every
 * transport. Answers the server itself.
 *
 * What comes in is judged as {@link Gate.auditMessage} does before the server sees it. A refused call is answered with
 * a result that has `isError` and tells the model which argument and which rule; other refusals are JSON-RPC errors:
 *
 * | code | of |
 * | --- | --- |
 * | -32700 | what is no JSON: `json.syntax`, `json.utf8` |
 * | -32600 | what is no request: `rpc.*`, also an id that another request still has |
 * | -32602 | params of another form: `rpc.envelope` in a request |
 * | -32010 | `json.*` |
 * | -32011 | `limit.*` |
 * | -32012 | `rpc.*` in a request |
 * | -32013 | `access.*` |
 * | -32014 | every other rule, for a method whose result has no place to say it |
 *
 * Their `data` has the `rule` and the `pointer`. Notifications are not answered. An answer of the client that is
 * refused reaches the server as an error.
 *
 * What goes out is cleaned: characters that hide are taken out of results, errors and log messages
 * ({@link Gate.sanitize}), then secrets ({@link Gate.redact}); markup and length stay unless the policy's `sanitize` names
 * them. Texts of errors of the protocol are cut after 8,192 characters. Transports that take objects are given what the JSON of a message
 * says, which is what was looked through. A result that is no JSON is answered with -32603. `tools/list` leaves out
 * tools that may not be called. An introduction leaves out instructions, and the title and description of `serverInfo`, that
 * give the model hidden orders (`tool.poisoned`). Base64 of images, audio and blobs, `_meta`, `requestState` and cursors stay.
 *
 * The kinds of arguments are taken from what the server registers, also later, and so are the schemas that calls must match
 * ({@link GuardServerOptions.schemas}); what the policy itself says of a tool wins. A `Server` without registrations is asked for its list when it is connected and when it
 * tells that the list has changed, at most two seconds long. A schema that cannot be used gives only the kinds, with a
 * warning (`CALLGATE_TOOL_SCHEMA`).
 *
 * With the SDKs' own `StdioServerTransport` the bytes are judged, as {@link stdinFilter} does. With other transports
 * messages are judged as the SDK parsed them, with one warning in a process (`CALLGATE_PARSED_MESSAGES`), unless
 * {@link guardApp}, {@link guardRequests}, {@link guardFetch} or {@link verifyBody} judged their bytes before: members given
 * twice, digits and invalid UTF-8 are lost in parsing.
 *
 * @throws {CallgateError} `'input.type'` for anything else, and for a server that another gate guards.
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
 * import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
 * import { Gate } from 'callgate';
 * import { guardServer } from 'callgate/mcp';
 *
 * const server = guardServer(new McpServer({ name: 'notes', version: '1.0.0' }), new Gate());
 * // register tools
 * await server.connect(new StdioServerTransport());
 * ```
 */
export function guardServer<Server extends GuardableServer>(
  server: Server,
  gate: Gate,
  options?: GuardServerOptions,
): Server

/**
 * Guards the handler of one tool: its arguments are audited as those of `name`, and its result is cleaned as
 * {@link guardServer} does. In a server that the same gate guards, calls are judged once. The wrapped one takes what
 * the handler takes, and answers a promise of its result or of the refusal ({@link Gate.refuse}).
 *
 * Arguments are judged as the handler gets them: parsed, and with defaults. Those that JSON cannot say (a `Date` that a
 * schema made) reject with `CallgateError` `'input.type'`.
 *
 * A handler does not tell what its arguments are. With `tool`, what `registerTool` gets, their kinds are inferred as
 * {@link guardServer} infers them; without it they have the kinds that the policy names, and are judged by their content
 * where it names none. A schema that nobody can read is warned of (`CALLGATE_TOOL_SCHEMA`), and no call is held against one.
 *
 * @throws {CallgateError} `'input.type'` for a definition that is no object; with one `'gate.closed'`.
 *
 * @example
 * ```ts
 * const tool = { description: 'Reads a note.', inputSchema: { path: z.string() } };
 * const readNote = wrapTool(gate, 'read_note', async ({ path }: { path: string }) => ({
 *   content: [{ type: 'text' as const, text: await gate.files.readFile(path, { encoding: 'utf8' }) }],
 * }), tool);
 * server.registerTool('read_note', tool, readNote);
 * ```
 */
export function wrapTool<Handler extends (...args: never[]) => unknown>(
  gate: Gate,
  name: string,
  handler: Handler,
  tool?: ToolDefinition,
): WrappedTool<Handler>

/** What a server publishes of a tool, as `registerTool` takes it or `tools/list` answers it. */
export interface ToolDefinition {
  /** What people call it. */
  title?: string
  /** What the model reads of it. */
  description?: string
  /** Its arguments: a Standard Schema (Zod, Valibot, ArkType), an object of them, or JSON Schema. */
  inputSchema?: object
  /** What it says that it does. */
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean }
}

/**
 * What {@link wrapTool} answers: called, it gives a promise of the handler's result or of the refusal. It stands where the
 * handler may stand.
 */
export type WrappedTool<Handler extends (...args: never[]) => unknown> = ((
  ...args: Parameters<Handler>
) => Promise<Awaited<ReturnType<Handler>> | Refusal>) &
  Handler

/** The streams of {@link GuardedStdioServerTransport}. */
export interface GuardedStdioOptions {
  /** Where messages come from. Default `process.stdin`. */
  stdin?: Readable
  /** Where answers go. Default `process.stdout`. */
  stdout?: Writable
}

/**
 * A transport on standard input and output in place of the SDKs' own. Its bytes are judged before anything is parsed,
 * whole chunks at a time; what is refused is answered as {@link guardServer} tells, and goes no further. A line above
 * `limits.messageBytes` is refused at its end without being held, with the id of its request wherever that stands.
 * Answers of one turn are written together; while the client does not read, nothing is read from it. When the input
 * ends, what was asked is still answered, then the transport closes.
 *
 * With {@link guardServer} and the same gate, messages are judged once, here, under the schemas of the server.
 *
 * @example
 * ```ts
 * await server.connect(new GuardedStdioServerTransport(gate));
 * ```
 */
export class GuardedStdioServerTransport {
  constructor(gate: Gate, options?: GuardedStdioOptions)
  /** Starts to read; `connect` of the server calls it. */
  start(): Promise<void>
  /** Writes a message at the end of the turn; done once the client reads. Results are cleaned. */
  // biome-ignore lint/suspicious/noExplicitAny: the message types of two SDKs, neither of which is imported
  send(message: any): Promise<void>
  /** Writes what waits and stops reading. */
  close(): Promise<void>
  onclose?: () => void
  onerror?: (error: Error) => void
  // biome-ignore lint/suspicious/noExplicitAny: as above
  onmessage?: (message: any, extra?: any) => void
}

/** What {@link stdinFilter} can be told. */
export interface StdinFilterOptions {
  /** Where refusals are written. Default `process.stdout`. */
  stdout?: Writable
  /**
   * A longer line is refused (bytes). Default 10,485,760, the most that the SDKs' transport takes: a longer line ends
   * its connection.
   */
  maxLineBytes?: number
}

/**
 * A stream between standard input and the SDKs' `StdioServerTransport`: it passes on the lines that the gate lets
 * through, byte for byte, and answers the others itself. Results pass it not: they are cleaned by {@link guardServer}. The
 * id of a request is put into its answer as it was written, in what is written to `stdout`.
 *
 * @example
 * ```ts
 * await server.connect(new StdioServerTransport(process.stdin.pipe(stdinFilter(gate)), process.stdout));
 * ```
 */
export function stdinFilter(gate: Gate, options?: StdinFilterOptions): Transform

/**
 * A `verify` function for `express.json`, which judges the bytes of a body before they are parsed. It throws for a
 * refused one: put {@link answerRefusedBody} behind it. One that says to be encoded in anything but UTF-8 is refused;
 * one that is not for MCP is left alone, as in {@link guardApp}.
 *
 * Express runs it in the first parser that reads the body: in an app that has one already, as `createMcpExpressApp()` of
 * the SDKs, use {@link guardApp}. Bodies above `limit` (100 kB by default) are answered by Express itself.
 *
 * @example
 * ```ts
 * app.use(express.json({ verify: verifyBody(gate), limit: '16mb' }), answerRefusedBody());
 * ```
 */
export function verifyBody(
  gate: Gate,
): (req: IncomingMessage, res: ServerResponse, body: Buffer, encoding?: string) => void

/**
 * An Express error handler that answers bodies which {@link verifyBody} refused: results with status 200, errors with
 * 400, a notification with 400 and no body. Other errors are passed on.
 */
export function answerRefusedBody(): (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * A request listener for `node:http` that judges the bytes of a POST, and hands on the request with what `JSON.parse` makes of
 * its body, as `handleRequest` of the SDKs' transports takes it: `undefined` where that is no JSON, or was not read. The
 * request can be read as if nobody had. Otherwise as {@link guardApp}.
 *
 * @example
 * ```ts
 * createServer(guardRequests(gate, (req, res, body) => transport.handleRequest(req, res, body))).listen(3000, '127.0.0.1');
 * ```
 */
export function guardRequests<Req extends IncomingMessage, Res extends ServerResponse>(
  gate: Gate,
  handler: (req: Req, res: Res, body?: unknown) => unknown,
): (req: Req, res: Res) => Promise<void>

/**
 * A request listener in front of a whole app, be it one of Express, Fastify's handler or any other listener: it judges the
 * bytes of a POST before the app reads them. The app gets the request as if nobody had read it.
 *
 * Judged is what is for MCP: every POST with the headers of its clients (`Accept: text/event-stream`, `Mcp-Session-Id`,
 * `Mcp-Protocol-Version`), and any other that holds a JSON-RPC message. Other JSON and forms are handed on. A body in gzip,
 * deflate or br is judged by what it holds; one for MCP in another encoding, or not in UTF-8, is refused.
 *
 * Refusals are answered as {@link answerRefusedBody} does; a body above `limits.messageBytes` with 413, one that could not be
 * judged with 500. A body that is cut off is handed to nobody. What the app throws is answered with 500 and told as a
 * warning (`CALLGATE_HANDLER`); the promise of the listener never rejects.
 *
 * @example
 * ```ts
 * const app = createMcpExpressApp();
 * app.post('/mcp', (req, res) => transport.handleRequest(req, res, req.body));
 * createServer(guardApp(gate, app)).listen(3000, '127.0.0.1');
 * // Fastify({ serverFactory: (handler) => createServer(guardApp(gate, handler)) })
 * ```
 */
export function guardApp<Req extends IncomingMessage, Res extends ServerResponse>(
  gate: Gate,
  app: (req: Req, res: Res) => unknown,
): (req: Req, res: Res) => Promise<void>

/**
 * The same for a handler of web requests, as `createMcpHandler` of v2 and apps of Hono give one. What the handler rejects with
 * is passed on.
 *
 * @example
 * ```ts
 * const handler = createMcpHandler(() => guardServer(newServer(), gate));
 * export default { fetch: guardFetch(gate, handler.fetch) };
 * ```
 */
export function guardFetch<Rest extends unknown[]>(
  gate: Gate,
  handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response>
