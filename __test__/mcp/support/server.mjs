// The server that the hostile peers talk to, of both lines: node server.mjs <v1|v2|modern> <none|guard|filter|transport>

import { Gate } from '../../../index.mjs'
import { GuardedStdioServerTransport, guardServer, stdinFilter } from '../../../js/mcp/index.js'

export const INFO = { name: 'victim', version: '1.0.0' }

/** A result that JSON cannot say. */
function nested(levels) {
  let value = {}
  for (let level = 0; level < levels; level++) {
    value = { value }
  }
  return value
}

/** Tools of a server that trusts everybody. */
export function register(server, z) {
  const text = (value) => ({ content: [{ type: 'text', text: value }] })
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, (args) => text(args.text))
  server.registerTool('read', { inputSchema: z.object({ file_path: z.string() }) }, () => text('read'))
  server.registerTool('count', { inputSchema: z.object({ n: z.number() }) }, ({ n }) => text(String(n)))
  server.registerTool('any', { inputSchema: z.looseObject({}) }, (args) => text(Object.keys(args).join()))
  server.registerTool('deep', {}, () => ({ ...text('deep'), structuredContent: nested(20_000) }))
  server.registerTool('secret', {}, () =>
    text(`a\u200bb ${['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_')}`),
  )
  return server
}

export async function load(line) {
  const { z } = await import('zod')
  if (line === 'v1') {
    const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js')
    const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js')
    return { McpServer, StdioServerTransport, z }
  }
  const { McpServer } = await import('@modelcontextprotocol/server')
  const { serveStdio, StdioServerTransport } = await import('@modelcontextprotocol/server/stdio')
  return { McpServer, serveStdio, StdioServerTransport, z }
}

if (process.argv[1] === import.meta.filename) {
  const [line, guard] = process.argv.slice(2)
  const { McpServer, StdioServerTransport, serveStdio, z } = await load(line)
  const gate = new Gate()
  const make = () => {
    const server = register(new McpServer(INFO), z)
    return guard === 'none' || guard === 'filter' ? server : guardServer(server, gate)
  }
  const transports = {
    none: () => new StdioServerTransport(),
    guard: () => new StdioServerTransport(),
    filter: () => new StdioServerTransport(process.stdin.pipe(stdinFilter(gate)), process.stdout),
    transport: () => new GuardedStdioServerTransport(gate),
  }
  const transport = transports[guard]()
  if (line === 'modern') {
    serveStdio(make, { transport })
  } else {
    await make().connect(transport)
  }
}
