// A message is not lost for one spot that can be mended, and an id is answered as it was written, on every surface.

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Server as V1Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport as V1Transport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { Server as V2Server } from '@modelcontextprotocol/server'
import { StdioServerTransport as V2Transport } from '@modelcontextprotocol/server/stdio'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardServer, stdinFilter } from '../../js/mcp/index.js'
import { sessionOf } from '../support/proxy/session.mjs'

/** What a client writes, and what the server gets. */
const ASKED = [
  ['\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
  ['{"params" : null, "jsonrpc":"2.0","id":1,"method":"ping"}', '{ "jsonrpc":"2.0","id":1,"method":"ping"}'],
  [
    '{"jsonrpc":"2.0","method":"notifications/initialized","params":null }',
    '{"jsonrpc":"2.0","method":"notifications/initialized" }',
  ],
]
/** What a server answers to the request 1, and what the client gets. */
const ANSWERED = [
  [
    '{"jsonrpc":"2.0","id":1,"result":{"a":"x\\ud83d"}}',
    '{"jsonrpc":"2.0","id":1,"result":{"a":"x\\ufffd"}}',
  ],
  [
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\\uDE00\\ud83d\\ude00"}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\\ufffd\\ud83d\\ude00"}}',
  ],
  ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', '{"jsonrpc":"2.0","id":1,"result":{}}'],
  [
    '\ufeff{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"m"}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}',
  ],
]
const PING = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}\n')

