// What may be audited, and what is misuse.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import vm from 'node:vm'
import { auditToolArgs, CallgateError, Gate } from '../index.mjs'
import { nested, nestedArray, refusal, rulesOf } from './support/callgate.mjs'

const gate = new Gate()
const encoder = new TextEncoder()

function detached() {
  const bytes = encoder.encode('{}')
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

function detachedEmpty() {
  const bytes = new Uint8Array(0)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}

function resizable() {
  const bytes = new Uint8Array(new ArrayBuffer(2, { maxByteLength: 16 }))
  bytes.set([0x7b, 0x7d])
  return bytes
}

function outOfBounds() {
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 })
  const bytes = new Uint8Array(buffer, 4, 4)
  buffer.resize(2)
  return bytes
}

function shared(text) {
  const source = encoder.encode(text)
  const bytes = new Uint8Array(new SharedArrayBuffer(source.length))
  bytes.set(source)
  return bytes
}

function growable() {
  const bytes = new Uint8Array(new SharedArrayBuffer(2, { maxByteLength: 16 }))
  bytes.set([0x7b, 0x7d])
  return bytes
}

function withOwn(members) {
  return Object.defineProperties(
    encoder.encode('{"a":1,"a":2}'),
    Object.fromEntries(Object.entries(members).map(([key, value]) => [key, { value }])),
  )
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

class Lying extends Uint8Array {
  get length() {
    return 0
  }
  get byteLength() {
    return 0
  }
  get buffer() {
    return new ArrayBuffer(0)
  }
  get byteOffset() {
    return 1 << 20
  }
  get [Symbol.toStringTag]() {
    return 'Map'
  }
}

describe('bytes, text and objects', () => {
  const deny = (rule) => ({ action: 'deny', rules: [rule] })
  const allow = { action: 'allow', rules: [] }
  const flag = (rule) => ({ action: 'flag', rules: [rule] })
  const bytes = (text) => encoder.encode(text)
  const rows = [
    ['a Uint8Array', bytes('{"a":1}'), allow],
    ['a Buffer', Buffer.from('{"a":1}'), allow],
    ['a part of a buffer', Buffer.from('xx{}xx').subarray(2, 4), allow],
    ['a view over a SharedArrayBuffer', shared('{"a":1}'), allow],
    ['a view over a SharedArrayBuffer, denied', shared('{"a":1,"a":2}'), deny('json.duplicate-key')],
    ['a Uint8Array of another realm', vm.runInNewContext('new Uint8Array([123, 125])'), allow],
    ['own properties that lie', withOwn({ length: 0, byteLength: 0, buffer: 1 }), deny('json.duplicate-key')],
    ['a subclass that lies', Lying.from(bytes('{"a":1,"a":2}')), deny('json.duplicate-key')],
    ['no bytes', new Uint8Array(0), deny('json.syntax')],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), deny('json.utf8')],
    ['a byte order mark', Buffer.from('\ufeff{}'), deny('json.syntax')],
    ['a string', '{"a":1}', allow],
    ['a string beyond ASCII', '{"naïve":"日本語😀"}', allow],
    ['no text', '', deny('json.syntax')],
    ['a duplicate key', '{"a":1,"\\u0061":2}', deny('json.duplicate-key')],
    ['a prototype key', '{"__proto__":{}}', deny('json.prototype-key')],
    ['an escaped lone surrogate', '"\\ud800"', deny('json.surrogate')],
    ['a lone surrogate', '"\ud800"', deny('json.surrogate')],
    [
      'a lone surrogate after a backslash',
      '"\\\ud800"',
      { action: 'deny', rules: ['json.surrogate', 'json.syntax'] },
    ],
    ['a surrogate pair', '"\ud83d\ude00"', allow],
    ['an integer that loses digits', '9007199254740993', flag('json.number-range')],
    ['a number beyond doubles', '1e999', deny('json.number-range')],
    ['trailing data', '{} {}', deny('json.syntax')],
    ['depth 64', nested('[', 64, ']'), allow],
    ['depth 65', nested('[', 65, ']'), deny('limit.depth')],
    ['an object', { a: [1, 'x', null, true, { b: -0 }] }, allow],
    ['an array', [1, 2], allow],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), allow],
    ['an object of another realm', vm.runInNewContext('({ a: [1, { b: 2 }] })'), allow],
    ['an undefined member', { a: undefined, b: 1 }, allow],
    [
      'a getter',
      {
        get a() {
          return 1
        },
      },
      allow,
    ],
    ['a frozen object', Object.freeze({ a: Object.freeze([1]) }), allow],
    ['an object seen twice', ((x) => ({ a: x, b: x }))({ c: 1 }), allow],
    ['a proxy', new Proxy({ a: 1 }, {}), allow],
    ['a member called toJSON', { toJSON: 'text' }, allow],
    ['a member called hasOwnProperty', { hasOwnProperty: 1, constructor: 2 }, allow],
    ['an own __proto__', JSON.parse('{"__proto__":{"admin":true}}'), deny('json.prototype-key')],
    ['constructor.prototype', { constructor: { prototype: {} } }, deny('json.prototype-key')],
    ['a lone surrogate in an object', { a: '\udfff' }, deny('json.surrogate')],
    ['a large number in an object', { a: 2 ** 60 }, flag('json.number-range')],
    ['an object of depth 64', nestedArray(64), allow],
    ['an object of depth 65', nestedArray(65), deny('limit.depth')],
    ['an object of depth 100,000', nestedArray(100_000), deny('limit.depth')],
  ]
  for (const [name, input, expected] of rows) {
    it(name, () => {
      const verdict = gate.audit('t', input)
      assert.deepEqual({ action: verdict.action, rules: rulesOf(verdict) }, expected)
      assert.deepEqual(auditToolArgs(input), verdict)
    })
  }
})

