// The same notes on SDK 2.x, for clients of both protocols, guarded with one line: node guarded-v2.mjs <folder>

import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { Gate } from 'callgate'
import { GuardedStdioServerTransport, guardServer } from 'callgate/mcp'
import { z } from 'zod'
import { answered, policyFor, rootFromArguments } from './guarded.mjs'
import { Notes } from './notes.mjs'

const gate = new Gate(policyFor(rootFromArguments()))
const notes = new Notes(gate.files)

function newServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool(
    'read_note',
    { description: 'Reads a note', inputSchema: z.object({ file_path: z.string() }) },
    ({ file_path }) => answered(gate, () => notes.read(file_path)),
  )
  server.registerTool(
    'write_note',
    { description: 'Writes a note', inputSchema: z.object({ file_path: z.string(), text: z.string() }) },
    ({ file_path, text }) =>
      answered(gate, async () => {
        await notes.write(file_path, text)
        return 'written'
      }),
  )
  return guardServer(server, gate)
}

// serveStdio reads before there is a server, so that the transport is the one that judges the bytes.
serveStdio(newServer, { transport: new GuardedStdioServerTransport(gate) })
