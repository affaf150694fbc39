// Names that some parsers fold to others are refused, or judged as those: the same names that Go's encoding/json takes
// for a member.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'
import { membersOfGo, READERS } from './support/readers.mjs'

const MEMBERS = ['name', 'uri', 'arguments', '_meta', 'task']

/** Every letter of a name in other forms, one at a time and together, and forms that no parser folds. */
function* forms(name) {
  const others = {
    s: ['S', '\u017f', '\u1e9e', '\u015b'],
    k: ['K', '\u212a', '\u03ba'],
    i: ['I', '\u0131', '\u0130'],
  }
  yield name
  yield name.toUpperCase()
  yield name.replaceAll('s', '\u017f').replaceAll('k', '\u212a')
  yield `${name} `
  yield name.slice(1)
  yield `${name}s`
  for (const [at, letter] of [...name].entries()) {
    for (const other of [...(others[letter] ?? [letter.toUpperCase(), `${letter}\u0301`]), '\uff41']) {
      yield name.slice(0, at) + other + name.slice(at + 1)
    }
  }
}
const NAMES = [...new Set(MEMBERS.flatMap((name) => [...forms(name)]))]

describe('names that fold', () => {
  const { skip } = READERS.Go
  it('are those that Go takes for a member', { skip }, () => {
    const gate = new Gate()
    const members = membersOfGo(NAMES)
    for (const [index, name] of NAMES.entries()) {
      const params = { name: 't', arguments: {}, [name]: { a: 1 } }
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
      const { findings } = gate.auditMessage(JSON.stringify(message))
      const refused = findings.some(
        ({ rule, pointer }) => rule === 'rpc.envelope' && pointer === `/params/${name}`,
      )
      const exact = MEMBERS.includes(name)
      assert.equal(refused && !exact, members[index] !== '' && !exact, JSON.stringify(name))
    }
  })

  it('are arguments of the kind that Go would give them', { skip }, () => {
    const members = membersOfGo(NAMES)
    for (const member of MEMBERS) {
      const gate = new Gate({ tools: { t: { arguments: { [`/${member}`]: { kind: 'path' } } } } })
      for (const [index, name] of NAMES.entries()) {
        const { action } = gate.audit('t', { [name]: '../x' })
        assert.equal(action === 'deny', members[index] === member, `${JSON.stringify(name)} as ${member}`)
        if (members[index] === member && name !== member) {
          const twins = gate.audit('t', { [member]: 'a', [name]: 'a' })
          assert.deepEqual(
            twins.findings.map(({ rule, action: does }) => [rule, does]),
            [['json.folded-key', 'deny']],
            name,
          )
        }
      }
    }
  })

  it('are found in linear time, however many there are', () => {
    const gate = new Gate()
    const variants = Array.from({ length: 1 << 15 }, (_, bits) =>
      [...'abcdefghijklmno'].map((letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    )
    const many = gate.audit('t', `{${variants.map((name) => `"${name}":1`).join(',')}}`)
    assert.deepEqual(
      many.findings.map(({ rule, action }) => [rule, action]),
      [['json.folded-key', 'deny']],
    )
    const pairs = gate.audit(
      't',
      `{${variants
        .map((_, at) => `"Word${at}":1,"word${at}":2`)
        .slice(0, 9000)
        .join(',')}}`,
    )
    assert.equal(pairs.action, 'flag')
    assert.equal(pairs.findings.length, 32)
    // Keys that a hash takes for one hide no others.
    const clash = Array.from({ length: 1024 }, (_, bits) =>
      [...'[]{}@`^~[{']
        .map((sign, at) => String.fromCharCode(sign.charCodeAt(0) ^ (((bits >> at) & 1) << 5)))
        .join(''),
    )
    const hidden = gate.audit(
      't',
      JSON.stringify({ ...Object.fromEntries(clash.map((key) => [key, 1])), Word: 1, word: 2 }),
    )
    assert.deepEqual(
      hidden.findings.map(({ rule, pointer }) => [rule, pointer]),
      [['json.folded-key', '/word']],
    )
    // One name twice is still found among those that fold.
    const twice = gate.audit('t', '{"a":1,"A":2,"b":3,"A":4}')
    assert.deepEqual(
      twice.findings.map(({ rule }) => rule),
      ['json.folded-key', 'json.duplicate-key'],
    )
  })
})
