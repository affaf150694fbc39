// tests/vectors/proxy.json through a session of the proxy; tests/vectors/README.md says what it holds.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { line, sessionOf } from '../support/proxy/session.mjs'

const { proxy: CASES } = JSON.parse(
  readFileSync(new URL('../../tests/vectors/proxy.json', import.meta.url), 'utf8'),
)

/** What becomes of the request of a case, and of the answer to it. */
function run(t, { policy = {}, pinned, waiting = 0, method, params, result, refused = [] }) {
  const { session: between, told, messages } = sessionOf(t, policy, pinned)
  between.fromClient(
    Buffer.concat(Array.from({ length: waiting }, (_, id) => line({ id, method: 'test/wait' }))),
  )
  assert.equal(messages('server').length, waiting)
  between.fromClient(line({ id: 'asked', method, params }))
  const passed = messages('server').length === 1
  if (passed && result !== undefined) {
    between.fromServer(line({ id: 'asked', result }))
  }
  const [answer] = messages('client')
  const found = [...told]
  const calls = refused.map((name) => {
    between.fromClient(line({ id: `call ${name}`, method: 'tools/call', params: { name } }))
    const [own] = messages('client')
    return own === undefined || own.result.isError === true ? own?.result.content[0].text : assert.fail(name)
  })
  return { passed, answer, found, calls }
}

const told = (found) =>
  found.map(({ rule, action, pointer, subject }) => ({ rule, action, pointer, subject }))

describe('tests/vectors/proxy.json', () => {
  for (const vector of CASES) {
    const { name, policy = {}, result, found: expected = [], shown = result, refused = [] } = vector
    const withAction = (action) => expected.map((finding) => ({ ...finding, action }))
    // Entries that pass are cleaned as all that a server says, which is not what is looked at here.
    const uncleaned = { 'text.*': 'off' }
    /** What the policy says of the rules that are found besides. */
    const saying = (action) => {
      const rules = Object.fromEntries(expected.map(({ rule }) => [rule, action]))
      return { ...vector, policy: { ...policy, rules: { ...uncleaned, ...rules } } }
    }

    // In observe mode what is too much passes, and is not remembered, so that memory stays bounded.
    const unasked = { rule: 'rpc.id', action: 'flag', pointer: '/id', subject: undefined }
    const forgotten = vector.waiting === undefined ? [] : [unasked]

    it(name, (t) => {
      const { passed, answer, found, calls } = run(t, vector)
      assert.deepEqual(
        told(found),
        expected.map((finding) => ({ action: 'deny', ...finding })),
      )
      for (const { rule, message, member } of found.filter(({ action }) => action === 'deny')) {
        assert.ok(message.endsWith(`(${rule})`), message)
        assert.equal(member, `rules["${rule}"]`)
      }
      assert.equal(passed, result !== undefined)
      if (passed) {
        assert.deepEqual(answer, { jsonrpc: '2.0', id: 'asked', result: shown })
      } else {
        assert.equal(answer.error.data.rule, expected[0].rule)
      }
      for (const [index, text] of calls.entries()) {
        assert.match(text, new RegExp(`^Refused: .*\\(${expected[0].rule}\\)$`), refused[index])
      }
    })

    const anyhow =
      expected.length === 0
        ? []
        : [
            ['flagged', saying('flag'), withAction('flag')],
            ['off', saying('off'), []],
            [
              'flagged as a family',
              { ...vector, policy: { ...policy, rules: { ...uncleaned, ...family(expected, 'flag') } } },
              withAction('flag'),
            ],
            [
              'observed',
              { ...vector, policy: { ...policy, mode: 'observe', rules: uncleaned } },
              [...withAction('flag'), ...forgotten],
            ],
          ]
    for (const [what, changed, left] of anyhow) {
      it(`${name}: ${what}, all passes`, (t) => {
        const { passed, answer, found, calls } = run(t, { result: {}, ...changed })
        assert.deepEqual(told(found), left)
        assert.equal(passed, true)
        assert.deepEqual(answer, { jsonrpc: '2.0', id: 'asked', result: result ?? {} })
        assert.deepEqual(
          calls,
          refused.map(() => undefined),
        )
      })
    }
  }
})

/** The families of what is found, with an action. */
function family(found, action) {
  return Object.fromEntries(found.map(({ rule }) => [`${rule.split('.')[0]}.*`, action]))
}
