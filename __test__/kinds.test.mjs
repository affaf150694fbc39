// inferKinds: what it takes and answers. What is inferred is in tests/vectors/kinds.json.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate, inferKinds } from '../index.mjs'
import { refusal } from './support/callgate.mjs'

const SCHEMA = { properties: { größe: { type: 'string', format: 'uri' } } }

describe('inferKinds', () => {
  it('takes objects, text and bytes', () => {
    const text = JSON.stringify(SCHEMA)
    for (const schema of [SCHEMA, text, Buffer.from(text), new Uint8Array(Buffer.from(text))]) {
      assert.deepEqual(inferKinds(schema), { '/größe': 'url' })
    }
    for (const schema of [true, false, 'true', {}]) {
      assert.deepEqual(inferKinds(schema), {})
    }
  })

  it('answers a frozen object without names that mean something', () => {
    const kinds = inferKinds('{"properties":{"__proto__":{"type":"string","format":"uri"}}}')
    assert.ok(Object.isFrozen(kinds))
    assert.equal(Object.getPrototypeOf(kinds), Object.prototype)
    assert.deepEqual(Object.keys(kinds), ['/__proto__'])
  })

  it('answers what a policy takes', () => {
    const arguments_ = Object.fromEntries(
      Object.entries(inferKinds(SCHEMA)).map(([pointer, kind]) => [pointer, { kind }]),
    )
    const gate = new Gate({ tools: { t: { arguments: arguments_ } } })
    assert.equal(gate.audit('t', { größe: 'http://169.254.169.254/' }).action, 'deny')
    assert.equal(gate.audit('t', { größe: 'https://example.com/' }).action, 'allow')
  })

  it('takes no longer schema', () => {
    const text = `{"description":"${'x'.repeat((1 << 20) - 18)}"}`
    assert.equal(text.length, 1 << 20)
    for (const schema of [text, JSON.parse(text), Buffer.from(text)]) {
      assert.deepEqual(inferKinds(schema), {})
    }
    const longer = ` ${text}`
    for (const schema of [
      longer,
      { ...JSON.parse(text), a: 1 },
      Buffer.from(longer),
      { a: 'é'.repeat(1 << 19) },
    ]) {
      refusal(() => inferKinds(schema), 'input.type')
    }
  })

  it('takes nothing else', () => {
    const cycle = {}
    cycle.self = cycle
    const nested = '['.repeat(5000) + ']'.repeat(5000)
    const values = [undefined, null, 1, '', '{', '3', 'null', '[]', [], '"\ud800"', nested, new Date(), cycle]
    for (const schema of [
      ...values,
      { a: 1n },
      new Map(),
      new DataView(new ArrayBuffer(2)),
      Buffer.from('\xff', 'latin1'),
    ]) {
      refusal(() => inferKinds(schema), 'input.type')
    }
    const parts = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [at, {}]))
    refusal(() => inferKinds({ properties: parts }), 'input.type')
  })
})
