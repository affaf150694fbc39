// Each framework with the line that guards it, asked over raw sockets: its bytes are judged, what is not MCP's stays as
// it is, and no peer ends the process.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { Gate } from '../../index.mjs'
import { told } from './support/cases.mjs'
import { FRAMEWORKS, head, listening } from './support/frameworks.mjs'
import { MODERN } from './support/session.mjs'

const MCP = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const PAGE = readFileSync(new URL('../../docs/guarding-a-server.md', import.meta.url), 'utf8')

const unhandled = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
const warnings = []
process.on('warning', ({ code }) => warnings.push(code))

/** A call, for servers of both lines. */
const call = (args, meta = MODERN) =>
  `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{${meta}"name":"echo","arguments":${args}}}`
const headers = (name, extra = {}) => ({
  ...MCP,
  ...(['Hono', 'a handler of fetch'].includes(name) && {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
  }),
  ...extra,
})
const metaOf = (name) => (['Hono', 'a handler of fetch'].includes(name) ? MODERN : '')

for (const [name, { line, start }] of Object.entries(FRAMEWORKS)) {
  describe(name, () => {
    const gate = new Gate()
    const events = []
    gate.onVerdict((event) => events.push(event))
    let server
    const ask = (args, extra) => server.post('/mcp', headers(name, extra), call(args, metaOf(name)))
    before(async () => {
      server = await listening(await start(gate))
    })
    after(() => server.close())

    it('is on the page', () => {
      assert.ok(PAGE.includes(line.replaceAll('"', "'")), line)
    })

    it('answers a call', async () => {
      const { json } = await ask('{"text":"hello"}')
      assert.equal(told(json), 'result: hello')
    })

    for (const [what, args, rule] of [
      ['a member given twice', '{"text":"a","text":"b"}', 'json.duplicate-key'],
      ['a number that no double holds', '{"text":"a","n":1e999}', 'json.number-range'],
    ]) {
      it(`judges the bytes: ${what}`, async () => {
        events.length = 0
        const { json, status } = await ask(args)
        assert.equal(json?.error?.data?.rule, rule, `status ${status}`)
        assert.deepEqual(
          events.map(({ rule }) => rule),
          [rule],
        )
      })
    }

    for (const type of [
      'application/json; charset=utf-7',
      'application/json; charset=utf-8; charset=utf-7',
      'application/json; x=";charset=utf-8"; charset=utf-7',
      'application/json; charset="ut\\f-7"',
      "application/json; charset*=utf-7''x",
      'application/json; charset=',
    ]) {
      it(`reads the bytes as the framework does, or refuses them: ${type}`, async () => {
        const { json, status } = await ask('{"text":"a","text":"b"}', { 'content-type': type })
        // What Express has decoded it says itself.
        const rules = line.includes('verifyBody') ? ['json.utf8', 'json.duplicate-key'] : ['json.utf8']
        assert.ok(rules.includes(json?.error?.data?.rule), `status ${status}, ${JSON.stringify(json)}`)
      })
    }

    for (const type of [
      'application/json;charset=UTF-8',
      'application/json ; charset="utf-8" ; x=y',
      'application/json; x="a;b"',
    ]) {
      it(`answers a call of type ${type}`, async () => {
        const { json } = await ask('{"text":"hello"}', { 'content-type': type })
        assert.equal(told(json), 'result: hello')
      })
    }

    it('judges what is compressed', async () => {
      const body = gzipSync(call('{"text":"a","text":"b"}', metaOf(name)))
      const { json, status } = await server.send(
        Buffer.concat([
          Buffer.from(head('/mcp', headers(name, { 'content-encoding': 'gzip' }), body.length)),
          body,
        ]),
      )
      assert.equal(json?.error?.data?.rule, 'json.duplicate-key', `status ${status}`)
    })

    it('judges chunks of a few bytes', async () => {
      const body = Buffer.from(call('{"text":"a","text":"b"}', metaOf(name)))
      const chunks = body
        .toString()
        .match(/.{1,5}/gs)
        .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
      const { json } = await server.send(
        `${head('/mcp', headers(name, { 'transfer-encoding': 'chunked' }))}${chunks.join('')}0\r\n\r\n`,
      )
      assert.equal(json?.error?.data?.rule, 'json.duplicate-key')
    })

    it('tells of a finding once', async () => {
      events.length = 0
      const { json } = await ask(`{"text":"' OR 1=1 --"}`)
      assert.equal(told(json), "result: ' OR 1=1 --")
      assert.deepEqual(
        events.map(({ rule, id }) => [rule, id]),
        [['injection.sql', 7]],
      )
    })

    it('leaves other routes alone', async () => {
      for (const [path, type, body, expected] of [
        ['/json', 'application/json', '{"a":1}', { a: 1 }],
        [
          '/json',
          'application/json; charset=utf-8',
          '{"a":1,"a":2,"note":"jsonrpc"}',
          { a: 2, note: 'jsonrpc' },
        ],
        ['/json', 'application/json', '[1,2]', [1, 2]],
        [
          '/json',
          'application/json',
          '{"a":{"jsonrpc":"2.0"},"b":"\\u0041"}',
          { a: { jsonrpc: '2.0' }, b: 'A' },
        ],
        ['/form', 'application/x-www-form-urlencoded', 'a=1&b=jsonrpc', { a: '1', b: 'jsonrpc' }],
      ]) {
        events.length = 0
        const { json, status, text } = await server.post(path, { 'content-type': type }, body)
        assert.deepEqual(json, expected, `${path} ${body}: ${status} ${text}`)
        assert.deepEqual(events, [])
      }
    })

    it('judges a message that comes without the headers of MCP', async () => {
      const { json } = await server.post(
        '/json',
        { 'content-type': 'application/json' },
        '{"jsonrpc":"2.0","id":1,"method":"ping","json\\u0072pc":"2.0"}',
      )
      assert.equal(json?.error?.code, -32600)
    })

    const length = { 'content-length': 100 }
    const chunked = { 'transfer-encoding': 'chunked' }
    for (const [what, bytes, then] of [
      ['a body that is cut off', `${head('/mcp', { ...MCP, ...length })}abcd`, (socket) => socket.destroy()],
      [
        'a socket that is half closed',
        `${head('/mcp', { ...MCP, ...length })}abcd`,
        (socket) => socket.end(),
      ],
      [
        'a socket that is reset',
        `${head('/mcp', { ...MCP, ...length })}abcd`,
        (socket) => socket.resetAndDestroy(),
      ],
      ['a chunk whose length is none', `${head('/mcp', { ...MCP, ...chunked })}zz\r\nabcd\r\n`, () => {}],
      [
        'a chunk that is cut off',
        `${head('/mcp', { ...MCP, ...chunked })}ff\r\nabcd`,
        (socket) => socket.end(),
      ],
      ['no chunk at all', head('/mcp', { ...MCP, ...chunked }), (socket) => socket.end()],
      ['an empty body in chunks', `${head('/mcp', { ...MCP, ...chunked })}0\r\n\r\n`, () => {}],
      ['an empty body', head('/mcp', MCP, 0), () => {}],
      ['what is no gzip', `${head('/mcp', { ...MCP, 'content-encoding': 'gzip' }, 4)}abcd`, () => {}],
      [
        'an encoding that nobody knows',
        `${head('/mcp', { ...MCP, 'content-encoding': 'x' }, 4)}abcd`,
        () => {},
      ],
      [
        'a whole call, without waiting',
        head('/mcp', headers(name), 300) + call('{"text":"x"}', metaOf(name)),
        (socket) => socket.destroy(),
      ],
    ]) {
      it(`survives ${what}`, async () => {
        await server.send(bytes, { then })
        await later(20)
        assert.deepEqual(unhandled, [])
        const { json } = await ask('{"text":"still"}')
        assert.equal(told(json), 'result: still')
      })
    }

    it('had nobody parse before the bytes were judged', () => {
      assert.ok(!warnings.includes('CALLGATE_PARSED_MESSAGES'))
    })

    it('answers when its gate is closed', async () => {
      gate.close()
      const { status, json } = await ask('{"text":"hello"}')
      assert.equal(json?.error?.code, -32603, `status ${status}`)
      assert.equal(status, 500)
      assert.deepEqual(unhandled, [])
    })
  })
}
