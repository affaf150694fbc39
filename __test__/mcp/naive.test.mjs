// Servers that read whatever file they are told, behind one line of guard: nothing outside the root is read, however the
// argument is called, wherever it stands and however the path is written.

import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { guardServer } from '../../js/mcp/index.js'
import { rooted } from '../support/rooted.mjs'

const CANARY = 'what nobody may read'

const string = { type: 'string' }
const object = (properties) => ({ type: 'object', properties })
const any = { type: 'object' }

/** What a tool is called and says, its schema, and arguments that lead to a file. */
const TOOLS = [
  ['read_file', 'Read a file', object({ path: string }), (path) => ({ path })],
  ['read_file', 'Read a file of the GitHub checkout', object({ path: string }), (path) => ({ path })],
  ['read_file', 'Read a file in the sandbox', object({ path: {} }), (path) => ({ path })],
  ['read', '', object({ path: { type: ['string', 'number'] } }), (path) => ({ path })],
  ['read', '', object({ name: string }), (name) => ({ name })],
  ['lesen', 'Liest eine Datei', object({ pfad: string }), (pfad) => ({ pfad })],
  ['读取', '读取文件', object({ 文件名: string }), (path) => ({ 文件名: path })],
  ['load', '', object({ db: string }), (db) => ({ db })],
  ['convert', '', object({ input: string, output: string }), (input) => ({ input, output: 'x' })],
  ['copy', '', object({ from: string, to: string }), (from) => ({ from, to: 'x' })],
  [
    'attach',
    'Attach',
    object({ attachments: { type: 'array', items: string } }),
    (a) => ({ attachments: [a] }),
  ],
  ['many', '', object({ paths: { type: 'array', items: string } }), (path) => ({ paths: ['a.txt', path] })],
  ['many', '', object({ paths: { type: 'array', items: string } }), (path) => ({ paths: path })],
  [
    'many',
    '',
    object({ paths: { type: 'array', items: string } }),
    (path) => ({ paths: JSON.stringify([path]) }),
  ],
  ['many', 'Comma separated files', object({ files: string }), (path) => ({ files: `a.txt,${path}` })],
  ['many', 'Files, one per line', object({ files: string }), (path) => ({ files: `a.txt\n${path}` })],
  ['deep', '', object({ o: object({ file_path: string }) }), (path) => ({ o: { file_path: path } })],
  [
    'deep',
    '',
    object({ o: object({ file_path: string }) }),
    (path) => ({ o: JSON.stringify({ file_path: path }) }),
  ],
  ['undeclared', '', any, (path) => ({ path })],
  ['undeclared', '', any, (path) => ({ operations: [{ args: { path } }] })],
  ['map', 'Files by name', object({ files: { type: 'object' } }), (path) => ({ files: { [path]: 'text' } })],
]

/** How the path of the file is written. */
const SPELLINGS = {
  'an absolute path': ({ file }) => file,
  'a way back': ({ back }) => back,
  'a way back behind a folder': ({ back }) => `sub/../${back}`,
  'white space in front': ({ file }) => `\u3000${file}`,
  'a line break behind': ({ back }) => `${back}\n`,
  'a URL of a file': ({ file }) => `file://${file}`,
  'quotes around': ({ file }) => `"${file}"`,
  'another scheme': ({ file }) => `sandbox:${file}`,
  'a link': () => 'link/canary.txt',
  'a link, by an absolute path': ({ root }) => join(root, 'link/canary.txt'),
  'a way back behind a name that is none': ({ back }) => `x./../${back}`,
  'a way back behind white space': ({ back }) => `sub/ /../../${back}`,
  'more than a path can have': ({ back }) => `${'./'.repeat(2100)}${back}`,
  'a list with a name that has a space': ({ file }) => `my notes.txt,${file}`,
}

