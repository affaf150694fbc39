// Messages of a stream: however it is cut, whatever is in it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../index.mjs'
import { refusal } from './support/callgate.mjs'

const call = (id, args, name = 'sum') =>
  JSON.stringify({ method: 'tools/call', params: { name, arguments: args }, jsonrpc: '2.0', id })

/** What there is to know of a message, to be compared. */
function told({ kind, id, method, tool, verdict, text }) {
  return { kind, id, method, tool, verdict, text }
}

/** The messages of a stream that is cut into chunks of these sizes, in turn. */
function readIn(gate, bytes, sizes) {
  const reader = gate.messageReader()
  const messages = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]
    messages.push(...reader.read(bytes.subarray(at, at + size)).map(told))
    at += size
  }
  return messages
}

describe('a reader', () => {
  const lines = [
    call(1, { a: 1 }),
    '',
    call('é', { text: 'naïve 😀' }, 'tëst'),
    `${call(2, {})}\r`,
    '\r',
    '{"jsonrpc":"1.0","id":3,"method":"x"}',
    '[]',
    '{"a"',
    call(4, { q: "' or 1=1--" }),
    '{"jsonrpc":"2.0","method":"notifications/x"}',
    call(5, { text: 'x'.repeat(300) }),
    `\ufeff${call(6, {})}`,
    '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}',
  ]
  const stream = Buffer.from(`${lines.join('\n')}\n{"cut`)
  const gate = new Gate({ limits: { messageBytes: 280 } })

  it('answers the same however the stream is cut', () => {
    const whole = gate.messageReader().read(stream).map(told)
    assert.deepEqual(
      whole.map(({ kind, id, verdict }) => [kind, id, verdict.action]),
      [
        ['request', 1, 'allow'],
        ['request', 'é', 'allow'],
        ['request', 2, 'allow'],
        ['invalid', 3, 'deny'],
        ['batch', null, 'deny'],
        ['invalid', null, 'deny'],
        ['request', 4, 'flag'],
        ['notification', null, 'allow'],
        ['request', 5, 'deny'],
        ['request', 6, 'flag'],
        ['response', 7, 'allow'],
      ],
    )
    for (const sizes of [[1], [2], [3, 1], [7], [64], [281], [282], [1000], [5, 400, 1]]) {
      assert.deepEqual(readIn(gate, stream, sizes), whole, `cut into ${sizes}`)
    }
  })

  it('hands out the text and the value of what is not refused', () => {
    const [first, second, , wrong] = gate.messageReader().read(stream)
    assert.equal(first.text, lines[0])
    assert.deepEqual(first.value, JSON.parse(lines[0]))
    assert.equal(first.value, first.value)
    assert.deepEqual([second.id, second.method, second.tool], ['é', 'tools/call', 'tëst'])
    assert.equal(stream.subarray(second.start, second.end).toString(), lines[2])
    assert.deepEqual(
      [wrong.text, wrong.value, wrong.verdict.findings[0].rule],
      [undefined, undefined, 'rpc.envelope'],
    )
    assert.ok(Object.isFrozen(first.verdict) && Object.isFrozen(wrong.verdict.findings[0]))
    assert.equal(first.verdict, second.verdict)
  })

  it('answers more messages than a table holds', () => {
    const many = Buffer.from(`${call(1, {})}\n[]\n`.repeat(1000))
    const kinds = new Gate()
      .messageReader()
      .read(many)
      .map(({ kind }) => kind)
    assert.deepEqual(kinds, Array(1000).fill(['request', 'batch']).flat())
  })

  it('tells onVerdict', () => {
    const own = new Gate()
    const events = []
    own.onVerdict(({ surface, tool, verdict }) => events.push([surface, tool, verdict.action]))
    own.messageReader().read(Buffer.from(`${call(1, {})}\n${call(2, { n: 2 ** 60 })}\n[]\n`))
    own.auditMessage('[]')
    assert.deepEqual(events, [
      ['message', 'sum', 'flag'],
      ['message', undefined, 'deny'],
      ['message', undefined, 'deny'],
    ])
  })

  it('sees the bytes that are there, whatever a class says of itself', () => {
    for (const length of [0, 1, 2 ** 31, Number.NaN, 'x']) {
      class Lies extends Uint8Array {
        get length() {
          return length
        }
        get byteLength() {
          return length
        }
        get buffer() {
          return new ArrayBuffer(0)
        }
        subarray() {
          return this
        }
      }
      const bytes = Lies.from(Buffer.from(`${call(1, {})}\n`.repeat(600)))
      assert.equal(new Gate().messageReader().read(bytes).length, 600, String(length))
      assert.equal(new Gate().auditMessage(Lies.from(Buffer.from(call(1, {})))).id, 1)
    }
  })

  it('takes bytes only, of a gate that is open', () => {
    const own = new Gate()
    const reader = own.messageReader()
    for (const wrong of ['{}\n', undefined, [1], new Uint16Array(2)]) {
      refusal(() => reader.read(wrong), 'input.type')
    }
    assert.deepEqual(reader.read(new Uint8Array(0)), [])
    own.close()
    refusal(() => reader.read(Buffer.from('[]\n')), 'gate.closed')
    refusal(() => own.messageReader().read(Buffer.from('[]\n')), 'gate.closed')
    refusal(() => own.auditMessage('[]'), 'gate.closed')
    refusal(() => new Gate().auditMessage({}), 'input.type')
  })
})

