// Makes servers with a schema each, as servers do that are made anew for every request, and tells what was left:
// node --expose-gc many.mjs <server|low> <count> <root> <guarded|bare>

import { readdirSync } from 'node:fs'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { Gate } from '../../../index.mjs'
import { guardServer } from '../../../js/mcp/index.js'

const [kind, count, root, guard] = process.argv.slice(2)
const gate = new Gate({ paths: { roots: [root] } })
const info = { name: 'many', version: '1.0.0' }

const make = {
  server(index) {
    const server = new McpServer(info)
    const inputSchema = z.object({ user: z.enum([`user${index}`]), file_path: z.string() })
    server.registerTool('take', { inputSchema }, () => ({ content: [] }))
    return server
  },
  low(index) {
    const server = new Server(info, { capabilities: { tools: {} } })
    const properties = { user: { enum: [`user${index}`] }, file_path: { type: 'string' } }
    const tools = [{ name: 'take', inputSchema: { type: 'object', properties } }]
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
    server.setRequestHandler(CallToolRequestSchema, () => ({ content: [] }))
    return server
  },
}[kind]

async function serve(index) {
  const server = guard === 'bare' ? make(index) : guardServer(make(index), gate)
  const [one, two] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  const answer = new Promise((resolve) => {
    two.onmessage = resolve
  })
  await two.start()
  const params = { name: 'take', arguments: { user: `user${index}`, file_path: '../../etc/passwd' } }
  await two.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const { result } = await answer
  await server.close()
  if (guard !== 'bare' && !result.isError) {
    throw new Error('a call passed that climbs out')
  }
}

/** What is held: the least of some looks, as the collector gives pages back when it finds time. */
async function look() {
  let bytes = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 8; turn++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 25))
    const { rss, heapTotal, heapUsed } = process.memoryUsage()
    bytes = Math.min(bytes, rss - heapTotal + heapUsed)
  }
  return { descriptors: readdirSync('/proc/self/fd').length, bytes }
}

const QUARTER = Number(count) / 4
let before
let after
let most = 0
for (let index = 0; index < Number(count); index++) {
  await serve(index)
  if (index % QUARTER === QUARTER - 1) {
    most = Math.max(most, readdirSync('/proc/self/fd').length)
    // As between requests, so that what can be collected is. What the first ones leave is made once.
    after = await look()
    before ??= after
  }
}
console.log(
  JSON.stringify({
    most,
    descriptors: after.descriptors - before.descriptors,
    bytes: after.bytes - before.bytes,
  }),
)