describe('misuse is CallgateError input.type', () => {
  const rows = [
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['a boolean', true],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', 1n],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a Date', new Date()],
    ['a RegExp', /x/],
    ['an Error', new Error('x')],
    ['a Promise', Promise.resolve()],
    ['a boxed string', Object('x')],
    ['a boxed number', Object(1)],
    ['a boxed boolean', Object(true)],
    ['a class instance', new (class Point {})()],
    ['a subclass of Array', new (class List extends Array {})()],
    ['an object that inherits', Object.create({ a: 1 })],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a SharedArrayBuffer', new SharedArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['a DataView over shared memory', new DataView(new SharedArrayBuffer(2))],
    ['a Uint8ClampedArray', new Uint8ClampedArray([123, 125])],
    ['an Int8Array', new Int8Array([123, 125])],
    ['a Uint16Array', new Uint16Array([123, 125])],
    ['a Float64Array', new Float64Array(1)],
    ['a Float64Array over shared memory', new Float64Array(new SharedArrayBuffer(8))],
    ['a detached view', detached()],
    ['a detached empty view', detachedEmpty()],
    ['a view over a resizable buffer', resizable()],
    ['a view out of the bounds of its buffer', outOfBounds()],
    ['a view over a growable SharedArrayBuffer', growable()],
    ['a proxy of bytes', new Proxy(new Uint8Array(2), {})],
    ['an impostor', { __proto__: Uint8Array.prototype, length: 2 }],
    ['a revoked proxy', revoked()],
  ]
  for (const [name, input] of rows) {
    it(name, () => {
      refusal(() => gate.audit('t', input), 'input.type', name)
      refusal(() => auditToolArgs(input), 'input.type', name)
    })
  }

  const refuse = (thrown) => {
    throw thrown
  }
  const throwing = () => refuse(new Error('secret'))
  const cycle = { a: [] }
  cycle.a.push({ b: cycle })
  const places = [
    ['a Map', { a: { b: new Map() } }, '/a/b'],
    ['a Date', [0, new Date()], '/1'],
    ['a function', { f: () => 1 }, '/f'],
    ['a symbol', { a: [Symbol('s')] }, '/a/0'],
    ['a BigInt', { a: 1n }, '/a'],
    ['NaN', { a: Number.NaN }, '/a'],
    ['Infinity', { a: Number.NEGATIVE_INFINITY }, '/a'],
    ['a hole', { a: Object.assign([], { 0: 1, 2: 2 }) }, '/a/1'],
    ['an undefined item', [undefined], '/0'],
    ['bytes', { a: new Uint8Array(1) }, '/a'],
    ['a boxed number', { a: Object(1) }, '/a'],
    ['a toJSON method', { a: { toJSON: () => 1 } }, '/a'],
    ['a hidden toJSON method', { a: Object.defineProperty({}, 'toJSON', { value: () => 1 }) }, '/a'],
    ['a throwing getter', { a: Object.defineProperty({}, 'b', { enumerable: true, get: throwing }) }, '/a/b'],
    ['a throwing toJSON getter', { a: Object.defineProperty({}, 'toJSON', { get: throwing }) }, '/a'],
    [
      'a getter that throws an error of callgate',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => refuse(new CallgateError('policy.invalid', 'secret')),
      }),
      '/a: threw while it was read',
    ],
    [
      'a getter that throws a revoked proxy',
      Object.defineProperty({}, 'a', { enumerable: true, get: () => refuse(revoked()) }),
      '/a: threw while it was read',
    ],
    ['a throwing proxy', { a: new Proxy({}, { ownKeys: throwing }) }, '/a'],
    ['a cycle', cycle, '/a/0/b'],
    ['a key with separators', { 'a/b': { 'c~d': new Map() } }, '/a~1b/c~0d'],
  ]
  for (const [name, input, pointer] of places) {
    it(`${name} inside an object, with its place`, () => {
      const { message } = refusal(() => gate.audit('t', input), 'input.type', name)
      assert.ok(message.startsWith(`${pointer}`), message)
      assert.ok(!message.includes('secret'), message)
    })
  }

  it('a polluted Object.prototype.toJSON', () => {
    Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'harmless', configurable: true })
    try {
      refusal(() => gate.audit('t', { a: 1 }), 'input.type')
      refusal(() => gate.audit('t', [1]), 'input.type')
    } finally {
      delete Object.prototype.toJSON
    }
  })

  it('a tool that is not a string', () => {
    for (const tool of [undefined, null, 1, {}, ['t']]) {
      refusal(() => gate.audit(tool, '{}'), 'input.type')
    }
  })
})