describe('lines that are too long', () => {
  for (const [megabytes, id] of [
    [17, 1],
    [200, 'last'],
  ]) {
    it(`of ${megabytes} MB keep their id and no memory`, () => {
      const reader = new Gate().messageReader()
      const before = process.memoryUsage().rss
      const chunk = Buffer.alloc(1 << 20, 'x')
      let most = 0
      assert.deepEqual(
        reader.read(Buffer.from('{"method":"tools/call","params":{"name":"t","arguments":{"a":"')),
        [],
      )
      for (let count = 0; count < megabytes; count++) {
        assert.deepEqual(reader.read(chunk), [])
        most = Math.max(most, process.memoryUsage().rss - before)
      }
      const end = Buffer.from(`"}},"jsonrpc":"2.0","id":${JSON.stringify(id)}}\n${call(2, {})}\n`)
      const [long, next, ...more] = reader.read(end)
      assert.deepEqual(more, [])
      assert.deepEqual([long.kind, long.id, long.method, long.tool], ['request', id, 'tools/call', 't'])
      assert.deepEqual(
        [long.text, long.verdict.findings.map(({ rule }) => rule)],
        [undefined, ['limit.bytes']],
      )
      assert.deepEqual([next.id, next.verdict.action], [2, 'allow'])
      // The limit is 16 MiB, and room for a line grows by doubling.
      assert.ok(most < 100 << 20, `${most} bytes`)
    })
  }

  it('of 11 MB are read', () => {
    const text = call(1, { a: 'x'.repeat(11e6) })
    const [message, ...more] = readIn(new Gate(), Buffer.from(`${text}\n`), [1 << 16])
    assert.deepEqual(
      [message.id, message.verdict.action, message.text === text, more.length],
      [1, 'allow', true, 0],
    )
  })

  it('are refused whatever the policy says of the limit, unless it only observes', () => {
    const text = call(1, { a: 'x'.repeat(64) })
    for (const [policy, action, passed] of [
      [{ rules: { 'limit.bytes': 'off' } }, 'deny', undefined],
      [{ rules: { 'limit.bytes': 'flag' } }, 'deny', undefined],
      [{ mode: 'observe' }, 'flag', text],
    ]) {
      const reader = new Gate({ limits: { messageBytes: 64 }, ...policy }).messageReader()
      const [message] = reader.read(Buffer.from(`${text}\n`))
      assert.deepEqual([message.id, message.verdict.action, message.text], [1, action, passed])
    }
  })

  it('nested 4,000,000 deep keep their id', () => {
    const text = `{"method":"m","params":{"a":${'['.repeat(4e6)}${']'.repeat(4e6)}},"jsonrpc":"2.0","id":8}\n`
    for (const sizes of [[text.length], [1 << 16]]) {
      const [message] = readIn(new Gate(), Buffer.from(text), sizes)
      assert.deepEqual([message.id, message.verdict.findings[0].rule], [8, 'limit.depth'])
    }
  })
})

describe('isVisible', () => {
  it('is what access says', () => {
    const gate = new Gate({ access: { tools: { deny: ['drop_*'] } } })
    assert.deepEqual([gate.isVisible('read'), gate.isVisible('drop_all')], [true, false])
    const observed = new Gate({ mode: 'observe', access: { default: 'deny' } })
    assert.equal(observed.isVisible('read'), true)
    refusal(() => gate.isVisible(1), 'input.type')
  })
})
