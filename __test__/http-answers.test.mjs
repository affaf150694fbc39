// guardedFetch with servers that answer what they like: it rejects or answers, closes the connection, and no promise is
// left that nobody handles.

import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { Gate } from '../index.mjs'
import http from '../js/http/index.js'

const { guardedFetch } = http
const gate = new Gate({ urls: { allowPrivate: true } })

const unhandled = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))

const packed = gzipSync('x'.repeat(10_000)).subarray(0, 20)
/** By the path: what is answered, and whether the server then ends the connection. */
const ANSWERS = {
  '/101': ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nhello'],
  '/101-bare': ['HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  '/600': ['HTTP/1.1 600 Odd\r\ncontent-length: 1\r\n\r\nx'],
  '/999': ['HTTP/1.1 999 Odd\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n'],
  '/099': ['HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
  '/reason': ['HTTP/1.1 200 a\u0001b\r\ncontent-length: 0\r\n\r\n'],
  '/nothing': ['', 'end'],
  '/half': ['HTTP/1.1 200 OK\r\nconte', 'end'],
  '/none': ['no http at all\r\n\r\n'],
  '/hints': ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(40)],
  '/processing': ['HTTP/1.1 102 Processing\r\n\r\n'.repeat(40)],
  '/redirect-nowhere': ['HTTP/1.1 302 Found\r\nlocation: http://[\r\ncontent-length: 5\r\n\r\n'],
}
const CUT = {
  '/cut': ['HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc', 'end'],
  '/chunk': ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'stay'],
  '/packed': [
    `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n${packed.toString('latin1')}`,
    'end',
  ],
  '/unpacked': ['HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc', 'stay'],
}

const open = new Set()
const server = createServer((socket) => {
  open.add(socket)
  socket.on('close', () => open.delete(socket))
  socket.on('error', () => {})
  socket.once('data', (bytes) => {
    const path = /^\w+ (\S+)/.exec(bytes.toString())?.[1]
    const [answer, then] = { ...ANSWERS, ...CUT }[path]
    socket.write(answer, 'latin1', () => then === 'end' && socket.end())
  })
})
let origin
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
})
after(() => server.close())

/** Waits until every connection is closed. */
async function allClosed() {
  for (let turn = 0; turn < 200 && open.size > 0; turn++) {
    await later(10)
  }
  assert.equal(open.size, 0)
  assert.deepEqual(unhandled, [])
}

describe('guardedFetch with a server that misbehaves', () => {
  for (const path of Object.keys(ANSWERS)) {
    it(`rejects ${path}, and closes`, async () => {
      await assert.rejects(
        guardedFetch(gate, `${origin}${path}`, { signal: AbortSignal.timeout(5000) }),
        (error) => {
          assert.notEqual(error.name, 'TimeoutError')
          return true
        },
      )
      await allClosed()
    })
  }
  for (const path of Object.keys(CUT)) {
    it(`rejects whoever reads ${path}, and nobody else`, async () => {
      const signal = AbortSignal.timeout(5000)
      await assert.rejects(async () => (await guardedFetch(gate, `${origin}${path}`, { signal })).text())
      await allClosed()
      // Nobody reads this one.
      await guardedFetch(gate, `${origin}${path}`, { signal }).then(
        ({ body }) => body.cancel(),
        () => {},
      )
      await allClosed()
    })
  }
})
