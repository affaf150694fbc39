// One allowed and one refused call through every transport: what each supported version of Node must pass.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { SERVERS } from './mcp/support/http.mjs'
import { Session } from './mcp/support/session.mjs'
import { throughProxy } from './support/proxy/client.mjs'

const STDIO = [
  ['v1', 'guard'],
  ['v1', 'filter'],
  ['v1', 'transport'],
  ['v2', 'guard'],
  ['v2', 'transport'],
  ['modern', 'transport'],
]

/** Whether an answer refuses a member that was given twice. @param {any} answer */
function refuses(answer) {
  const isRefused = answer.error !== undefined || answer.result?.isError === true
  return isRefused && JSON.stringify(answer).includes('json.duplicate-key')
}

/** A call of `echo`, and one whose arguments give a member twice. */
const call = (id, args, meta = '') =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${meta}"name":"echo","arguments":${args}}}`
const ALLOWED = '{"text":"alive"}'
const REFUSED = '{"text":"a","text":"b"}'

for (const [line, guard] of STDIO) {
  it(`stdio, ${line} with ${guard}`, async () => {
    const session = await new Session(line, guard).open()
    const { meta } = session.wire
    const { alive, answers } = await session.answers([`${call(7, REFUSED, meta)}\n`])
    await session.close()
    assert.ok(alive, 'an ordinary call is not answered')
    assert.ok(refuses(answers.find(({ id }) => id === 7)), 'a hostile call is not refused')
  })
}

describe('HTTP', () => {
  for (const [name, start] of Object.entries(SERVERS)) {
    it(name, async () => {
      const server = await start(new Gate())
      const ask = async (args) => (await server.ask(Buffer.from(call(7, args, server.wire.meta)))).answer
      const [allowed, refused] = [await ask(ALLOWED), await ask(REFUSED)]
      server.close()
      assert.equal(allowed.result.content[0].text, 'alive')
      assert.ok(refuses(refused), 'a hostile call is not refused')
    })
  }
})

it('the proxy', async (t) => {
  const server = fileURLToPath(new URL('mcp/support/server.mjs', import.meta.url))
  const client = throughProxy(t, [process.execPath, server, 'v1', 'none'])
  await client.greet()
  client.raw(`${call(70, REFUSED)}\n`)
  assert.ok(refuses(await client.answer(70)), 'a hostile call is not refused')
  const { result } = await client.call('echo', { text: 'alive' })
  assert.equal(result.content[0].text, 'alive')
})
