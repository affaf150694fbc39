// The same notes on SDK 1.x, guarded with one line: node guarded-v1.mjs <folder>

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { Gate } from 'callgate'
import { guardServer } from 'callgate/mcp'
import { z } from 'zod'
import { answered, policyFor, rootFromArguments } from './guarded.mjs'
import { Notes } from './notes.mjs'

const gate = new Gate(policyFor(rootFromArguments()))
const notes = new Notes(gate.files)
const server = new McpServer({ name: 'notes', version: '1.0.0' })

server.registerTool(
  'read_note',
  { description: 'Reads a note', inputSchema: { file_path: z.string() } },
  ({ file_path }) => answered(gate, () => notes.read(file_path)),
)
server.registerTool(
  'write_note',
  { description: 'Writes a note', inputSchema: { file_path: z.string(), text: z.string() } },
  ({ file_path, text }) =>
    answered(gate, async () => {
      await notes.write(file_path, text)
      return 'written'
    }),
)

guardServer(server, gate)
await server.connect(new StdioServerTransport())
