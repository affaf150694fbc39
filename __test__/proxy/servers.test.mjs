// Real servers behind the proxy: what they list and answer is what they list and answer alone, hostile calls do not
// reach them, and they live on after every one.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { connected, throughProxy } from '../support/proxy/client.mjs'
import { assertNoMessagePasses, assertRefused, isDenied, servers } from '../support/proxy/servers.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const temp = temporaryFolder(test)
let sessions = 0
const isLinux = process.platform === 'linux'

for (const server of servers(temp)) {
  const { name, tools, command, ordinary, hostile, missing } = server
  if (missing !== undefined && process.env.CI === 'true' && isLinux) {
    throw new Error(missing)
  }
  // In a root, where there are any: a start elsewhere is told.
  const cwd = server.policy.paths?.roots[0]
  const how = () => ({ cwd, env: { ...process.env, ...server.env?.(sessions++) } })
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
      // What the tools' own schemas refuse is told, and left to the server, as is a tool that it does not list.
      assert.deepEqual(
        (guarded.stderr.match(/^callgate: .*/gm) ?? []).map((line) => line.replace(/ at \/.*/, '')),
        ordinary
          .map(([tool, args, rule]) => {
            const isListed = list.result.tools.some((one) => one.name === tool)
            return [tool, args, isListed ? rule : 'tool.changed']
          })
          .filter(([, , rule]) => rule !== undefined)
          .map(([tool, , rule]) => `callgate: flagged tools/call ${tool} of the client: ${rule}`),
      )
    })

    it('gets no hostile call, and lives', async (t) => {
      const client = throughProxy(t, command, { options, spawn: how() })
      await client.greet()
      for (const [what, tool, args, rule] of hostile) {
        assertRefused(await client.call(tool, args), rule, what)
        assert.deepEqual((await client.ask('ping')).result, {}, `alive after ${what}`)
      }
      const { code } = await client.finish()
      assert.equal(code, 1, 'something was refused')
    })

    it('gets no message that is none, and lives', async (t) => {
      const client = throughProxy(t, command, { options, spawn: how() })
      await client.greet()
      await assertNoMessagePasses(client)
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
