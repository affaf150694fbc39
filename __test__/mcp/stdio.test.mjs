// Hostile clients of servers on stdio, of both lines of the SDK, guarded in each way.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CASES, matches, told } from './support/cases.mjs'
import { bytesOf, Session } from './support/session.mjs'

const SERVERS = [
  ['v1', 'guard'],
  ['v1', 'filter'],
  ['v1', 'transport'],
  ['v2', 'guard'],
  ['v2', 'transport'],
  ['modern', 'filter'],
  ['modern', 'transport'],
]

for (const [line, guard] of SERVERS) {
  describe(`a server of ${line} with ${guard}`, () => {
    let session
    before(async () => {
      session = await new Session(line, guard).open()
    })
    after(() => session.close())

    for (const row of CASES) {
      it(`answers ${row.name}, and lives`, async () => {
        const { alive, answers } = await session.answers(bytesOf(row, session.wire))
        const expected = row[guard] ?? row.guarded
        const outcomes = answers.map(told)
        assert.ok(alive, 'the server is gone')
        if (expected === 'silence') {
          assert.deepEqual(outcomes, [])
          return
        }
        const found = answers.find((answer) => matches(told(answer), expected))
        assert.ok(found, `${outcomes.join(' + ')} is not ${expected}`)
        assert.equal(found.jsonrpc, '2.0')
        const id = row.id === undefined || row.anyId ? 7 : row.id
        assert.equal(found.id, id)
        if (line === 'modern' && found.result !== undefined) {
          assert.equal(found.result.resultType, 'complete')
        }
      })
    }

    it('writes nothing but the protocol', () => assert.deepEqual(session.noise, []))
  })
}

describe('a notification that is refused', () => {
  for (const [line, guard] of [
    ['v1', 'guard'],
    ['v1', 'filter'],
    ['v1', 'transport'],
    ['v2', 'transport'],
  ]) {
    it(`is not answered by ${line} with ${guard}`, async () => {
      const session = await new Session(line, guard).open()
      const deep = '['.repeat(100) + ']'.repeat(100)
      const sent = [
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"a":${deep}}}\n`,
        '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"a":1,"a":2}}\n',
        '{"jsonrpc":"2.0","method":"notifications/x","params":{"__proto__":1}}\n',
      ]
      const { alive, answers } = await session.answers(sent)
      assert.deepEqual(answers, [])
      assert.ok(alive)
      await session.close()
    })
  }
})

describe('one stream in pieces', () => {
  for (const guard of ['guard', 'filter', 'transport']) {
    it(`is the same stream for ${guard}`, async () => {
      const session = await new Session('v1', guard).open()
      const lines = [
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"a\u017e"}}}\r\n',
        '\n{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"b","text":"c"}}}\n',
        'x\n',
        '{"jsonrpc":"2.0","id":3,"method":"ping"}\n',
      ]
      const bytes = Buffer.from(lines.join(''))
      for (let at = 0; at < bytes.length; at += 7) {
        session.write(bytes.subarray(at, at + 7))
        await new Promise((resolve) => setImmediate(resolve))
      }
      const { answers } = await session.rest()
      const byId = new Map(answers.map((answer) => [answer.id, told(answer)]))
      assert.equal(byId.get(1), 'result: a\u017e')
      assert.equal(byId.get(2), 'error -32010: json.duplicate-key')
      assert.equal(byId.get(null), 'error -32700: json.syntax')
      assert.equal(byId.get(3), 'result: ')
      await session.close()
    })
  }
})
