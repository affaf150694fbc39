// A server behind each framework, with the one line that its documentation names, and two routes that are not MCP's.

import { createServer } from 'node:http'
import { connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createMcpExpressApp as createExpressTwo } from '@modelcontextprotocol/express'
import { createMcpExpressApp as createExpressOne } from '@modelcontextprotocol/sdk/server/express.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler } from '@modelcontextprotocol/server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import {
  answerRefusedBody,
  guardApp,
  guardFetch,
  guardRequests,
  guardServer,
  verifyBody,
} from '../../../js/mcp/index.js'
import { INFO, load, register } from './server.mjs'

const one = await load('v1')
const two = await load('v2')

/** Serves one request with a server of v1 that is made for it. */
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

const handlerOf = (gate) =>
  createMcpHandler(() => guardServer(register(new two.McpServer(INFO), two.z), gate))

/** The routes of an app of Express, which parses JSON already. */
function routes(app, gate) {
  app.post('/mcp', (req, res) => serveOne(gate, req, res, req.body))
  app.post('/json', (req, res) => res.json(req.body))
  app.post('/form', express.urlencoded(), (req, res) => res.json(req.body))
  return app
}

async function textOf(stream) {
  const chunks = []
  for await (const chunk of stream) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** @type {Record<string, { line: string, start: (gate: any) => any }>} */
export const FRAMEWORKS = {
  'Express 5': {
    line: 'app.use(express.json({ verify: verifyBody(gate), limit: "16mb" }), answerRefusedBody())',
    start: (gate) => {
      const app = express()
      app.use(express.json({ verify: verifyBody(gate), limit: '16mb' }), answerRefusedBody())
      return createServer(routes(app, gate))
    },
  },
  'createMcpExpressApp of v1': {
    line: 'createServer(guardApp(gate, app))',
    start: (gate) => createServer(guardApp(gate, routes(createExpressOne(), gate))),
  },
  'createMcpExpressApp of v2': {
    line: 'createServer(guardApp(gate, app))',
    start: (gate) => createServer(guardApp(gate, routes(createExpressTwo(), gate))),
  },
  Hono: {
    line: 'serve({ fetch: guardFetch(gate, app.fetch) })',
    start: (gate) => {
      const app = new Hono()
      const handler = handlerOf(gate)
      app.all('/mcp', (context) => handler.fetch(context.req.raw))
      app.post('/json', async (context) => context.json(await context.req.json()))
      app.post('/form', async (context) => context.json(await context.req.parseBody()))
      return createServer(getRequestListener(guardFetch(gate, app.fetch)))
    },
  },
  Fastify: {
    line: 'Fastify({ serverFactory: (handler) => createServer(guardApp(gate, handler)) })',
    start: async (gate) => {
      const app = Fastify({ serverFactory: (handler) => createServer(guardApp(gate, handler)) })
      app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(body))),
      )
      app.post('/mcp', (request, reply) => {
        reply.hijack()
        return serveOne(gate, request.raw, reply.raw, request.body)
      })
      app.post('/json', async (request) => request.body)
      app.post('/form', async (request) => request.body)
      await app.ready()
      return app.server
    },
  },
  'node:http': {
    line: 'createServer(guardRequests(gate, handler))',
    start: (gate) =>
      createServer(
        guardRequests(gate, async (req, res, body) => {
          if (req.url === '/mcp') {
            return serveOne(gate, req, res, body)
          }
          const parsed =
            req.url === '/json' ? body : Object.fromEntries(new URLSearchParams(await textOf(req)))
          res.setHeader('content-type', 'application/json').end(JSON.stringify(parsed))
        }),
      ),
  },
  'a handler of fetch': {
    line: 'guardFetch(gate, handler.fetch)',
    start: (gate) => {
      const handler = handlerOf(gate)
      const route = async (request) => {
        const { pathname } = new URL(request.url)
        if (pathname === '/mcp') {
          return handler.fetch(request)
        }
        const parsed =
          pathname === '/json'
            ? await request.json()
            : Object.fromEntries(new URLSearchParams(await request.text()))
        return Response.json(parsed)
      }
      return createServer(getRequestListener(guardFetch(gate, route)))
    },
  },
}

/** Listens on loopback; answers what to ask of it over raw sockets. */
export async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return {
    port,
    send: (bytes, options) => exchange(port, bytes, options),
    post: (path, headers, body) => exchange(port, head(path, headers, Buffer.byteLength(body)) + body),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The head of a request. */
export function head(path, headers, length) {
  const lines = Object.entries({
    host: '127.0.0.1',
    connection: 'close',
    ...(length !== undefined && { 'content-length': length }),
    ...headers,
  })
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/**
 * What a server answers to bytes, until it closes. `then`: what becomes of the socket once they are sent.
 *
 * @returns {Promise<{ status: number, text: string, json: any }>}
 */
function exchange(port, bytes, { then = () => {} } = {}) {
  return new Promise((resolve) => {
    const chunks = []
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(bytes, () => then(socket))
    })
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      const raw = Buffer.concat(chunks).toString()
      const text = raw.slice(raw.indexOf('\r\n\r\n') + 4)
      const chunked = /transfer-encoding: chunked/i.test(raw)
      const body = chunked ? text.replace(/(^|\r\n)[0-9a-f]+\r\n/gi, '').replace(/\r\n$/, '') : text
      let json
      try {
        json = JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? body)
      } catch {}
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(raw)?.[1] ?? 0), text: body, json })
    })
  })
}
