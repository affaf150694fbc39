// tests/vectors/proxy.json through a session of the proxy; tests/vectors/README.md says what it holds.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'

const require = createRequire(import.meta.url)
const { gateForServer } = require('../../js/cli/launch.js')
const { INSIDE } = require('../../js/inside.js')
const { Catalogue } = require('../../js/proxy/catalogue.js')
const { Grants } = require('../../js/proxy/grants.js')
const { lockOf } = require('../../js/proxy/lock.js')
const { Session } = require('../../js/proxy/session.js')

const { proxy: CASES } = JSON.parse(
  readFileSync(new URL('../../tests/vectors/proxy.json', import.meta.url), 'utf8'),
)

const line = (message) => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

/** A session between nobody and nobody: what it tells, and the messages that come out on either side. */
function session(t, policy, pinned) {
  const gate = new Gate(policy)
  t.after(() => gate.close())
  const whole = gate[INSIDE].policy()
  const serverGate = gateForServer(whole)
  t.after(() => serverGate.close())
  const told = []
  const out = { client: '', server: '' }
  const messages = (side) => {
    const lines = out[side].split('\n').filter((text) => text !== '')
    out[side] = ''
    return lines.map((text) => JSON.parse(text))
  }
  const lock = pinned && lockOf(pinned.instructions ?? null, pinned.tools)
  const report = ({ subject, finding }) => told.push({ ...finding, subject })
  return {
    told,
    messages,
    session: new Session({
      gate,
      serverGate,
      catalogue: new Catalogue({ gate, lock, report }),
      grants: new Grants([]),
      observes: whole.mode === 'observe',
      toClient: (bytes) => {
        out.client += Buffer.from(bytes)
      },
      toServer: (bytes) => {
        out.server += Buffer.from(bytes)
      },
      tell: ({ method, finding }) => told.push({ ...finding, subject: method }),
    }),
  }
}

/** What becomes of the request of a case, and of the answer to it. */
function run(t, { policy = {}, pinned, waiting = 0, method, params, result, refused = [] }) {
  const { session: between, told, messages } = session(t, policy, pinned)
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
    /** What the policy says of the rules that are found besides. */
    const saying = (action) => {
      const rules = Object.fromEntries(expected.map(({ rule }) => [rule, action]))
      return { ...vector, policy: { ...policy, rules } }
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
      for (const { rule, message, action } of found.filter(({ action }) => action === 'deny')) {
        assert.ok(message.endsWith(`(${rule}; policy: rules["${rule}"])`), `${action}: ${message}`)
      }
      assert.equal(passed, result !== undefined)
      if (passed) {
        assert.deepEqual(answer, { jsonrpc: '2.0', id: 'asked', result: shown })
      } else {
        assert.equal(answer.error.data.rule, expected[0].rule)
      }
      for (const [index, text] of calls.entries()) {
        assert.match(text, new RegExp(`^Refused: .*\\(${expected[0].rule}; `), refused[index])
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
              { ...vector, policy: { ...policy, rules: family(expected, 'flag') } },
              withAction('flag'),
            ],
            [
              'observed',
              { ...vector, policy: { ...policy, mode: 'observe' } },
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
