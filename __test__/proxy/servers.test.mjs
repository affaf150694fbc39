// Real servers behind the proxy: what they list and answer is what they list and answer alone, hostile calls do not
// reach them, and they live on after every one.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { nested } from '../support/callgate.mjs'
import { connected, throughProxy } from '../support/proxy/client.mjs'
import { servers } from '../support/proxy/servers.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const temp = temporaryFolder(test)
let sessions = 0
const isLinux = process.platform === 'linux'

/** What no server is to see, whatever it is; `null` where nothing is answered. */
const RAW = [
  ['no JSON', '{"jsonrpc":', -32700],
  ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), -32700],
  ['a batch', '[{"jsonrpc":"2.0","id":7,"method":"ping"}]', -32600],
  ['a number', '7', -32600],
  ['another version', '{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600],
  ['no version', '{"id":7,"method":"ping"}', -32600],
  ['an id that is a list', '{"jsonrpc":"2.0","id":[7],"method":"ping"}', -32600],
  ['an id that is no integer', '{"jsonrpc":"2.0","id":7.5,"method":"ping"}', -32600],
  ['a method that is a number', '{"jsonrpc":"2.0","id":7,"method":7}', -32600],
  ['neither asks nor answers', '{"jsonrpc":"2.0","id":7}', -32600],
  [
    'arguments that are a list',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":[]}}',
    -32602,
  ],
  [
    'a tool without a name',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{}}}',
    -32602,
  ],
  [
    'a member twice',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","name":"y"}}',
    -32010,
  ],
  [
    'a key twice',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":1,"a":2}}}',
    -32010,
  ],
  [
    '__proto__',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"__proto__":{}}}}',
    -32010,
  ],
  [
    'half a surrogate pair',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":"\\ud800"}}}',
    -32010,
  ],
  [
    'a number beyond doubles',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":1e999}}}',
    -32010,
  ],
  [
    'nested 200,000 deep',
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":${nested('[', 200_000, ']')}}}}`,
    -32011,
  ],
  [
    'a line of 17 MB, its id at the end',
    `{"method":"tools/call","params":{"name":"x","arguments":{"a":"${'x'.repeat(17 << 20)}"}},"jsonrpc":"2.0","id":7}`,
    -32011,
  ],
]

for (const server of servers(temp)) {
  const { name, tools, command, ordinary, hostile, missing } = server
  if (missing !== undefined && process.env.CI === 'true' && isLinux) {
    throw new Error(missing)
  }
  const how = () => ({ env: { ...process.env, ...server.env?.(sessions++) } })
  const policy = join(temp, `${name}.json`)
  writeFileSync(policy, JSON.stringify(server.policy))
  const options = ['--policy', policy]

  describe(name, { skip: missing }, () => {
    it('lists and answers as it does alone', async (t) => {
      const alone = connected(t, command, how())
      const guarded = throughProxy(t, command, { options, spawn: how() })
      assert.deepEqual(await guarded.greet(), await alone.greet())
      const list = await alone.ask('tools/list')
      const visible = list.result.tools.filter((tool) => !isDenied(server, tool.name))
      assert.equal(list.result.tools.length, tools)
      assert.deepEqual((await guarded.ask('tools/list')).result.tools, visible)
      for (const [tool, args] of ordinary) {
        assert.deepEqual(await guarded.call(tool, args), await alone.call(tool, args), tool)
      }
      for (const id of [1, 'a string', -7, 9007199254740991]) {
        guarded.send({ id, method: 'ping' })
        assert.deepEqual(await guarded.answer(id), { jsonrpc: '2.0', id, result: {} }, `the id ${id}`)
      }
      assert.doesNotMatch(guarded.stderr, /^callgate:/m)
    })

    it('gets no hostile call, and lives', async (t) => {
      const client = throughProxy(t, command, { options, spawn: how() })
      await client.greet()
      for (const [what, tool, args, rule] of hostile) {
        const { result, error } = await client.call(tool, args)
        const structural = /^(json|limit|rpc|access)\./.test(rule)
        assert.equal(structural ? error.data.rule : result.isError, structural ? rule : true, what)
        assert.ok(
          (error?.message ?? result.content[0].text).includes(`(${rule}`),
          `${what}: ${JSON.stringify(result ?? error)}`,
        )
        assert.deepEqual((await client.ask('ping')).result, {}, `alive after ${what}`)
      }
      const { code } = await client.finish()
      assert.equal(code, 1, 'something was refused')
    })

    it('gets no message that is none, and lives', async (t) => {
      const client = throughProxy(t, command, { options, spawn: how() })
      await client.greet()
      for (const [what, line, code] of RAW) {
        const before = client.lines.length
        client.raw(line)
        client.raw('\n')
        await client.until(() => client.lines.length > before)
        const { id, error } = JSON.parse(client.lines[before])
        assert.equal(error?.code, code, what)
        assert.ok(id === 7 || id === null, what)
        assert.deepEqual((await client.ask('ping')).result, {}, `alive after ${what}`)
      }
    })

    it('ends with its client, and nothing is left of it', { skip: !isLinux }, async (t) => {
      const client = throughProxy(t, command, { options, spawn: how() })
      await client.greet()
      const child = childOf(client.pid)
      const { code } = await client.finish()
      assert.equal(code, 0, client.stderr)
      assert.equal(existsSync(`/proc/${child}`), false)
    })
  })
}

/** @param {number} pid */
function childOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
}

function isDenied({ policy }, tool) {
  const denied = policy.access?.tools?.deny ?? []
  return denied.some(
    (pattern) => pattern === tool || (pattern.endsWith('/delete_*') && tool.startsWith('delete_')),
  )
}
