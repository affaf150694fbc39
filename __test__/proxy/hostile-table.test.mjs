// Hostile calls to servers that do as they are told: alone they do harm, behind a proxy with nothing but a root, or with one
// line of guard in them, they do none.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Gate } from '../../index.mjs'
import { Scene } from '../support/hostile/scene.mjs'
import { hostileServers } from '../support/hostile/table.mjs'
import { Client, proxied } from '../support/proxy/client.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const temp = temporaryFolder(test)
const PRELOAD = fileURLToPath(new URL('../mcp/support/preload.mjs', import.meta.url))
const LAUNCH = fileURLToPath(new URL('../support/hostile/launch.mjs', import.meta.url))

/** A network of its own, in which the address of the metadata service is one of this machine. */
const ALONE = [
  'unshare',
  '-n',
  'sh',
  '-c',
  'ip link set lo up && ip addr add 169.254.169.254/32 dev lo && exec "$@"',
  'sh',
]

function canBeAlone() {
  try {
    execFileSync(ALONE[0], [...ALONE.slice(1), 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const skip =
  process.platform !== 'linux' || !canBeAlone() ? 'no network namespaces can be made here' : undefined
const why = (server) =>
  skip ?? (server.isPython && !existsSync(server.command[0]) ? 'scripts/servers.sh was not run' : undefined)

/** How a server is started in each way. */
const WAYS = {
  alone: (command) => ({ command }),
  'behind callgate proxy --root': (command, { root }) => ({ command: proxied(command, ['--root', root]) }),
  'with guardServer in it': ([program, ...args], { root, temp: folder }) => {
    const policy = join(folder, '..', 'roots.json')
    writeFileSync(policy, JSON.stringify({ paths: { roots: [root] } }))
    const options = ['--experimental-import-meta-resolve', '--import', pathToFileURL(PRELOAD).href]
    return {
      command: [program, ...options, ...args],
      env: { CALLGATE_TEST_POLICY: policy, CALLGATE_TEST_LOG: '' },
    }
  },
}

/** How long after an answer what is told of it may come (milliseconds). */
const SETTLED = 20

let scenes = 0

/** Every call to a server, each upon the scene as it was: what harm it did, and what was told. */
async function* session(t, way, name, isTried = () => true) {
  const folder = join(temp, `scene-${scenes++}`, 'of')
  mkdirSync(folder, { recursive: true })
  const scene = new Scene(folder)
  const { command: server, calls, env } = hostileServers(scene).find((one) => one.name === name)
  const started = WAYS[way](server, scene)
  const client = new Client([...ALONE, process.execPath, LAUNCH, scene.hits, ...started.command], {
    cwd: scene.root,
    env: { PATH: process.env.PATH, HOME: scene.home, ...env, ...started.env },
  })
  t.after(() => client.kill())
  await client.greet()
  await client.ask('tools/list')
  for (const [index, call] of calls.entries()) {
    if (!isTried(call)) {
      continue
    }
    const before = client.stderr.length
    const id = `call ${index}`
    const answered = client.answer(id)
    const given = typeof call.args === 'string' ? call.args : JSON.stringify(call.args)
    client.raw(
      `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":"${call.tool}","arguments":${given}}}\n`,
    )
    const answer = JSON.stringify(await answered)
    // The log comes by another pipe.
    await setTimeout(SETTLED)
    const told = client.stderr.slice(before)
    const harm = scene.harm(answer + told)
    if (harm !== undefined) {
      scene.reset()
    }
    yield { ...call, harm, told }
  }
  await client.finish()
}

for (const server of hostileServers(new Scene(join(temp, 'names')))) {
  const { name, calls } = server
  describe(name, { skip: why(server) }, () => {
    it('does harm when it is alone', async (t) => {
      for await (const { what, harm } of session(t, 'alone', name, ({ safe }) => !safe)) {
        assert.notEqual(harm, undefined, what)
      }
    })

    for (const way of Object.keys(WAYS).filter((one) => one !== 'alone')) {
      const isElsewhere = way.startsWith('with') && server.isPython
      it(way, { skip: isElsewhere && 'it is no server of Node' }, async (t) => {
        const failed = []
        for await (const { what, harm, told, freeform } of session(t, way, name)) {
          const isTold = /^callgate: (?:flagged|denied|refused)/m.test(told)
          if (harm !== undefined && !(freeform && isTold)) {
            failed.push(`${what}: ${harm}`)
          }
        }
        assert.deepEqual(failed, [])
      })
    }

    it('is told by new Gate()', () => {
      const gate = new Gate()
      const passed = calls.filter(({ tool, args }) => {
        const given = typeof args === 'string' ? args : JSON.stringify(args)
        return gate.audit(tool, given).action === 'allow'
      })
      gate.close()
      const names = (rows) => rows.map(({ what }) => what)
      // Neither more nor fewer than those of which content alone says nothing.
      assert.deepEqual(names(passed), names(calls.filter(({ quiet }) => quiet)))
    })
  })
}

it('there are enough of them', () => {
  const all = hostileServers(new Scene(join(temp, 'count'))).flatMap(({ calls }) => calls)
  assert.ok(all.length >= 60, String(all.length))
})
