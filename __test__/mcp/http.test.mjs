// Hostile clients of servers over HTTP, of both lines: the bytes of a body are judged before they are parsed.

import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler } from '@modelcontextprotocol/server'
import express from 'express'
import { Gate } from '../../index.mjs'
import { answerRefusedBody, guardFetch, guardRequests, guardServer, verifyBody } from '../../js/mcp/index.js'
import { CASES, matches, told } from './support/cases.mjs'
import { INFO, load, register } from './support/server.mjs'
import { MODERN } from './support/session.mjs'

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const one = await load('v1')
const two = await load('v2')

/** A server of v1 that is made anew for each request, as those without sessions are. */
async function serveOne(gate, req, res, body) {
  const server = guardServer(register(new one.McpServer(INFO), one.z), gate)
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: true,
  })
  res.on('close', () => server.close())
  await server.connect(transport)
  await transport.handleRequest(req, res, body)
}

/** The answer in a body: plain, or the first event of a stream. */
function answerIn(text) {
  const data = /^data: (.*)$/m.exec(text)?.[1]
  return text === '' ? undefined : JSON.parse(data ?? text)
}

/** Posts over a socket; a server may answer before it was sent everything. */
function post(port, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', headers: HEADERS }, async (response) => {
      const chunks = []
      for await (const chunk of response) {
        chunks.push(chunk)
      }
      resolve({ status: response.statusCode, answer: answerIn(Buffer.concat(chunks).toString()) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** @type {Record<string, (gate: Gate) => Promise<{ wire: any, ask: (body: Buffer) => Promise<any>, close: () => void }>>} */
const SERVERS = {
  'v1 behind guardRequests': (gate) =>
    listening(createServer(guardRequests(gate, (...args) => serveOne(gate, ...args)))),
  'v1 behind express.json': (gate) => {
    const app = express()
    app.use(express.json({ verify: verifyBody(gate), limit: '32mb' }))
    app.use(answerRefusedBody())
    app.post('/', (req, res) => serveOne(gate, req, res, req.body))
    return listening(createServer(app))
  },
  'v2 behind guardFetch': async (gate) => {
    const handler = createMcpHandler(() => guardServer(register(new two.McpServer(INFO), two.z), gate))
    const guarded = guardFetch(gate, handler.fetch)
    const ask = async (body) => {
      const headers = { ...HEADERS, ...modernHeaders(body) }
      const response = await guarded(new Request('http://localhost/', { method: 'POST', headers, body }))
      return { status: response.status, answer: answerIn(await response.text()) }
    }
    return { wire: { meta: MODERN }, ask, close: () => handler.close() }
  },
}

/** The headers that must repeat what the body says. */
function modernHeaders(body) {
  const method = /"method":"([^"]*)"/.exec(body.subarray(0, 1 << 16).toString('latin1'))?.[1]
  const name = /"name":"([^"]*)","arguments"/.exec(body.subarray(0, 4096).toString('latin1'))?.[1]
  return {
    'mcp-protocol-version': '2026-07-28',
    ...(method === undefined ? {} : { 'mcp-method': method }),
    ...(name === undefined ? {} : { 'mcp-name': name }),
  }
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return { wire: { meta: '' }, ask: (body) => post(port, body), close: () => server.close() }
}

for (const [name, start] of Object.entries(SERVERS)) {
  describe(`a server of ${name}`, () => {
    let server
    before(async () => {
      server = await start(new Gate())
    })
    after(() => server.close())

    for (const row of CASES.filter(({ stdioOnly }) => !stdioOnly)) {
      it(`answers ${row.name}`, async () => {
        const { status, answer } = await server.ask(Buffer.from(row.send(server.wire)))
        assert.ok(answer, `status ${status} without an answer`)
        assert.ok(matches(told(answer), row.guarded), `${told(answer)} is not ${row.guarded}`)
        const id = row.id === undefined || row.anyId ? 7 : row.id
        assert.equal(answer.id, id)
      })
    }

    it('does not answer a notification that is refused', async () => {
      const { status, answer } = await server.ask(
        Buffer.from('{"jsonrpc":"2.0","method":"notifications/x","params":{"a":1,"a":2}}'),
      )
      assert.deepEqual({ status, answer }, { status: 400, answer: undefined })
    })
  })
}

describe('a body above the limit', () => {
  const gate = new Gate({ limits: { messageBytes: 1000 } })
  const body = Buffer.from(`{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"${'x'.repeat(200_000)}"}}`)
  const never = () => assert.fail('the handler is not called')
  const expected = { status: 413, code: -32011, rule: 'limit.bytes' }

  it('is refused by guardRequests', async () => {
    const { ask, close } = await listening(createServer(guardRequests(gate, never)))
    const { status, answer } = await ask(body)
    assert.deepEqual({ status, code: answer.error.code, rule: answer.error.data.rule }, expected)
    close()
  })
  it('is refused by guardFetch', async () => {
    const response = await guardFetch(gate, never)(new Request('http://localhost/', { method: 'POST', body }))
    const { error } = await response.json()
    assert.deepEqual({ status: response.status, code: error.code, rule: error.data.rule }, expected)
  })
})

describe('what is no POST', () => {
  it('is handed on as it is', async () => {
    const gate = new Gate()
    const asked = new Request('http://localhost/a', { method: 'GET' })
    const response = await guardFetch(gate, (request, rest) => {
      assert.equal(request, asked)
      return new Response(rest)
    })(asked, 'rest')
    assert.equal(await response.text(), 'rest')
  })
})
