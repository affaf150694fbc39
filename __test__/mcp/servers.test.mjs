// Real servers with a guard in them: unmodified processes, onto whose server `guardServer` is put from outside. What they
// list and answer is what they list and answer without it, hostile calls do not reach them, and they live on after every one.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { connected } from '../support/proxy/client.mjs'
import { assertNoMessagePasses, assertRefused, isDenied, servers } from '../support/proxy/servers.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'support/preload.mjs')).href
const temp = temporaryFolder(test)
let sessions = 0

/** Those in Node, with files of their own. @param {string} folder */
function serversIn(folder) {
  mkdirSync(join(temp, folder))
  return servers(join(temp, folder)).filter(({ command: [program] }) => program === process.execPath)
}
// What hostile calls do where nothing holds them is done to other files.
const victims = serversIn('unguarded')

/** Whether a call reaches the server: what does not match its schema it refuses itself. */
const isServers = (rule) => rule === undefined || rule.startsWith('schema.')

for (const [index, server] of serversIn('guarded').entries()) {
  const { name, tools, command, ordinary, hostile } = server
  const policy = join(temp, `${name}.json`)
  writeFileSync(policy, JSON.stringify(server.policy))
  const preloaded = ([program, ...args]) => [
    program,
    '--experimental-import-meta-resolve',
    '--import',
    PRELOAD,
    ...args,
  ]
  const how = (own) => ({ env: { ...process.env, ...server.env?.(sessions++), ...own } })
  const guarded = (t) => connected(t, preloaded(command), how({ CALLGATE_TEST_POLICY: policy }))
  const reached = ({ stderr }) => [...stderr.matchAll(/^reached: (.*)$/gm)].map(([, tool]) => tool)

  describe(`${name} with a guard in it`, () => {
    it('lists and answers as it does without', async (t) => {
      const alone = connected(t, command, how())
      const client = guarded(t)
      assert.deepEqual(await client.greet(), await alone.greet())
      const list = await alone.ask('tools/list')
      const visible = list.result.tools.filter((tool) => !isDenied(server, tool.name))
      assert.equal(list.result.tools.length, tools)
      assert.deepEqual((await client.ask('tools/list')).result.tools, visible)
      for (const [tool, given, rule] of ordinary) {
        const [own, answer] = [await alone.call(tool, given), await client.call(tool, given)]
        if (rule !== undefined) {
          assert.equal(own.result.isError, true)
        }
        if (isServers(rule)) {
          assert.deepEqual(answer.result, own.result, tool)
        } else {
          assertRefused(answer, rule, tool)
        }
      }
      for (const id of [1, 'a string', -7, 9007199254740991]) {
        client.send({ id, method: 'ping' })
        assert.deepEqual(await client.answer(id), { jsonrpc: '2.0', id, result: {} }, `the id ${id}`)
      }
      await client.finish()
      assert.deepEqual(
        reached(client),
        ordinary.filter(([, , rule]) => isServers(rule)).map(([tool]) => tool),
      )
    })

    it('gets every hostile call without it', async (t) => {
      const victim = victims[index]
      const client = connected(t, preloaded(victim.command), how())
      await client.greet()
      for (const [what, tool, given, rule] of victim.hostile) {
        const answer = await client.call(tool, given)
        assert.doesNotMatch(JSON.stringify(answer), new RegExp(`\\(${rule}`), what)
      }
      await client.finish()
      assert.deepEqual(
        reached(client),
        hostile.map(([, tool]) => tool),
      )
    })

    it('gets no hostile call with it, and lives', async (t) => {
      const client = guarded(t)
      await client.greet()
      for (const [what, tool, given, rule] of hostile) {
        assertRefused(await client.call(tool, given), rule, what)
        assert.deepEqual((await client.ask('ping')).result, {}, `alive after ${what}`)
      }
      await client.finish()
      assert.deepEqual(reached(client), [])
    })

    it('gets no message that is none, and lives', async (t) => {
      const client = guarded(t)
      await client.greet()
      await assertNoMessagePasses(client)
      await client.finish()
      assert.deepEqual(reached(client), [])
    })
  })
}
