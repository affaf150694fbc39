// A server whose description is a JSON file: { instructions, tools, pages }.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { instructions, tools, page = 100, modern = false } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const introduction = { capabilities: { tools: {} }, serverInfo: { name: 'described' }, instructions }

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) {
    return
  }
  if (method === (modern ? 'server/discover' : 'initialize')) {
    send({ id, result: { ...introduction, protocolVersion: params.protocolVersion } })
  } else if (method === 'tools/list') {
    const from = Number(params?.cursor ?? 0)
    const more = from + page < tools.length ? { nextCursor: String(from + page) } : {}
    send({ id, result: { tools: tools.slice(from, from + page), ...more } })
  } else if (method === 'tools/call') {
    send({ id, result: { content: [{ type: 'text', text: `called ${params.name}` }] } })
  } else {
    send({ id, error: { code: -32601, message: 'no such method' } })
  }
})
