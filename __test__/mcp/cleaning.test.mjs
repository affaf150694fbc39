// The quick way out against the slow one, over messages made to tell them apart; and what neither may let through.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'
import { wrapTool } from '../../js/mcp/index.js'

const require = createRequire(import.meta.url)
const { lineOf } = require('../../js/mcp/line.js')
const { Outgoing } = require('../../js/mcp/outgoing.js')
const { Results, readBack } = require('../../js/mcp/results.js')

const SECRET = ['ghp', '0123456789abcdefghijklmnopqrstuvwxyz'].join('_')
const HIDDEN = ['\u200b', '\u202e', '\x1b', '\x7f', '\u{e0041}']

/** Numbers below a bound, the same ones for the same seed. */
function numbers(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

const PARTS = [
  ...[
    'a',
    ' ',
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    'é',
    '漢',
    '😀',
    '\u2028',
    '[REDACTED]',
    '{"password":"x9-k2m4"}',
  ],
  ...[
    '\u200b',
    '\u202e',
    '\x1b[31m',
    '\x7f',
    '\ud800',
    '\udc00',
    '\u{e0041}',
    ` ${SECRET} `,
    ` ${SECRET.slice(0, 9)}\u200b${SECRET.slice(9)} `,
  ],
  ...['callgate ', 'word '.repeat(51), 'x'.repeat(255), 'x'.repeat(256), '漢'.repeat(256), '"'.repeat(300)],
  ...['y'.repeat(8191), '\n'.repeat(8000), 'z '.repeat(70_000)],
]
const KEYS = ['a', 'text', 'type', 'data', 'password', 'apiKey', '__proto__', 'toString', 'blob', 'é', SECRET]

function text(random) {
  const many = random(4)
  // Long parts are the last ones: they are drawn seldom.
  const part = () => PARTS[Math.min(random(PARTS.length), random(PARTS.length))]
  return Array.from({ length: many }, part).join('')
}

function value(random, depth = 0) {
  switch (random(depth > 3 ? 6 : 14)) {
    case 0:
      return random(2) === 0
    case 1:
      return [null, undefined, () => 1, Symbol('a'), Number.NaN, -0, 1e21, 2 ** 53][random(8)]
    case 2:
      return new String(text(random))
    case 3:
      return new Date(0)
    case 4:
      return new Error(SECRET)
    case 6:
    case 7:
      return Object.fromEntries(
        Array.from({ length: random(4) }, () => [KEYS[random(KEYS.length)], value(random, depth + 1)]),
      )
    case 8:
      return Object.assign([], { [random(4)]: value(random, depth + 1) })
    case 9:
      return new Proxy({ text: text(random), b: value(random, depth + 1) }, {})
    case 10: {
      const inner = value(random, depth + 1)
      return { hidden: SECRET, toJSON: () => inner }
    }
    case 11:
      return Object.create({ text: SECRET }, { own: { value: value(random, depth + 1), enumerable: true } })
    default:
      return text(random)
  }
}

function item(random) {
  const type = ['text', 'text', 'image', 'resource', 'resource_link'][random(5)]
  const made = { type, text: text(random), [KEYS[random(KEYS.length)]]: value(random) }
  if (random(6) === 0) {
    const given = made.text
    Object.defineProperty(made, 'text', { get: () => given, enumerable: random(2) === 0 })
  }
  return random(8) === 0 ? value(random) : made
}

function message(random) {
  const id = random(1000)
  switch (random(8)) {
    case 0:
      return { jsonrpc: '2.0', id, error: { code: -1, message: text(random), data: value(random) } }
    case 1:
      return {
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', data: value(random) },
      }
    default: {
      const many = random(12) === 0 ? 25 + random(15) : random(4)
      const content = Array.from({ length: many }, () => item(random))
      const more = random(3) === 0 ? { structuredContent: value(random) } : {}
      const name = random(5) === 0 ? 'contents' : 'content'
      return { jsonrpc: '2.0', id, result: { [name]: content, ...more, isError: random(6) === 0 } }
    }
  }
}

const written = (clean) => clean.text ?? clean.bytes.toString('utf8', 0, clean.length - 1)

function slowly(results, given) {
  const { line } = Outgoing.prototype
  Outgoing.prototype.line = () => undefined
  try {
    return written(results.clean(given, undefined))
  } finally {
    Outgoing.prototype.line = line
  }
}

/** All strings that are values. */
function strings(of, all = []) {
  if (typeof of === 'string') {
    all.push(of)
  } else if (typeof of === 'object' && of !== null) {
    for (const one of Object.values(of)) {
      strings(one, all)
    }
  }
  return all
}

describe('the quick way writes what the slow one writes', () => {
  for (const [name, policy] of Object.entries({
    'no policy': {},
    markup: { sanitize: { codeFences: 'neutralise', remoteImages: 'neutralise', maxChars: 300 } },
    'other keys': { redact: { keys: ['text'] } },
    'rules that are off': { rules: { 'secret.*': 'off' } },
  })) {
    it(name, () => {
      const results = new Results(new Gate(policy))
      let quick = 0
      for (let seed = 1; seed <= 1500; seed++) {
        const given = message(numbers(seed))
        const clean = results.clean(given, undefined)
        const line = written(clean)
        quick += clean.message === given ? 1 : 0
        assert.ok(!/[\n\r]/.test(line), `seed ${seed}`)
        assert.equal(lineOf(readBack({ text: line })), line, `seed ${seed}`)
        assert.ok(line === slowly(results, given), `seed ${seed}`)
        for (const one of strings(JSON.parse(line))) {
          assert.ok(!HIDDEN.some((hidden) => one.includes(hidden)) && one.isWellFormed(), `seed ${seed}`)
          assert.ok(name === 'rules that are off' || !one.includes(SECRET.slice(0, 12)), `seed ${seed}`)
        }
      }
      assert.ok(quick > 150 && quick < 1350, `${quick} of them were clean`)
    })
  }
})

const result = (given) => ({ jsonrpc: '2.0', id: 1, result: given })
const cleaned = (given, policy) => written(new Results(new Gate(policy)).clean(given, undefined))

describe('no secret goes out', () => {
  const words = 'a '
  for (const [what, given, policy] of [
    [
      'as the data of an image that is no base64',
      result({ content: [{ type: 'image', data: `is ${SECRET}` }] }),
    ],
    ['as the data of an image that is a token', result({ content: [{ type: 'image', data: SECRET }] })],
    [
      'as the data of an image that is no text',
      result({ content: [{ type: 'image', data: { a: SECRET } }] }),
    ],
    ['as a blob', result({ contents: [{ uri: 'a:b', blob: `${SECRET}` }] })],
    ['as a blob of the result itself', result({ blob: SECRET })],
    ['as another member of an error', { id: 1, error: { code: 1, message: 'a', cause: SECRET } }],
    ['as a result beside an error', { ...result({ a: SECRET }), error: { code: 1, message: 'a' } }],
    ['as a result that is no object', result(SECRET)],
    ['as the logger of a log', { method: 'notifications/message', params: { logger: SECRET, data: '' } }],
    [
      'in half, where the text of an error is cut',
      result({ isError: true, content: [{ type: 'text', text: `${words.repeat(4077)}${SECRET} ` }] }),
    ],
    [
      'in half, where the policy cuts',
      result({ content: [{ type: 'text', text: `a ${SECRET} b` }] }),
      { sanitize: { maxChars: 30 } },
    ],
  ]) {
    it(what, () => {
      assert.ok(!cleaned(given, policy).includes(SECRET.slice(0, 12)), cleaned(given, policy).slice(-200))
    })
  }

  it('letter by letter', () => {
    const text = new String(`${SECRET}\u200b`)
    assert.equal(cleaned(result([{ text }])), JSON.stringify(result([{ text: '[REDACTED]' }])))
  })

  it('as a member of the result itself that has the name of a secret', () => {
    assert.equal(
      cleaned(result({ content: [], password: 'hunter2' })),
      JSON.stringify(result({ content: [], password: '[REDACTED]' })),
    )
  })

  it('behind what JSON shows, where the message is handed on as an object', async () => {
    let reads = 0
    const changes = {
      type: 'text',
      get text() {
        reads += 1
        return reads > 1 ? SECRET : 'a'
      },
    }
    for (const given of [
      { id: 1, error: { code: 1, message: 'a', data: new Error(SECRET) } },
      result({
        content: [],
        structuredContent: { a: new Map([['b', SECRET]]), c: Object.create({ d: SECRET }) },
      }),
      result({ content: [changes] }),
    ]) {
      reads = 0
      const sent = readBack(new Results(new Gate()).clean(given, undefined))
      assert.equal(sent.result?.structuredContent?.c?.d, undefined)
      assert.equal(sent.error?.data?.message, undefined)
      assert.ok(!(sent.result?.structuredContent?.a instanceof Map))
      assert.ok(!JSON.stringify(sent).includes(SECRET))
      reads = 0
      const called = await wrapTool(new Gate(), 'a', () => given.result ?? {})({})
      assert.ok(!JSON.stringify(called).includes(SECRET))
    }
  })
})

it('base64 stays as it is', () => {
  const image = { type: 'image', mimeType: 'image/png', data: 'AKIAIOSFODNN7EXAMPLF+/aGVsbG8=\n' }
  const given = result({ content: [image, { type: 'text', text: '\u200b' }] })
  assert.deepEqual(JSON.parse(cleaned(given)).result.content[0], image)
})

it('a message that is sent while another one is written does not change it', () => {
  const results = new Results(new Gate())
  const other = result({ content: [{ type: 'text', text: 'b'.repeat(5000) }] })
  const nests = (more) => {
    results.clean(other, undefined)
    return more
  }
  const long = 'a'.repeat(1000)
  for (const inside of [
    {
      type: 'text',
      get text() {
        return nests(long)
      },
    },
    { type: 'text', text: long, b: { toJSON: () => nests('c') } },
    { type: 'text', text: { toJSON: () => nests(long) } },
    new Proxy({ type: 'text', text: long }, { ownKeys: (target) => nests(Reflect.ownKeys(target)) }),
  ]) {
    const given = result({ content: [{ type: 'text', text: long }, inside] })
    assert.ok(written(results.clean(given, undefined)) === JSON.stringify(given))
  }
})