describe('objects that grow when they are written', () => {
  it('shared references stop at the limit of values', () => {
    let value = [1]
    for (let level = 0; level < 40; level++) {
      value = [value, value]
    }
    assert.deepEqual(rulesOf(gate.audit('t', value)), ['limit.nodes'])
  })

  it('shared strings stop at the limit of bytes', () => {
    const text = 'x'.repeat(1 << 20)
    assert.deepEqual(
      rulesOf(
        gate.audit(
          't',
          Array.from({ length: 4096 }, () => text),
        ),
      ),
      ['limit.bytes'],
    )
  })

  it('many items and members stop at the limit of elements', () => {
    const items = Array.from({ length: 65_537 }, () => 0)
    const members = Object.fromEntries(items.map((_, index) => [`k${index}`, 0]))
    assert.equal(gate.audit('t', items.slice(1)).action, 'allow')
    for (const value of [{ a: items }, { a: members }]) {
      const [finding] = gate.audit('t', value).findings
      assert.deepEqual(
        { rule: finding.rule, pointer: finding.pointer },
        { rule: 'limit.elements', pointer: '/a' },
      )
    }
  })

  it('limits of a tool hold for its objects', () => {
    const small = new Gate({ tools: { t: { limits: { depth: 1 } } } })
    assert.deepEqual(rulesOf(small.audit('t', { a: {} })), ['limit.depth'])
    assert.deepEqual(rulesOf(small.audit('u', { a: {} })), [])
  })

  it('a limit that is flagged or off lets the object through', () => {
    const deep = nestedArray(100)
    assert.equal(new Gate({ mode: 'observe' }).audit('t', deep).action, 'flag')
    assert.equal(new Gate({ rules: { 'limit.depth': 'flag' } }).audit('t', deep).action, 'flag')
    assert.equal(new Gate({ rules: { 'limit.depth': 'off' } }).audit('t', deep).action, 'allow')
  })

  it('what cannot be written at all is reported or misuse, never a crash', () => {
    const deep = nestedArray(100_000)
    assert.equal(new Gate({ mode: 'observe' }).audit('t', deep).action, 'flag')
    refusal(() => new Gate({ rules: { 'limit.depth': 'off' } }).audit('t', deep), 'input.type')
    refusal(() => new Gate({ limits: { depth: 1_000_000 } }).audit('t', deep), 'input.type')
    // As a flag it would let through what was never looked at.
    refusal(() => new Gate({ rules: { 'limit.depth': 'flag' } }).audit('t', deep), 'input.type')
    refusal(() => new Gate({ rules: { 'limit.*': 'flag' } }).auditParsed('t', deep), 'input.type')
  })
})

describe('a string beyond the limit of bytes', () => {
  const small = new Gate({ limits: { messageBytes: 10 } })

  it('has the verdict of its bytes', async () => {
    for (const text of [
      '"12345678"',
      '"123456789"',
      '"123456789é"',
      '"éééé"',
      '"ééééé"',
      '"日本語日本語日本語"',
      '[[[[[[',
    ]) {
      const verdict = small.audit('t', encoder.encode(text))
      assert.deepEqual(small.audit('t', text), verdict, text)
      assert.deepEqual(await small.auditAsync('t', text), verdict, text)
    }
    assert.deepEqual(rulesOf(small.audit('t', '"\ud800ten more bytes"')), ['limit.bytes'])
    for (const policy of [
      { mode: 'observe' },
      { rules: { 'limit.bytes': 'flag' } },
      { rules: { 'limit.bytes': 'off' } },
    ]) {
      const lenient = new Gate({ ...policy, limits: { messageBytes: 10 } })
      const text = '{"a":1234,"a":5}'
      assert.deepEqual(lenient.audit('t', text), lenient.audit('t', encoder.encode(text)))
    }
  })

  it('is not written as bytes first', async () => {
    const text = 'x'.repeat(1 << 26)
    const held = () => process.memoryUsage().arrayBuffers
    const before = held()
    assert.deepEqual(rulesOf(gate.audit('t', text)), ['limit.bytes'])
    assert.deepEqual(rulesOf(await gate.auditAsync('t', text)), ['limit.bytes'])
    assert.ok(held() - before < 1 << 24, `${held() - before} bytes`)
  })
})

describe('a string that is not well-formed', () => {
  const text = '{"a":"\ud800","a":1}'
  it('follows the policy', () => {
    const actions = (policy) => {
      const { action, findings } = new Gate(policy).audit('t', text)
      return [action, ...findings.map((finding) => `${finding.rule} ${finding.action}`)]
    }
    assert.deepEqual(actions(), ['deny', 'json.surrogate deny', 'json.duplicate-key deny'])
    assert.deepEqual(actions({ mode: 'observe' }), ['flag', 'json.surrogate flag', 'json.duplicate-key flag'])
    assert.deepEqual(actions({ rules: { 'json.surrogate': 'off' } }), ['deny', 'json.duplicate-key deny'])
  })
})
