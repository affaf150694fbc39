// Two calls to a guarded server over one way: node parsed.mjs <bare|late|custom|judged|app|memory>

import { createServer } from 'node:http'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express from 'express'
import { z } from 'zod'
import { Gate } from '../../../index.mjs'
import { answerRefusedBody, guardApp, guardServer, verifyBody } from '../../../js/mcp/index.js'
import { INFO, register } from './server.mjs'

const [how] = process.argv.slice(2)
const gate = new Gate()
const make = () => guardServer(register(new McpServer(INFO), z), gate)
const message = {
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'echo', arguments: { text: 'hello' } },
}
const show = ({ result }) => process.stdout.write(`${result.content[0].text} `)

async function overHttp(app, wrap = (listener) => listener) {
  app.post('/', async (req, res) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableJsonResponse: true,
    })
    await make().connect(transport)
    await transport.handleRequest(req, res, req.body)
  })
  const server = createServer(wrap(app))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (let call = 0; call < 2; call++) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify(message),
    })
    show(await response.json())
  }
  server.closeAllConnections()
  server.close()
}

/** Over a transport that hands messages on; `send` gets the answers. */
async function over(transport, deliver, answers) {
  await make().connect(transport)
  for (let call = 0; call < 2; call++) {
    const answer = answers()
    deliver(message)
    show(await answer)
  }
}

const ways = {
  bare: () => overHttp(express().use(express.json())),
  late: () =>
    overHttp(createMcpExpressApp().use(express.json({ verify: verifyBody(gate) }), answerRefusedBody())),
  judged: () => overHttp(express().use(express.json({ verify: verifyBody(gate) }), answerRefusedBody())),
  app: () => overHttp(createMcpExpressApp(), (app) => guardApp(gate, app)),
  custom: () => {
    let take
    const transport = { start: async () => {}, close: async () => {}, send: async (answer) => take(answer) }
    const answers = () =>
      new Promise((resolve) => {
        take = resolve
      })
    return over(transport, (one) => transport.onmessage(one), answers)
  },
  memory: async () => {
    const [one, two] = InMemoryTransport.createLinkedPair()
    await two.start()
    const answers = () =>
      new Promise((resolve) => {
        two.onmessage = resolve
      })
    await over(one, (message) => two.send(message), answers)
  },
}
await ways[how]()
