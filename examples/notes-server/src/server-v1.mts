// Notes on stdio with SDK 1.x, guarded with one line: node server-v1.mjs <folder>

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { guardServer } from 'callgate/mcp'
import { gateFromArguments, INFO, toolsFor } from './tools.mjs'

const gate = gateFromArguments()
const server = guardServer(new McpServer(INFO), gate)
for (const { name, config, handler } of toolsFor(gate)) {
  server.registerTool(name, config, handler)
}
await server.connect(new StdioServerTransport())
