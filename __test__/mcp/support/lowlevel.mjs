// A low-level server of v1, which validates nothing by itself, and a client in the same process.

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { guardServer } from '../../../js/mcp/index.js'

/** Calls tools with these schemas behind a gate; their handlers answer with what they were given. */
export async function connected(t, gate, schemas, options) {
  const server = new Server({ name: 'low', version: '1.0.0' }, { capabilities: { tools: {} } })
  const tools = Object.entries(schemas).map(([name, inputSchema]) => ({ name, inputSchema }))
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: JSON.stringify(params.arguments) }],
  }))
  guardServer(server, gate, options)
  const client = new Client({ name: 'test', version: '1.0.0' })
  const [one, two] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(two)
  t.after(() => client.close())
  return (name, args) => client.callTool({ name, arguments: args })
}
