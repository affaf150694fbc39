// Hostile clients of servers over HTTP, of both lines: the bytes of a body are judged before they are parsed.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import express from 'express'
import { Gate } from '../../index.mjs'
import { answerRefusedBody, guardFetch, guardRequests, verifyBody } from '../../js/mcp/index.js'
import { CASES, matches, told } from './support/cases.mjs'
import { listening, SERVERS } from './support/http.mjs'

for (const [name, start] of Object.entries(SERVERS)) {
  describe(`a server of ${name}`, () => {
    let server
    before(async () => {
      server = await start(new Gate())
    })
    after(() => server.close())

    for (const row of CASES.filter(({ stdioOnly }) => !stdioOnly)) {
      it(`answers ${row.name}`, async () => {
        const { status, answer } = await server.ask(Buffer.from(row.send(server.wire)))
        assert.ok(answer, `status ${status} without an answer`)
        assert.ok(matches(told(answer), row.guarded), `${told(answer)} is not ${row.guarded}`)
        const id = row.id === undefined || row.anyId ? 7 : row.id
        assert.equal(answer.id, id)
      })
    }

    it('does not answer a notification that is refused', async () => {
      const { status, answer } = await server.ask(
        Buffer.from('{"jsonrpc":"2.0","method":"notifications/x","params":{"a":1,"a":2}}'),
      )
      assert.deepEqual({ status, answer }, { status: 400, answer: undefined })
    })
  })
}

describe('a body above the limit', () => {
  const gate = new Gate({ limits: { messageBytes: 1000 } })
  const body = Buffer.from(`{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"${'x'.repeat(200_000)}"}}`)
  const never = () => assert.fail('the handler is not called')
  const expected = { status: 413, code: -32011, rule: 'limit.bytes' }

  it('is refused by guardRequests', async () => {
    const { ask, close } = await listening(createServer(guardRequests(gate, never)))
    const { status, answer } = await ask(body)
    assert.deepEqual({ status, code: answer.error.code, rule: answer.error.data.rule }, expected)
    close()
  })
  it('is refused by guardFetch', async () => {
    const response = await guardFetch(gate, never)(new Request('http://localhost/', { method: 'POST', body }))
    const { error } = await response.json()
    assert.deepEqual({ status: response.status, code: error.code, rule: error.data.rule }, expected)
  })
})

it('a body in another encoding, which Express decodes behind the judge, is refused', async () => {
  const app = express()
  const gate = new Gate({ tools: { a: { arguments: { '/path': { kind: 'path' } } } } })
  app.use(express.json({ verify: verifyBody(gate) }))
  app.use(answerRefusedBody())
  app.post('/', (req, res) => res.json(req.body.params.arguments))
  const server = createServer(app)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const [type, path, expected] of [
    ['application/json', 'a', 'a'],
    ['application/json; charset=UTF-8', 'a', 'a'],
    ['application/json', '../a', 'path.traversal'],
    ['application/json; charset=utf-7', '+AC4ALg-/a', 'json.utf8'],
    ['application/json; charset=utf-7-imap', '&AC4ALg-/a', 'json.utf8'],
  ]) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"path":"${path}"}}}`,
    })
    const got = await response.json()
    const words = got.path ?? got.error?.data.rule ?? got.result.content[0].text
    assert.ok(words.includes(expected), `${type} ${path}: ${words}`)
  }
  server.close()
})

describe('what is no POST', () => {
  it('is handed on as it is', async () => {
    const gate = new Gate()
    const asked = new Request('http://localhost/a', { method: 'GET' })
    const response = await guardFetch(gate, (request, rest) => {
      assert.equal(request, asked)
      return new Response(rest)
    })(asked, 'rest')
    assert.equal(await response.text(), 'rest')
  })
})
