// Captures ordinary sessions of both lines of the official SDK, as __test__/proxy/sessions has them:
// node __test__/support/proxy/capture.mjs

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const TEE = path('tee.mjs')
const FOLDER = path('../../proxy/sessions')
const installed = (name) => path(`../../../node_modules/@modelcontextprotocol/${name}/dist/index.js`)

const LINES = {
  v1: async () => ({
    ...(await import('@modelcontextprotocol/sdk/client/index.js')),
    ...(await import('@modelcontextprotocol/sdk/client/stdio.js')),
  }),
  v2: async () => ({
    ...(await import('@modelcontextprotocol/client')),
    ...(await import('@modelcontextprotocol/client/stdio')),
  }),
}

/** Asks for everything that a client asks for in a day. */
async function ordinary(client, calls) {
  const attempt = (promise) => promise.catch(() => {})
  await attempt(client.listTools())
  for (const [name, args] of calls) {
    await attempt(client.callTool({ name, arguments: args }))
  }
  await attempt(client.listPrompts())
  await attempt(client.listResources())
  await attempt(client.ping?.())
}

const EVERYTHING = [
  ['echo', { message: 'hello, "wörld" \u2028 \ud83d\ude00' }],
  ['get-sum', { a: 1.5, b: -2e-3 }],
  ['get-structured-content', { location: 'Chicago' }],
  ['trigger-long-running-operation', { duration: 0.2, steps: 2 }],
]
const NOTES = [
  ['note', { text: 'buy milk', count: 3 }],
  ['note', {}],
]

const temp = mkdtempSync(join(tmpdir(), 'callgate-capture-'))
mkdirSync(FOLDER, { recursive: true })
try {
  for (const [name, line, options, server, calls] of [
    ['v1-everything', 'v1', {}, [installed('server-everything')], EVERYTHING],
    [
      'v1-thinking',
      'v1',
      {},
      [installed('server-sequential-thinking')],
      [
        [
          'sequentialthinking',
          { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
        ],
      ],
    ],
    ['v2-everything', 'v2', {}, [installed('server-everything')], EVERYTHING],
    ['v2-legacy', 'v2', {}, [path('notes-v2.mjs')], NOTES],
    ['v2-modern', 'v2', { versionNegotiation: { mode: 'auto' } }, [path('notes-v2.mjs')], NOTES],
    ['v1-notes-v2', 'v1', {}, [path('notes-v2.mjs')], NOTES],
  ]) {
    const { Client, StdioClientTransport } = await LINES[line]()
    const file = join(temp, name)
    const args = [TEE, file, process.execPath, ...server]
    const client = new Client({ name: 'capture', version: '1' }, options)
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }))
    await ordinary(client, calls)
    await client.close()
    writeFileSync(join(FOLDER, `${name}.session`), readFileSync(file))
    console.log(name, readFileSync(file, 'utf8').split('\n').length - 1)
  }
} finally {
  rmSync(temp, { recursive: true, force: true })
}
