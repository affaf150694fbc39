// What is longer than a message may be: refused and told; let through where the policy only observes, or where it is no
// message of MCP.

import assert from 'node:assert/strict'
import { request as ask, createServer } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardApp, guardFetch, stdinFilter } from '../../js/mcp/index.js'
import { line as lineOf, sessionOf } from '../support/proxy/session.mjs'

const MOST = 2000
const CODES = 'a'.repeat(3000)
const long = (id) => `{"jsonrpc":"2.0","id":${id},"method":"ping","params":{"x":"${CODES}"}}`
const short = (id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`

function gateOf(mode) {
  const gate = new Gate({ mode, limits: { messageBytes: MOST } })
  const told = []
  gate.onVerdict(({ rule, finding }) => told.push([`${rule}: ${finding.action}`, finding.message]))
  return { gate, told }
}
/** Cuts a text everywhere or nowhere. */
const CUTS = { 'in one piece': 1 << 20, 'in pieces': 700, 'byte by byte': 1 }
const piecesOf = (text, size) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    Buffer.from(text.slice(at * size, (at + 1) * size)),
  )
const STREAM = [short(1), long(2), `${long(3)}\r`, '', short(4), long(5), short(6)]
  .map((one) => `${one}\n`)
  .join('')

describe('a line that is longer than a message may be', () => {
  for (const [cut, size] of Object.entries(CUTS)) {
    it(`passes a reader that observes, ${cut}`, () => {
      const { gate, told } = gateOf('observe')
      const reader = gate.messageReader()
      const read = piecesOf(STREAM, size).flatMap((piece) => reader.read(piece))
      assert.deepEqual(
        read.map(({ value, verdict }) => [value.id, value.params?.x === CODES, verdict.action]),
        [
          [1, false, 'allow'],
          [2, true, 'flag'],
          [3, true, 'flag'],
          [4, false, 'allow'],
          [5, true, 'flag'],
          [6, false, 'allow'],
        ],
      )
      assert.deepEqual([...new Set(told.map(([what]) => what))], ['limit.bytes: flag'])
      assert.match(told[0][1], /not refused/)
    })

    it(`passes the filter that observes as it came, ${cut}`, async () => {
      const { gate } = gateOf('observe')
      const filter = stdinFilter(gate, { stdout: new PassThrough() })
      let out = ''
      filter.on('data', (chunk) => {
        out += chunk
      })
      for (const piece of piecesOf(STREAM, size)) {
        filter.write(piece)
      }
      await new Promise((resolve) => filter.end(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(out, STREAM.replace('\n\n', '\n'))
    })

    it(`passes the proxy that observes as it came, ${cut}`, (t) => {
      const { session, text } = sessionOf(t, { mode: 'observe', limits: { messageBytes: MOST } })
      for (const piece of piecesOf(STREAM, size)) {
        session.fromClient(piece)
      }
      assert.equal(text('server'), STREAM.replace('\n\n', '\n'))
    })
  }

  it('reaches a guarded server that observes', async () => {
    const { gate } = gateOf('observe')
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    const transport = new GuardedStdioServerTransport(gate, { stdin, stdout })
    const got = []
    transport.onmessage = ({ id }) => got.push(id)
    await transport.start()
    stdin.end(STREAM)
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(got, [1, 2, 3, 4, 5, 6])
  })

  it('is refused elsewhere', (t) => {
    const { gate, told } = gateOf('enforce')
    const read = gate.messageReader().read(Buffer.from(STREAM))
    assert.deepEqual(
      read.map(({ verdict }) => verdict.action),
      ['allow', 'deny', 'deny', 'allow', 'deny', 'allow'],
    )
    assert.ok(told.every(([, message]) => !message.includes('not refused')))
    const { session, text } = sessionOf(t, { limits: { messageBytes: MOST } })
    session.fromClient(lineOf(JSON.parse(long(1))))
    assert.equal(text('server'), '')
  })
})

const MCP = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
/** Bodies, their headers, and whether they reach the application. */
const BODIES = [
  ['a message', long(1), MCP, false],
  ['a message of another client', long(1), { 'content-type': 'application/json' }, false],
  ['a message that says it is text', long(1), { 'content-type': 'text/plain' }, false],
  [
    'a message that says so after white space',
    `  \ufeff\n${long(1)}`,
    { 'content-type': 'text/plain' },
    false,
  ],
  ['a message that says nothing', long(1), {}, false],
  ['a table', `a;b\n${CODES}`, { 'content-type': 'text/csv' }, true],
  ['a text', `Dear ${CODES}`, { 'content-type': 'text/plain; charset=utf-8' }, true],
  ['a table of a client of MCP', `a;b\n${CODES}`, { ...MCP, 'content-type': 'text/csv' }, false],
  [
    'a table in an encoding',
    `a;b\n${CODES}`,
    { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    false,
  ],
  ['a text of blanks', ' '.repeat(3000), { 'content-type': 'text/plain' }, false],
]

describe('a body that is longer than a message may be', () => {
  for (const [what, body, headers, passes] of BODIES) {
    it(`${what} ${passes ? 'reaches' : 'does not reach'} the application`, async (t) => {
      const { gate, told } = gateOf('enforce')
      const app = guardApp(gate, (req, res) => {
        let got = ''
        req.setEncoding('utf8').on('data', (chunk) => {
          got += chunk
        })
        req.on('end', () => res.end(`got ${got}`))
      })
      const server = createServer(app)
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close())
      const sent = { port: server.address().port, method: 'POST', headers }
      const answers = await Promise.all(
        [[body], [body.slice(0, 1500), body.slice(1500)], piecesOf(body, 500)].map(
          (pieces) =>
            new Promise((resolve, reject) => {
              const one = ask(sent, async (res) =>
                resolve([res.statusCode, String(Buffer.concat(await res.toArray()))]),
              )
              one.on('error', reject)
              for (const piece of pieces) {
                one.write(piece)
              }
              one.end()
            }),
        ),
      )
      for (const [status, text] of answers) {
        assert.deepEqual(passes ? [status, text] : status, passes ? [200, `got ${body}`] : 413)
      }
      const expected = passes ? [] : Array(3).fill('limit.bytes: deny')
      assert.deepEqual(
        told.map(([rule]) => rule),
        expected,
      )
    })

    it(`${what} ${passes ? 'reaches' : 'does not reach'} the handler of guardFetch`, async () => {
      const { gate, told } = gateOf('enforce')
      const handler = guardFetch(gate, async (request) => new Response(`got ${await request.text()}`))
      const given = new Request('http://a/', { method: 'POST', headers, body: Buffer.from(body) })
      const response = await handler(given)
      assert.equal(response.status, passes ? 200 : 413)
      if (passes) {
        assert.equal(await response.text(), `got ${body.replace(/^\ufeff/, '')}`)
      }
      assert.deepEqual(
        told.map(([rule]) => rule),
        passes ? [] : ['limit.bytes: deny'],
      )
    })
  }
})
