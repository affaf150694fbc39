// A guarded server that changes its working directory: relative paths are judged from where it works now.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardServer } from '../../js/mcp/index.js'
import { temporaryFolder } from '../support/temporary.mjs'

/** How a client speaks with a server: sends a message, and waits for what answers it. */
function onStreams(transportOn) {
  return async (server) => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    await server.connect(transportOn(stdin, stdout))
    return (message) =>
      new Promise((resolve) => {
        stdout.once('data', (line) => resolve(JSON.parse(line)))
        stdin.write(`${JSON.stringify(message)}\n`)
      })
  }
}
const WIRES = {
  memory: async (server) => {
    const [near, far] = InMemoryTransport.createLinkedPair()
    await server.connect(far)
    return (message) =>
      new Promise((resolve) => {
        near.onmessage = resolve
        near.send(message)
      })
  },
  "the SDK's transport": () => onStreams((stdin, stdout) => new StdioServerTransport(stdin, stdout)),
  'the guarded transport': (gate) =>
    onStreams((stdin, stdout) => new GuardedStdioServerTransport(gate, { stdin, stdout })),
}

for (const [wire, connect] of Object.entries(WIRES)) {
  describe(`a server on ${wire} that changes its folder`, () => {
    const started = async (t) => {
      const before = process.cwd()
      const temp = temporaryFolder(t)
      t.after(() => process.chdir(before))
      for (const name of ['root', 'outside']) {
        mkdirSync(join(temp, name))
        writeFileSync(join(temp, name, `${name}.txt`), name)
      }
      process.chdir(join(temp, 'root'))
      const gate = new Gate({ paths: { roots: [join(temp, 'root')] } })
      const server = guardServer(new McpServer({ name: 'a', version: '1' }), gate)
      server.registerTool('read_file', { inputSchema: { path: z.string() } }, ({ path }) => ({
        content: [{ type: 'text', text: `read ${path}` }],
      }))
      const wired = wire === 'memory' ? connect : connect(gate)
      const ask = await wired(server)
      t.after(() => server.close())
      let id = 0
      const read = async (path) => {
        const params = { name: 'read_file', arguments: { path } }
        const answer = await ask({ jsonrpc: '2.0', id: ++id, method: 'tools/call', params })
        return answer.result.content[0].text
      }
      return { temp, gate, read }
    }

    it('reads nothing by a relative path from there', async (t) => {
      const { temp, read } = await started(t)
      assert.equal(await read('root.txt'), 'read root.txt')
      process.chdir(join(temp, 'outside'))
      assert.match(await read('outside.txt'), /path\.ambiguous/)
      // What is not there may be joined to the root.
      assert.equal(await read('root.txt'), 'read root.txt')
      process.chdir(join(temp, 'root'))
      assert.equal(await read('outside.txt'), 'read outside.txt')
    })

    it('is judged as the application says where that says so', async (t) => {
      const { temp, gate, read } = await started(t)
      gate.setServerProcess({ cwd: join(temp, 'root') })
      process.chdir(join(temp, 'outside'))
      assert.equal(await read('outside.txt'), 'read outside.txt')
    })
  })
}
