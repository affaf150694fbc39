// Captured ordinary sessions of real servers through a guarded server and through the guarded transport: what comes out is
// what went in, byte for byte, or with the one difference that the policy asked for.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardServer } from '../../js/mcp/index.js'

const FOLDER = fileURLToPath(new URL('../proxy/sessions', import.meta.url))
/** Servers that are not of our own: there are as many of them as promised. */
const OWN = /^(?:v1-notes|v2-legacy|v2-modern|paging)/

/** A line as one for every reader: what some take for its end is written as an escape. */
const onOneLine = (line) =>
  line.replace(/[\u0085\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const written = (message) => onOneLine(JSON.stringify(message))

/** A guarded server whose handlers are the session: what its SDK gets, and what its client gets. */
async function throughServer(gate) {
  // The servers that were captured hold calls against their schemas themselves.
  const server = guardServer(new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } }), gate, {
    schemas: false,
  })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  await near.start()
  const heard = { c: [], s: [] }
  far.onmessage = (message) => heard.c.push(written(message))
  near.onmessage = (message) => heard.s.push(written(message))
  return {
    heard,
    pass: (side, message) => (side === 'c' ? near : far).send(message),
    close: () => server.close(),
  }
}

/** The guarded transport between two streams. */
async function throughTransport(gate) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const transport = new GuardedStdioServerTransport(gate, { stdin, stdout })
  const heard = { c: [], s: [] }
  transport.onmessage = (message) => heard.c.push(written(message))
  await transport.start()
  return {
    heard,
    async pass(side, message, line) {
      if (side === 'c') {
        stdin.write(`${line}\n`)
        await setImmediate()
      } else {
        await transport.send(message)
        await setImmediate()
        heard.s.push(
          ...String(stdout.read() ?? '')
            .split('\n')
            .slice(0, -1),
        )
      }
    },
    close: () => transport.close(),
  }
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.session'))
const sessions = names.map((name) => {
  const lines = readFileSync(`${FOLDER}/${name}`, 'utf8').split('\n').slice(0, -1)
  return { name, said: lines.map((line) => [line[0], line.slice(1)]) }
})

for (const [way, through] of Object.entries({
  'a guarded server': throughServer,
  'the guarded transport': throughTransport,
})) {
  describe(`through ${way}`, () => {
    for (const { name, said } of sessions) {
      /** What went in and what came out, on both sides. */
      const replayed = async (policy) => {
        const gate = new Gate(policy)
        const { heard, pass, close } = await through(gate)
        const expected = { c: [], s: [] }
        for (const [side, line] of said) {
          const message = JSON.parse(line)
          expected[side].push(written(message))
          await pass(side, message, line)
        }
        await close()
        gate.close()
        return { heard, expected }
      }

      it(`${name} passes as it is`, async () => {
        for (const policy of [{}, { redact: {}, sanitize: {} }, { mode: 'observe' }]) {
          const { heard, expected } = await replayed(policy)
          assert.deepEqual(heard, expected)
        }
      })

      it(`${name} passes but for a tool that the policy hides`, async (t) => {
        const list = said
          .map(([, line]) => JSON.parse(line))
          .find(({ result }) => result?.tools !== undefined)
        if (list === undefined) {
          t.skip('it lists no tools')
          return
        }
        const [{ name: hidden }] = list.result.tools
        const { heard, expected } = await replayed({ access: { tools: { deny: [hidden] } } })
        const calls = new Set(
          expected.c
            .map((line) => JSON.parse(line))
            .filter((one) => one.params?.name === hidden)
            .map(({ id }) => id),
        )
        const others = expected.s
          .map((line) => JSON.parse(line))
          .filter(({ id }) => !calls.has(id))
          .map((message) => {
            const { tools } = message.result ?? {}
            return tools === undefined
              ? message
              : {
                  ...message,
                  result: { ...message.result, tools: tools.filter((tool) => tool.name !== hidden) },
                }
          })
        // Calls of the hidden tool are answered by ourselves, and the answer of the server comes too late.
        const got = heard.s.map((line) => JSON.parse(line)).filter(({ id }) => !calls.has(id))
        assert.deepEqual(got, others)
        assert.deepEqual(
          heard.c.filter((line) => !calls.has(JSON.parse(line).id)),
          expected.c.filter((line) => !calls.has(JSON.parse(line).id)),
        )
      })
    }
  })
}

it('there are enough of them, with all that servers answer', () => {
  const servers = new Set(
    names.filter((name) => !OWN.test(name)).map((name) => name.replace(/^v\d-|-media/g, '')),
  )
  assert.ok(servers.size >= 12, [...servers].join(' '))
  const all = sessions.flatMap(({ said }) => said.map(([, line]) => line)).join('\n')
  for (const part of [
    '"nextCursor":',
    '"type":"image"',
    '"structuredContent":',
    '"notifications/progress"',
    '"isError":true',
    '"error":{',
    '"type":"resource_link"',
  ]) {
    assert.ok(all.includes(part), part)
  }
})
