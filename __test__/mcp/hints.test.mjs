// What a tool says that it does makes the judgement of its paths stricter, and never milder; a server that works elsewhere
// than in the roots writes nothing there.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { Gate } from '../../index.mjs'
import { guardServer } from '../../js/mcp/index.js'
import { line, sessionOf } from '../support/proxy/session.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const temp = temporaryFolder(test)
const root = join(temp, 'root')
mkdirSync(join(root, '.vscode'), { recursive: true })
/** May be read, and not written: an editor runs what it says. */
const TASKS = join(root, '.vscode', 'tasks.json')
writeFileSync(TASKS, '{}')
const POLICY = { paths: { roots: [root] } }

/** A rule that refuses a call of a tool with these annotations, of a guarded server and behind the proxy. */
const SURFACES = {
  async guardServer(name, annotations, path) {
    const gate = new Gate(POLICY)
    const server = new McpServer({ name: 'a', version: '1' })
    server.registerTool(
      name,
      { inputSchema: { path: z.string().describe('Path of the file') }, annotations },
      () => ({ content: [] }),
    )
    guardServer(server, gate)
    const [near, far] = InMemoryTransport.createLinkedPair()
    const got = new Promise((resolve) => {
      near.onmessage = resolve
    })
    await server.connect(far)
    await near.start()
    await near.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: { path } } })
    const { result } = await got
    await server.close()
    gate.close()
    return result.isError === true ? /\((path\.[a-z-]+)\)/.exec(result.content[0].text)?.[1] : undefined
  },
  async proxy(name, annotations, path, t) {
    const { session, messages, told } = sessionOf(t, POLICY, undefined, true)
    const inputSchema = {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path of the file' } },
    }
    session.fromClient(line({ id: 0, method: 'tools/list' }))
    session.fromServer(line({ id: 0, result: { tools: [{ name, inputSchema, annotations }] } }))
    messages('server')
    session.fromClient(line({ id: 1, method: 'tools/call', params: { name, arguments: { path } } }))
    return messages('server').length === 1 ? undefined : told.at(-1).rule
  },
}

for (const [surface, ruleOf] of Object.entries(SURFACES)) {
  describe(`hints through ${surface}`, () => {
    for (const [name, annotations, rule] of [
      ['frobnicate', undefined, undefined],
      ['frobnicate', {}, undefined],
      ['frobnicate', { readOnlyHint: true }, undefined],
      ['frobnicate', { title: 'Frob' }, undefined],
      ['frobnicate', { readOnlyHint: 'false' }, undefined],
      ['frobnicate', { destructiveHint: false }, undefined],
      ['frobnicate', { readOnlyHint: false }, 'path.blocked'],
      ['frobnicate', { destructiveHint: true }, 'path.blocked'],
      ['read_file', { readOnlyHint: false }, undefined],
      ['write_file', undefined, 'path.blocked'],
      ['write_file', { readOnlyHint: true, destructiveHint: false }, 'path.blocked'],
    ]) {
      it(`${name} with ${JSON.stringify(annotations)}`, async (t) => {
        assert.equal(await ruleOf(name, annotations, TASKS, t), rule)
        assert.equal(await ruleOf(name, annotations, join(root, 'a.txt'), t), undefined)
      })
    }
  })
}

it('a server that works outside the roots writes no new file there by its name', async (t) => {
  const before = process.cwd()
  const outside = join(temp, 'outside')
  mkdirSync(outside)
  process.chdir(outside)
  t.after(() => process.chdir(before))
  assert.equal(await SURFACES.guardServer('write_file', undefined, 'new.txt'), 'path.ambiguous')
  assert.equal(await SURFACES.guardServer('write_file', undefined, join(root, 'new.txt')), undefined)
  assert.equal(existsSync(join(outside, 'new.txt')), false)
})
