// Handlers that fail behind the wrappers of HTTP, asked over raw sockets: the request ends, and nothing else does.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { Gate } from '../../index.mjs'
import { guardApp, guardRequests } from '../../js/mcp/index.js'

const escaped = []
process.on('unhandledRejection', (reason) => escaped.push(reason))
process.on('uncaughtException', (error) => escaped.push(error))
const warnings = []
process.on('warning', ({ code }) => warnings.push(code))

/** What handlers do, and the first line that the client gets; none where the connection ends without an answer. */
const HANDLERS = {
  'throws an error': [() => assert.fail('no'), 500],
  'rejects with nothing': [() => Promise.reject(), 500],
  'throws an object without a prototype': [
    () => {
      throw Object.create(null)
    },
    500,
  ],
  'throws an object whose text is no function': [
    () => {
      throw { stack: { toString: 1 } }
    },
    500,
  ],
  'throws an object whose stack throws': [
    () => {
      throw {
        get stack() {
          throw new Error('twice')
        },
      }
    },
    500,
  ],
  'repeats a line break of the client in the status message': [
    (_req, res) => {
      res.statusMessage = 'not found: a\nb'
      res.end()
    },
    500,
  ],
  'has a status message in another alphabet': [
    (_req, res) => {
      res.statusMessage = '\u4e2d'
      res.end()
    },
    500,
  ],
  'throws when it has answered': [
    (_req, res) => {
      res.end('done')
      assert.fail('late')
    },
    200,
  ],
  'throws when the socket is gone': [
    (_req, res) => {
      res.destroy()
      assert.fail('late')
    },
    undefined,
  ],
}

/** The status that a raw request gets. */
function statusOf(port, parts) {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (chunk) => {
      text += chunk
      socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1]
      resolve(status === undefined ? undefined : Number(status))
    })
    void (async () => {
      for (const part of parts) {
        socket.write(part)
        await later(60)
      }
    })()
  })
}

const post = (path, length) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

for (const [name, wrap] of Object.entries({ guardApp, guardRequests })) {
  describe(`a handler behind ${name}`, () => {
    const guarded = wrap(new Gate(), (req, res) =>
      HANDLERS[decodeURIComponent(req.url.slice(1))][0](req, res),
    )
    const server = createServer((req, res) => {
      // As a middleware with a time limit does.
      if (req.url === '/slow') {
        setTimeout(() => res.writeHead(503).end(), 20)
      }
      return guarded(req, res)
    })
    let port
    before(async () => {
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      port = server.address().port
    })
    after(() => server.close())

    for (const [what, [, status]] of Object.entries(HANDLERS)) {
      it(what, async () => {
        const path = `/${encodeURIComponent(what)}`
        warnings.length = 0
        assert.equal(await statusOf(port, [`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`]), status)
        assert.equal(await statusOf(port, [`${post(path, 2)}{}`]), status)
        await later(10)
        assert.deepEqual(escaped, [])
        assert.deepEqual(warnings, ['CALLGATE_HANDLER', 'CALLGATE_HANDLER'])
      })
    }

    it('is answered for before its body is refused', async () => {
      const body = '{"jsonrpc":"1.0","id":1,"method":"x"}'
      const parts = [post('/slow', body.length) + body.slice(0, 9), body.slice(9)]
      assert.equal(await statusOf(port, parts), 503)
      await later(10)
      assert.deepEqual(escaped, [])
    })
  })
}
