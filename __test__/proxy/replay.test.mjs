// Captured ordinary sessions of both lines of the official SDK: what goes through is what came, byte for byte.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { throughProxy } from '../support/proxy/client.mjs'
import { sessionOf } from '../support/proxy/session.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const FOLDER = path('sessions')
const SERVER = path('../support/proxy/replay-server.mjs')

/**
 * What is told of a start without roots, and of a call before the client asks for the list, which this server cannot
 * answer.
 */
const EXPECTED =
  /^callgate: (?:.*: no roots: paths are judged by their text alone|the server does not list its tools: )/
/** What is flagged, and passes: under the kinds of the server's list, and by content alone. */
const TOLD = {
  // Calls that do not hold what the schema asks for.
  'v1-notes-v2.session': { learnt: ['schema\\.required'] },
  'v2-legacy.session': { learnt: ['schema\\.required'] },
  'v2-modern.session': { learnt: ['schema\\.required'] },
  // Two calls of a tool that the server does not list.
  'commands.session': { learnt: ['tool\\.changed', 'tool\\.changed'] },
  // One reads `file:`, and one a page that is written in the URL.
  'markitdown.session': { learnt: ['url\\.scheme'], byContent: ['injection.xss'] },
}

/** A line as it is passed on: what some readers take for its end is written as an escape. */
const onOneLine = (line) =>
  line.replace(/[\u0085\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A session without processes, and what it sent to each side. */
function session(t, policy = {}) {
  const { session: made, told, text } = sessionOf(t, policy)
  const all = { client: '', server: '' }
  const sent = (side) => {
    all[side] += text(side)
    return all[side]
  }
  return { session: made, told, sent }
}

for (const name of readdirSync(FOLDER).filter((one) => one.endsWith('.session'))) {
  const file = `${FOLDER}/${name}`
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const passed = lines.map(onOneLine)

  describe(name, () => {
    it('passes between processes', async (t) => {
      const client = throughProxy(t, [process.execPath, SERVER, file])
      let heard = 0
      for (const line of lines) {
        if (line.startsWith('c')) {
          client.raw(`${line.slice(1)}\n`)
        } else {
          heard++
          await client.until(() => client.lines.length >= heard)
          assert.equal(client.lines[heard - 1], onOneLine(line).slice(1))
        }
      }
      const { code } = await client.finish()
      assert.equal(code, 0, client.stderr)
      assert.equal(client.lines.length, heard)
      const told = client.stderr.split('\n').filter((line) => line !== '' && !EXPECTED.test(line))
      const flags = (TOLD[name]?.learnt ?? []).map(
        (rule) => new RegExp(`: flagged \\S+ \\w+ .*: ${rule} at `),
      )
      assert.equal(told.length, flags.length, client.stderr)
      for (const [index, flag] of flags.entries()) {
        assert.match(told[index], flag)
      }
    })

    for (const [size, policy] of [
      [1, {}],
      [7, {}],
      [64, {}],
      [1000, {}],
      [1000, { redact: {}, sanitize: {} }],
    ]) {
      it(`passes in pieces of ${size} bytes with ${JSON.stringify(policy)}`, (t) => {
        const { session: made, told, sent } = session(t, policy)
        for (const line of lines) {
          const bytes = Buffer.from(`${line.slice(1)}\n`)
          for (let at = 0; at < bytes.length; at += size) {
            const piece = bytes.subarray(at, at + size)
            line.startsWith('c') ? made.fromClient(piece) : made.fromServer(piece)
          }
        }
        const said = (side) =>
          passed.filter((line) => line.startsWith(side)).map((line) => `${line.slice(1)}\n`)
        assert.equal(sent('server'), said('c').join(''))
        assert.equal(sent('client'), said('s').join(''))
        assert.deepEqual(
          told.map(({ rule }) => rule),
          TOLD[name]?.byContent ?? [],
        )
      })
    }
  })
}

describe('what passes is not touched', () => {
  const call = (id, more = '') =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"x"${more}}}`
  for (const [what, line] of [
    ['white space', '  { "jsonrpc" : "2.0" ,\t"id" : 1 , "method" : "ping" }  '],
    ['members in another order', '{"params":{},"id":1,"method":"ping","jsonrpc":"2.0"}'],
    ['escapes', '{"jsonrpc":"2.0","id":1,"m\\u0065thod":"p\\u0069ng"}'],
    ['numbers as they are written', call(1, ',"arguments":{"a":1.0,"b":1E+2,"c":-0,"d":0.10}')],
    ['an integer beyond 2^53', call(1, ',"arguments":{"a":9007199254740993}')],
    ['an id that is a string of digits', call('"1"')],
    ['an id with an escape', call('"\\u0031"')],
    ['text of all planes', call(1, ',"arguments":{"a":"é\u4e2d\ud83d\ude00"}')],
    ['what looks like an id', call(1, ',"arguments":{"a":",\\"id\\":2}"}')],
  ]) {
    for (const end of ['\n', '\r\n']) {
      it(`${what}, ${JSON.stringify(end)}`, (t) => {
        const { session: made, sent } = session(t)
        made.fromClient(Buffer.from(`\n${line}${end}${end}`))
        assert.equal(sent('server'), `${line}${end}`)
      })
    }
  }

  it('only the refused messages of a chunk are taken out', (t) => {
    const { session: made, sent } = session(t)
    const note = (index) => `{"jsonrpc":"2.0","method":"notifications/a","params":{"i":${index}}}\n`
    made.fromClient(Buffer.from(`${note(1)}[]\n${note(2)}${note(3)}x\n${note(4)}`))
    assert.equal(sent('server'), [1, 2, 3, 4].map(note).join(''))
    assert.deepEqual(
      sent('client')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).error.code),
      [-32600, -32700],
    )
  })
})

describe('ids', () => {
  const ask = (id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`
  const answer = (id) => `{"jsonrpc":"2.0","id":${id},"result":{}}\n`
  for (const [what, asked, answers, passed] of [
    ['a number', ['1'], ['1'], ['1']],
    ['a number is no string', ['1'], ['"1"', '1'], ['1']],
    ['a string is no number', ['"1"'], ['1', '"1"'], ['"1"']],
    ['both at a time', ['1', '"1"'], ['"1"', '1'], ['"1"', '1']],
    ['out of order', ['1', '2', '3'], ['3', '1', '2'], ['3', '1', '2']],
    ['one answer only', ['1'], ['1', '1'], ['1']],
    ['an escaped id is the same id', ['"a"'], ['"\\u0061"'], ['"\\u0061"']],
    ['none that was asked for', [], ['1'], []],
    ['a name that objects have', ['"__proto__"'], ['"constructor"', '"__proto__"'], ['"__proto__"']],
  ]) {
    it(what, (t) => {
      const { session: made, sent } = session(t)
      made.fromClient(Buffer.from(asked.map(ask).join('')))
      made.fromServer(Buffer.from(answers.map(answer).join('')))
      assert.equal(sent('client'), passed.map(answer).join(''))
    })
  }

  it('an id can be used again once it was answered, and not before', (t) => {
    const { session: made, sent } = session(t)
    made.fromClient(Buffer.from(ask(1) + ask(1)))
    assert.equal(sent('server'), ask(1))
    assert.equal(JSON.parse(sent('client')).error.data.rule, 'rpc.id')
    made.fromServer(Buffer.from(answer(1)))
    made.fromClient(Buffer.from(ask(1)))
    assert.equal(sent('server'), ask(1) + ask(1))
  })

  it('the answer to a cancelled request may still come, once', (t) => {
    const { session: made, sent } = session(t)
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'
    made.fromClient(Buffer.from(ask(1) + cancel))
    made.fromServer(Buffer.from(answer(1) + answer(1)))
    assert.equal(sent('client'), answer(1))
    assert.equal(sent('server'), ask(1) + cancel)
  })
})

describe('hidden tools', () => {
  it('are missing from the list, and the rest is as it was', (t) => {
    const { session: made, sent } = session(t, { access: { tools: { deny: ['b'] } } })
    const tool = (name) => ({ name, description: 'x', inputSchema: { type: 'object' } })
    made.fromClient(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'))
    const result = { tools: ['a', 'b', 'c'].map(tool), _meta: { x: 1 } }
    made.fromServer(Buffer.from(`${JSON.stringify({ result, jsonrpc: '2.0', id: 1 })}\n`))
    assert.deepEqual(JSON.parse(sent('client')), {
      result: { tools: ['a', 'c'].map(tool), _meta: { x: 1 } },
      jsonrpc: '2.0',
      id: 1,
    })
  })

  it('a list that is none shows no tool', (t) => {
    for (const tools of ['"x"', '{}', 'null', '[1,null]']) {
      const { session: made, sent } = session(t)
      made.fromClient(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'))
      made.fromServer(Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"tools":${tools}}}\n`))
      assert.deepEqual(JSON.parse(sent('client')).result.tools, [], tools)
    }
  })
})
