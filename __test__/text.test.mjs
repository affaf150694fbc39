// Sanitising from JavaScript: what strings can be that UTF-8 cannot, misuse, and what the engine knows of emoji.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../index.mjs'
import { refusal } from './support/callgate.mjs'

const gate = new Gate()

/** Every code point with this property of the engine's own Unicode tables. @param {RegExp} property */
function charactersOf(property) {
  const found = []
  for (let point = 0; point <= 0x10ffff; point++) {
    const text = String.fromCodePoint(point)
    if (property.test(text)) {
      found.push(text)
    }
  }
  assert.ok(found.length > 10)
  return found
}

describe('sanitize', () => {
  it('gives back what was taken out', () => {
    assert.deepEqual(gate.sanitize('pay\u200bload \u001b[31mred'), {
      text: 'payload red',
      removed: [
        { kind: 'invisible', count: 1 },
        { kind: 'escape', count: 1 },
      ],
    })
  })

  it('replaces and counts lone surrogates', () => {
    for (const [text, expected, count] of [
      ['a\ud800b', 'a\ufffdb', 1],
      ['\udc00\ud800', '\ufffd\ufffd', 2],
      ['\ud83d\ude00\ude00', '\u{1f600}\ufffd', 1],
    ]) {
      assert.deepEqual(gate.sanitize(text), { text: expected, removed: [{ kind: 'surrogate', count }] })
    }
    assert.deepEqual(gate.sanitize('\ud800\0'), {
      text: '\ufffd',
      removed: [
        { kind: 'control', count: 1 },
        { kind: 'surrogate', count: 1 },
      ],
    })
  })

  it('cuts at 100,000 characters', () => {
    const { text, removed } = gate.sanitize('\u{1f600}'.repeat(100_002))
    assert.equal(text, '\u{1f600}'.repeat(100_000))
    assert.deepEqual(removed, [{ kind: 'truncated', count: 2 }])
  })

  it('takes strings only, of an open gate', () => {
    for (const value of [undefined, null, 1, {}, new String('a'), Buffer.from('a')]) {
      refusal(() => gate.sanitize(value), 'input.type', String(value))
    }
    const closed = new Gate()
    closed.close()
    refusal(() => closed.sanitize('a'), 'gate.closed')
  })

  it('refuses a wrong policy', () => {
    for (const sanitize of [{ maxChars: -1 }, { codeFences: 'off' }, { fences: 'keep' }, []]) {
      refusal(() => new Gate({ sanitize }), 'policy.invalid', JSON.stringify(sanitize))
    }
  })
})

describe('the legal emoji', () => {
  it('are all that the engine knows', () => {
    for (const emoji of charactersOf(/^\p{Extended_Pictographic}$/u)) {
      for (const text of [
        `${emoji}\ufe0f`,
        `${emoji}\ufe0e`,
        `${emoji}\ufe0f\u200d${emoji}`,
        `${emoji}\u200d${emoji}`,
      ]) {
        assert.deepEqual(gate.sanitize(text), { text, removed: [] }, JSON.stringify(text))
      }
    }
    for (const emoji of charactersOf(/^\p{Emoji_Modifier_Base}$/u)) {
      const text = `${emoji}\u{1f3fe}\u200d\u2642\ufe0f`
      assert.equal(gate.sanitize(text).text, text)
    }
  })

  it('are no letters', () => {
    for (const letter of charactersOf(/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u)) {
      // The information and trade marks are of the Latin blocks and have emoji forms.
      if (!/\p{Extended_Pictographic}/u.test(letter)) {
        assert.equal(gate.sanitize(`${letter}\ufe0f`).text, letter, letter)
      }
    }
  })
})

describe('what does not show', () => {
  it('goes, whatever the engine calls ignorable', () => {
    for (const character of charactersOf(/^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Bidi_Control}]$/u)) {
      const text = `a${character}\u{e9}`
      const breaks = /[\v\f\r\x85]/.test(character)
      assert.equal(
        gate.sanitize(text).text,
        /[\n\t]/.test(character) ? text : breaks ? 'a\n\u{e9}' : 'a\u{e9}',
        JSON.stringify(character),
      )
    }
  })
})
