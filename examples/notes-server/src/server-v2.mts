// Notes on stdio with SDK 2.x, for clients of both protocols, guarded with one line: node server-v2.mjs <folder>

import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { GuardedStdioServerTransport, guardServer } from 'callgate/mcp'
import { gateFromArguments, INFO, toolsFor } from './tools.mjs'

const gate = gateFromArguments()

function newServer(): McpServer {
  const server = guardServer(new McpServer(INFO), gate)
  for (const { name, config, handler } of toolsFor(gate)) {
    server.registerTool(name, config, handler)
  }
  return server
}

// serveStdio reads before there is a server, so that the transport is the one that judges the bytes.
serveStdio(newServer, { transport: new GuardedStdioServerTransport(gate) })
