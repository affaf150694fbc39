// Servers over HTTP, of both lines of the SDK, with and without a gate.

import { createServer, request } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler } from '@modelcontextprotocol/server'
import express from 'express'
import {
  answerRefusedBody,
  guardFetch,
  guardRequests,
  guardServer,
  verifyBody,
} from '../../../js/mcp/index.js'
import { INFO, load, register } from './server.mjs'
import { MODERN } from './session.mjs'

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const one = await load('v1')
const two = await load('v2')

const guarded = (server, gate) => (gate === undefined ? server : guardServer(server, gate))

/** A server of v1 that is made anew for each request, as those without sessions are. */
async function serveOne(gate, req, res, body) {
  const server = guarded(register(new one.McpServer(INFO), one.z), gate)
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
  try {
    return text === '' ? undefined : JSON.parse(data ?? text)
  } catch {
    return undefined
  }
}

/** Posts over a socket; a server may answer before it was sent everything. */
function post(port, body) {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', method: 'POST', headers: HEADERS, agent: false },
      async (response) => {
        const chunks = []
        for await (const chunk of response) {
          chunks.push(chunk)
        }
        resolve({ status: response.statusCode, answer: answerIn(Buffer.concat(chunks).toString()) })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

export async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return { wire: { meta: '' }, ask: (body) => post(port, body), close: () => server.close() }
}

/** @type {Record<string, (gate?: any) => Promise<{ wire: any, ask: (body: Buffer) => Promise<any>, close: () => void }>>} */
export const SERVERS = {
  'v1 behind guardRequests': (gate) => {
    const serve = (...args) => serveOne(gate, ...args)
    return listening(
      createServer(gate === undefined ? (req, res) => serve(req, res) : guardRequests(gate, serve)),
    )
  },
  'v1 behind express.json': (gate) => {
    const app = express()
    app.use(express.json({ limit: '32mb', ...(gate && { verify: verifyBody(gate) }) }))
    app.use(answerRefusedBody())
    app.post('/', (req, res) => serveOne(gate, req, res, req.body))
    return listening(createServer(app))
  },
  'v2 behind guardFetch': async (gate) => {
    const handler = createMcpHandler(() => guarded(register(new two.McpServer(INFO), two.z), gate))
    const fetch = gate === undefined ? handler.fetch : guardFetch(gate, handler.fetch)
    const ask = async (body) => {
      const headers = { ...HEADERS, ...modernHeaders(body) }
      const response = await fetch(new Request('http://localhost/', { method: 'POST', headers, body }))
      return { status: response.status, answer: answerIn(await response.text()) }
    }
    return { wire: { meta: MODERN }, ask, close: () => handler.close() }
  },
}

/** The headers that must repeat what the body says. */
function modernHeaders(body) {
  const start = body.subarray(0, 4096).toString('latin1')
  const method = /"method":"([^"]*)"/.exec(start)?.[1]
  const name = /"name":"([^"]*)","arguments"/.exec(start)?.[1]
  return {
    'mcp-protocol-version': '2026-07-28',
    ...(method === undefined ? {} : { 'mcp-method': method }),
    ...(name === undefined ? {} : { 'mcp-name': name }),
  }
}
