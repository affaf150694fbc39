// Compiled with --strict against both lines of the SDK; never run.

import { createServer } from 'node:http'
import { Server as Server1 } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport as Stdio1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, McpServer as McpServer2, Server as Server2 } from '@modelcontextprotocol/server'
import { StdioServerTransport as Stdio2, serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import { Gate } from '../../index.mjs'
import {
  answerRefusedBody,
  GuardedStdioServerTransport,
  guardFetch,
  guardRequests,
  guardServer,
  stdinFilter,
  verifyBody,
  wrapTool,
} from '../../js/mcp/index.js'

const gate = new Gate()
const info = { name: 'a', version: '1' }

const one: McpServer1 = guardServer(new McpServer1(info), gate)
const two: McpServer2 = guardServer(new McpServer2(info), gate, { schemas: false })
const innerOne: Server1 = guardServer(new Server1(info, { capabilities: {} }), gate)
const innerTwo: Server2 = guardServer(new Server2(info, { capabilities: {} }), gate)

one.registerTool(
  'a',
  { inputSchema: { path: z.string() } },
  wrapTool(gate, 'a', async ({ path }, extra) => {
    const text: string = path + extra.requestId
    return path === '' ? gate.refuse('no path') : { content: [{ type: 'text', text }] }
  }),
)
two.registerTool(
  'a',
  { inputSchema: z.object({ path: z.string() }) },
  wrapTool(gate, 'a', async ({ path }, ctx) => {
    const text: string = path + ctx.mcpReq.id
    return path === '' ? gate.refuse('no path') : { content: [{ type: 'text', text }] }
  }),
)
const tool = { description: 'Reads.', inputSchema: { path: z.string() }, annotations: { readOnlyHint: true } }
const wrapped = wrapTool(gate, 'b', async ({ path }: { path: string }) => gate.refuse(path), tool)
one.registerTool('b', tool, wrapped)
await one.connect(new GuardedStdioServerTransport(gate))
await two.connect(new GuardedStdioServerTransport(gate, { stdin: process.stdin, stdout: process.stdout }))
await innerOne.connect(new GuardedStdioServerTransport(gate))
await innerTwo.connect(new GuardedStdioServerTransport(gate))
await one.connect(new Stdio1(process.stdin.pipe(stdinFilter(gate)), process.stdout))
await two.connect(new Stdio2(process.stdin.pipe(stdinFilter(gate, { maxLineBytes: 1 })), process.stdout))
serveStdio(() => two, { transport: new GuardedStdioServerTransport(gate) })

const http = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'a' })
createServer(guardRequests(gate, (req, res, body) => http.handleRequest(req, res, body)))
const handler = createMcpHandler(() => two)
const fetched: Promise<Response> = guardFetch(gate, handler.fetch)(new Request('http://localhost'))
const verify: (req: never, res: never, body: Buffer) => void = verifyBody(gate)
gate.warm()
const described = [one, two, innerOne, innerTwo].map((server) => gate.describe(server).unprotected)
const replaced: string | undefined = gate.cleanAnswer('{}', { tool: 'a', outputSchema: {} }).replacement
export default [fetched, verify, answerRefusedBody(), described, replaced]
