// A server whose description is a JSON file: { instructions, tools, prompts, resources, page, modern }, `needs` with tools
// for clients that have an ability, and `shuffles` where descriptions have another order of words at each start.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const description = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const {
  instructions,
  prompts,
  resources,
  page = 100,
  modern = false,
  needs = {},
  shuffles = false,
} = description
const tools = description.tools.map((tool) =>
  shuffles
    ? {
        ...tool,
        description: tool.description
          .split(' ')
          .sort(() => Math.random() - 0.5)
          .join(' '),
      }
    : tool,
)
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const capabilities = { tools: {}, ...(prompts && { prompts: {} }), ...(resources && { resources: {} }) }
const introduction = { capabilities, serverInfo: { name: 'described' }, instructions }

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) {
    return
  }
  if (method === (modern ? 'server/discover' : 'initialize')) {
    for (const [ability, more] of Object.entries(needs)) {
      tools.push(...(params.capabilities?.[ability] === undefined ? [] : more))
    }
    send({ id, result: { ...introduction, protocolVersion: params.protocolVersion } })
  } else if (method === 'prompts/list' && prompts) {
    send({ id, result: { prompts } })
  } else if (method === 'resources/list' && resources) {
    send({ id, result: { resources } })
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