describe('what can be mended is', () => {
  for (const [given, mended] of ASKED) {
    it(`of a client: ${JSON.stringify(given)}`, async (t) => {
      const { session, text } = sessionOf(t, {})
      session.fromClient(Buffer.from(`${given}\n`))
      assert.equal(text('server'), `${mended}\n`)
      assert.equal(text('client'), '')
      const filter = stdinFilter(new Gate(), { stdout: new PassThrough() })
      filter.write(`${given}\r\n`)
      assert.equal(filter.read()?.toString(), `${mended}\r\n`)
      const stdin = new PassThrough()
      const transport = new GuardedStdioServerTransport(new Gate(), { stdin, stdout: new PassThrough() })
      const messages = []
      transport.onmessage = (message) => messages.push(message)
      await transport.start()
      stdin.write(`${given}\n`)
      await setImmediate()
      assert.deepEqual(messages, [JSON.parse(mended)])
      await transport.close()
    })
  }
  for (const [given, mended] of ANSWERED) {
    it(`of a server: ${JSON.stringify(given)}`, (t) => {
      const { session, text } = sessionOf(t, {})
      session.fromClient(PING)
      session.fromServer(Buffer.from(`${given}\n`))
      assert.equal(text('client'), `${mended}\n`)
    })
  }
  it('not where the policy only observes', (t) => {
    for (const [given] of ASKED) {
      const { session, text } = sessionOf(t, { mode: 'observe' })
      session.fromClient(Buffer.from(`${given}\n`))
      assert.equal(text('server'), `${given}\n`)
    }
  })
  it('not where two names would become one', (t) => {
    const { session, text } = sessionOf(t, {})
    session.fromClient(PING)
    session.fromServer(Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"\\ud800":1,"\\ud801":2}}\n'))
    assert.equal(JSON.parse(text('client')).error.data.rule, 'json.duplicate-key')
  })
  it('not in a call', (t) => {
    const { session, text } = sessionOf(t, {})
    const args = { name: 't', arguments: { a: '\ud83d' } }
    session.fromClient(
      Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: args })}\n`),
    )
    assert.equal(text('server'), '')
  })
  it('as half an emoji in what a server of our own answers', async () => {
    for (const policy of [{}, { redact: {} }, { sanitize: {} }]) {
      const [stdin, stdout] = [new PassThrough(), new PassThrough()]
      const transport = new GuardedStdioServerTransport(new Gate(policy), { stdin, stdout })
      await transport.start()
      const text = `half \ud83d of ${'it '.repeat(200)}\udc00`
      await transport.send({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } })
      await setImmediate()
      const [item] = JSON.parse(stdout.read()).result.content
      assert.equal(item.text, text.toWellFormed())
      await transport.close()
    }
  })
})

describe('an id is answered as it was written', () => {
  const kept = ['9007199254740993', '-9007199254740993', '1.0', '12345678901234567890', '-0', '7.000']
  const refused = ['1.5', '1e3', '1E+2']

  it('by the transport, in answers and refusals', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    const transport = new GuardedStdioServerTransport(new Gate(), { stdin, stdout })
    transport.onmessage = ({ id }) => transport.send({ result: { id }, jsonrpc: '2.0', id })
    await transport.start()
    for (const id of [...kept, ...refused]) {
      stdin.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
      await setImmediate()
      await setImmediate()
      const out = stdout.read().toString()
      assert.match(out, new RegExp(`[{,]"id":${id.replaceAll(/[.+]/g, '\\$&')}[},]`))
      assert.equal('error' in JSON.parse(out), refused.includes(id), id)
    }
    stdin.write('{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":1}}\n')
    await setImmediate()
    assert.match(stdout.read().toString(), /"id":9007199254740993,"error"/)
    await transport.close()
  })

  it('by the filter, in refusals', async () => {
    const stdout = new PassThrough()
    const filter = stdinFilter(new Gate(), { stdout })
    for (const id of [...kept, ...refused]) {
      filter.write(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{}}\n`)
      await setImmediate()
      assert.ok(stdout.read().toString().includes(`"id":${id},"error"`), id)
    }
  })

  const lines = {
    'v1 with the filter alone': [V1Server, V1Transport, false],
    'v1 with guardServer': [V1Server, V1Transport, true],
    'v2 with the filter alone': [V2Server, V2Transport, false],
    'v2 with guardServer': [V2Server, V2Transport, true],
  }
  for (const [what, [Server, Transport, isGuarded]] of Object.entries(lines)) {
    it(`by the SDK's transport: ${what}`, async () => {
      const [stdin, stdout] = [new PassThrough(), new PassThrough()]
      const gate = new Gate()
      const server = new Server({ name: 'a', version: '1' }, { capabilities: {} })
      const transport = isGuarded
        ? new Transport(stdin, stdout)
        : new Transport(stdin.pipe(stdinFilter(gate, { stdout })), stdout)
      await (isGuarded ? guardServer(server, gate) : server).connect(transport)
      // Before and between them one that JavaScript keeps, and a text that holds what answers do.
      for (const id of ['7', ...kept, '"9007199254740992"', '8', kept[0]]) {
        stdin.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
        let out = ''
        while (!out.endsWith('\n')) {
          await setImmediate()
          out += stdout.read() ?? ''
        }
        assert.deepEqual(JSON.parse(out).result, {}, out)
        assert.ok(out.endsWith(`"id":${id}}\n`) || out.includes(`"id":${id},`), `${id}: ${out}`)
      }
      await server.close()
      gate.close()
    })
  }

  it('by the proxy, whatever the server makes of it', (t) => {
    const { session, text, told } = sessionOf(t, {})
    for (const id of [...kept, ...refused]) {
      session.fromClient(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`))
      const asked = text('server')
      if (refused.includes(id)) {
        assert.equal(asked, '')
        assert.ok(text('client').includes(`"id":${id},"error"`), id)
        continue
      }
      assert.ok(asked.includes(`"id":${id},`), id)
      for (const echo of [id, JSON.stringify(Number(id))]) {
        session.fromServer(
          Buffer.from(`{"result":{"n":12345678901234567891},"jsonrpc":"2.0","id":${echo}}\n`),
        )
        assert.equal(text('client'), `{"result":{"n":12345678901234567891},"jsonrpc":"2.0","id":${id}}\n`)
        session.fromClient(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`))
        text('server')
      }
      session.serverEnded()
      assert.ok(text('client').includes(`"id":${id},"error"`), id)
    }
    // Of an answer it is told that JavaScript rounds its numbers, and of no more.
    const ofAnswers = told.filter(({ action, subject }) => action === 'flag' && subject === undefined)
    const rules = new Set(ofAnswers.map(({ rule }) => rule))
    assert.deepEqual([...rules].sort(), ['json.number-range', 'rpc.id'])
  })

  it('unless two of them are one number', (t) => {
    const { session, text } = sessionOf(t, {})
    session.fromClient(Buffer.from('{"jsonrpc":"2.0","id":9007199254740992,"method":"ping"}\n'))
    assert.notEqual(text('server'), '')
    session.fromClient(Buffer.from('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}\n'))
    assert.equal(text('server'), '')
    assert.match(text('client'), /"id":9007199254740993,"error"/)
  })
})
