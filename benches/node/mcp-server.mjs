// A server with one tool, guarded in one of the ways that are compared: node mcp-server.mjs <line> <way>

import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardServer, stdinFilter } from '../../js/mcp/index.js'

const [line, way] = process.argv.slice(2)
const { McpServer, StdioServerTransport } =
  line === 'v1'
    ? {
        ...(await import('@modelcontextprotocol/sdk/server/mcp.js')),
        ...(await import('@modelcontextprotocol/sdk/server/stdio.js')),
      }
    : {
        ...(await import('@modelcontextprotocol/server')),
        ...(await import('@modelcontextprotocol/server/stdio')),
      }
const { z } = await import('zod')

const gate = new Gate()
const server = new McpServer({ name: 'bench', version: '1.0.0' })
server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
  content: [{ type: 'text', text }],
}))

// A line of 50 MB is above what the transport of the SDK takes by default.
const options = { maxBufferSize: 64 << 20 }
const TRANSPORTS = {
  unguarded: () => new StdioServerTransport(process.stdin, process.stdout, options),
  filter: () => {
    const input = stdinFilter(gate, { maxLineBytes: options.maxBufferSize })
    return new StdioServerTransport(process.stdin.pipe(input), process.stdout, options)
  },
  transport: () => new GuardedStdioServerTransport(gate),
  both: () => new GuardedStdioServerTransport(gate),
  guard: () => new StdioServerTransport(process.stdin, process.stdout, options),
}
if (way === 'guard' || way === 'both') {
  guardServer(server, gate)
}
await server.connect(TRANSPORTS[way]())