/** Every string in a value, names of members too, as a careless server may take it for a path. */
function* pathsIn(value) {
  if (typeof value === 'string') {
    for (const part of value.split(/[,\n]/)) {
      yield part
        .trim()
        .replaceAll('"', '')
        .replace(/^(file:\/\/|sandbox:)/, '')
    }
    if (/^[[{]/.test(value)) {
      yield* pathsIn(JSON.parse(value))
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      yield* pathsIn(name)
      yield* pathsIn(item)
    }
  }
}

function readAll(root, value) {
  return [...pathsIn(value)]
    .map((path) => {
      try {
        return readFileSync(path.startsWith('/') ? path : join(root, path), 'utf8')
      } catch {
        return ''
      }
    })
    .join('')
}

/** A client of a server that reads what it is told, in a root beside which lies a file with a canary. */
async function session(t, definition = { name: 'none', inputSchema: any }) {
  const { root, temp, gate } = rooted(t)
  const file = join(temp, 'outside', 'canary.txt')
  writeFileSync(file, CANARY)
  symlinkSync(join(temp, 'outside'), join(root, 'link'))
  const server = new Server(
    { name: 'naive', version: '1' },
    { capabilities: { tools: {}, prompts: {}, resources: {} } },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [definition] }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: `read: ${readAll(root, params.arguments)}` }],
  }))
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: [{ name: 'review', arguments: [{ name: 'path' }] }],
  }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `read: ${readAll(root, params.arguments)}` } }],
  }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => ({
    contents: [
      { uri, text: `read: ${readAll(root, decodeURIComponent(uri.replace(/^\w+:\/\/(\w*(?=\/))?/, '')))}` },
    ],
  }))
  guardServer(server, gate, { schemas: false })
  const client = new Client({ name: 'c', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  await client.connect(near)
  t.after(() => client.close())
  return { client, file, root, back: '../outside/canary.txt' }
}

const outcome = async (asked) => JSON.stringify(await asked.catch((error) => ({ refused: error.message })))

describe('a naive server behind one line of guard', () => {
  for (const [at, [name, description, inputSchema, args]] of TOOLS.entries()) {
    it(`${at} ${name} (${Object.keys(args('')).join()}): keeps what is outside, reads what is inside`, async (t) => {
      const { client, ...places } = await session(t, { name, description, inputSchema })
      const { root } = places
      for (const [how, write] of Object.entries(SPELLINGS)) {
        const said = await outcome(client.callTool({ name, arguments: args(write(places)) }))
        assert.ok(!said.includes(CANARY), `${how}: ${said}`)
      }
      for (const path of ['a.txt', 'sub/../a.txt', join(root, 'a.txt')]) {
        const said = await outcome(client.callTool({ name, arguments: args(path) }))
        assert.ok(said.includes('inside'), `${path}: ${said}`)
      }
    })
  }

  it('keeps it in the arguments of prompts', async (t) => {
    const { client, ...places } = await session(t)
    for (const [how, write] of Object.entries(SPELLINGS)) {
      const said = await outcome(client.getPrompt({ name: 'review', arguments: { path: write(places) } }))
      assert.ok(!said.includes(CANARY), `${how}: ${said}`)
    }
    const said = await outcome(client.getPrompt({ name: 'review', arguments: { path: 'a.txt' } }))
    assert.ok(said.includes('inside'), said)
  })

  it('keeps it in the URIs of resources', async (t) => {
    const { client, file, root } = await session(t)
    for (const uri of [
      `file://${file}`,
      `FILE://${file}`,
      `file://localhost${file}`,
      `file://${file.replace('canary', '%63anary')}`,
      `note://${file}`,
      `doc:${file}`,
      `doc://host${file}`,
      `doc://x?path=${file}`,
      `doc://x#${file}`,
      `note://${root}/link/canary.txt`,
      'note://link/canary.txt',
    ]) {
      const said = await outcome(client.readResource({ uri }))
      assert.ok(!said.includes(CANARY), `${uri}: ${said}`)
    }
    const said = await outcome(client.readResource({ uri: `file://${join(root, 'a.txt')}` }))
    assert.ok(said.includes('inside'), said)
  })
})
