// gate.redact: what it takes and answers. What is redacted is in tests/vectors/secrets.json.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../index.mjs'
import { refusal } from './support/callgate.mjs'

const gate = new Gate()

describe('redact', () => {
  it('takes bytes and strings', () => {
    const text = '{"caf\u00e9":"\u{1F600}","password":"x"}'
    const expected = '{"caf\u00e9":"\u{1F600}","password":"[REDACTED]"}'
    assert.equal(gate.redact(text), expected)
    assert.equal(gate.redact(Buffer.from(text)), expected)
    assert.equal(gate.redact(new Uint8Array(Buffer.from(text))), expected)
    assert.equal(gate.redact(new Uint8Array(Buffer.from(` ${text} `)).subarray(1, -1)), expected)
    const shared = new Uint8Array(new SharedArrayBuffer(2))
    shared.set(Buffer.from('{}'))
    assert.equal(gate.redact(shared), '{}')
  })

  it('answers the text where there is nothing to take out', () => {
    for (const text of ['', '{}', '\ufeff{}', 'no json', '{"a":"\u00e9"}', '"\ud800"']) {
      assert.equal(gate.redact(text), text)
    }
    assert.equal(gate.redact(Buffer.from('\ufeff{}')), '\ufeff{}')
  })

  it('says U+FFFD for what is no text', () => {
    assert.equal(gate.redact(Buffer.from([0x61, 0xff])), 'a\ufffd')
    assert.equal(gate.redact('{"a":"\ud800","token":1}'), '{"a":"\ufffd","token":"[REDACTED]"}')
  })

  it('takes long texts', () => {
    const text = JSON.stringify(Array.from({ length: 100_000 }, () => ({ id: 1, token: 'x' })))
    assert.equal(gate.redact(text), text.replaceAll('"x"', '"[REDACTED]"'))
    assert.equal(gate.redact('x'.repeat(5 << 20)).length, 5 << 20)
  })

  it('takes nothing else', () => {
    for (const value of [
      undefined,
      null,
      1,
      {},
      [],
      new DataView(new ArrayBuffer(2)),
      new Uint16Array(2),
      new Date(),
    ]) {
      refusal(() => gate.redact(value), 'input.type')
    }
  })

  it('holds to the policy', () => {
    const own = new Gate({ redact: { keys: ['iban'], notKeys: ['token'] }, rules: { 'secret.jwt': 'off' } })
    assert.equal(
      own.redact('{"my_iban":1,"token":2,"pwd":3}'),
      '{"my_iban":"[REDACTED]","token":2,"pwd":"[REDACTED]"}',
    )
    for (const keys of [['-'], [''], 'iban', [1], null]) {
      refusal(() => new Gate({ redact: { keys } }), 'policy.invalid')
    }
  })

  it('is closed with its gate', () => {
    const closed = new Gate()
    closed.close()
    refusal(() => closed.redact('{}'), 'gate.closed')
  })
})
