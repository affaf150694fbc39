// What results lose, and what they keep: names of public interfaces, declared schemas, files that are edited.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { Gate } from '../../index.mjs'
import { guardServer } from '../../js/mcp/index.js'

const require = createRequire(import.meta.url)
const { Ajv } = require('ajv')
const addFormats = require('ajv-formats')
const { Results } = require('../../js/mcp/results.js')

const GONE = '[REDACTED]'
const { harmless, secret } = JSON.parse(
  readFileSync(new URL('../../tests/results/names.json', import.meta.url), 'utf8'),
)
const result = (given) => ({ jsonrpc: '2.0', id: 1, result: given })
const written = (clean) => clean.text ?? clean.bytes.toString('utf8', 0, clean.length - 1)
const cleaned = (results, given) => JSON.parse(written(results.clean(result(given), 'tools/call'))).result

describe('names of public interfaces', () => {
  const results = new Results(new Gate())
  const said = (name, value) => {
    const structuredContent = { a: [{ [name]: value }] }
    return {
      content: [{ type: 'text', text: JSON.stringify(structuredContent, null, 2) }],
      structuredContent,
    }
  }
  it('that are cursors, handles and words stay with their values', () => {
    for (const [source, name, value] of harmless) {
      const given = said(name, value)
      assert.deepEqual(cleaned(results, given), given, `${source}: ${name}`)
    }
  })

  it('that are secrets lose them, also in the text of the same content', () => {
    for (const [source, name, value] of secret) {
      const { content, structuredContent } = cleaned(results, said(name, value))
      const left = structuredContent.a[0][name]
      assert.ok(left.includes(GONE) && !left.includes(value), `${source}: ${name} ${left}`)
      assert.deepEqual(JSON.parse(content[0].text), structuredContent, `${source}: ${name}`)
    }
  })
})

/** Numbers below a bound, the same ones for the same seed. */
function numbers(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

const SECRETS = [
  ['ghp', '0123456789abcdefghijklmnopqrstuvwxyz'].join('_'),
  'q8Zr2LmXv0TbNc5YwKd7q8Zr',
  'postgres://app:x9Kq2mPz@db.internal:5432/app',
  '3f2b8c1e-9d47-4a6b-8e15-7c0d2f9a4b61',
  'correct-horse-99',
]
const NAMES = ['password', 'apiKey', 'client_secret', 'accessToken', 'note', 'url']

/** A schema that a string matches. */
function schemaOf(random, value) {
  const escaped = value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const rules = [
    {},
    { enum: ['other', value] },
    { const: value },
    { minLength: value.length },
    { maxLength: value.length },
    { minLength: 3, maxLength: 10 + value.length },
    { maxLength: value.length, minLength: value.length },
    { pattern: `^${escaped}$` },
    { pattern: `^${escaped.slice(0, 3)}` },
    { pattern: '^[\\w:/@.-]+$' },
    { pattern: '[0-9]' },
    ...(value.includes('://') ? [{ format: 'uri' }, { format: 'uri', minLength: 20 }] : []),
    ...(/^[0-9a-f-]{36}$/.test(value) ? [{ format: 'uuid' }] : []),
    { anyOf: [{ pattern: `^${escaped}$` }, { maxLength: 2 }] },
    { not: { const: GONE } },
  ]
  return { type: 'string', ...rules[random(rules.length)] }
}

it('structured content matches its schema as before, and nothing but texts changes', () => {
  const results = new Results(new Gate())
  const ajv = new Ajv({ strict: false })
  addFormats(ajv)
  let changed = 0
  for (let seed = 1; seed <= 600; seed++) {
    const random = numbers(seed)
    const content = { n: random(1e9), flag: true, none: null, list: [] }
    const properties = {}
    for (let at = random(4); at >= 0; at--) {
      const name = NAMES[random(NAMES.length)]
      const value = SECRETS[random(SECRETS.length)]
      content[name] = value
      properties[name] = schemaOf(random, value)
    }
    const schema = { type: 'object', properties, required: Object.keys(properties) }
    const validate = ajv.compile(schema)
    assert.ok(validate(content), `seed ${seed}`)
    const clean = results.clean(
      result({ content: [], structuredContent: content }),
      'tools/call',
      undefined,
      {
        tool: 't',
        schemaOf: () => JSON.stringify(schema),
      },
    )
    const { structuredContent } = JSON.parse(written(clean)).result
    assert.ok(validate(structuredContent), `seed ${seed}: ${JSON.stringify([schema, structuredContent])}`)
    changed += JSON.stringify(content) === JSON.stringify(structuredContent) ? 0 : 1
    for (const [name, value] of Object.entries(content)) {
      assert.ok(
        typeof value === 'string' || JSON.stringify(structuredContent[name]) === JSON.stringify(value),
      )
    }
  }
  assert.ok(changed > 300, `${changed} of them changed`)
})

/** A client of a guarded server with one tool, and what is told. */
async function connected(policy, answer, outputSchema) {
  const gate = new Gate(policy)
  const told = []
  gate.onVerdict((event) => told.push(event))
  const server = new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } })
  const tool = { name: 't', inputSchema: { type: 'object' }, ...(outputSchema && { outputSchema }) }
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool] }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => answer(params.arguments))
  const [near, far] = InMemoryTransport.createLinkedPair()
  const waiting = new Map()
  near.onmessage = (message) => waiting.get(message.id)?.(message)
  guardServer(server, gate)
  await server.connect(far)
  let id = 0
  const ask = (method, params) => {
    id += 1
    const answered = new Promise((resolve) => waiting.set(id, resolve))
    near.send({ jsonrpc: '2.0', id, method, params })
    return answered
  }
  return { ask, told, close: () => server.close() }
}

describe('a guarded server', () => {
  const SECRET = ['glpat', 'pPx7DYlpBmVdWbXJhABH'].join('-')

  it('tells what it took out, with the tool and the place', async () => {
    const { ask, told, close } = await connected({}, () => ({
      content: [{ type: 'text', text: `a\u200b ${SECRET}` }],
    }))
    const { result } = await ask('tools/call', { name: 't', arguments: {} })
    assert.equal(result.content[0].text, `a ${GONE}`)
    assert.deepEqual(
      told.map(({ surface, tool, rule, pointer }) => [surface, tool, rule, pointer]),
      [
        ['result', 't', 'text.invisible', '/result/content/0/text'],
        ['result', 't', 'secret.gitlab', '/result/content/0/text'],
      ],
    )
    await close()
  })

  it('changes nothing where the policy observes, and tells the same', async () => {
    const text = `a\u200b ${SECRET}`
    const { ask, told, close } = await connected({ mode: 'observe' }, () => ({
      content: [{ type: 'text', text }],
    }))
    const { result } = await ask('tools/call', { name: 't', arguments: {} })
    assert.equal(result.content[0].text, text)
    assert.deepEqual(
      told.map(({ rule }) => rule),
      ['text.invisible', 'secret.gitlab'],
    )
    await close()
  })

  it('keeps the schema of structured content that it listed', async () => {
    const outputSchema = {
      type: 'object',
      properties: { apiKey: { type: 'string', minLength: 24, pattern: '^[A-Za-z0-9]+$' } },
    }
    const apiKey = 'q8Zr2LmXv0TbNc5YwKd7q8Zr'
    const answer = () => ({ content: [], structuredContent: { apiKey } })
    const { ask, close } = await connected({}, answer, outputSchema)
    await ask('tools/list', {})
    const { result } = await ask('tools/call', { name: 't', arguments: {} })
    assert.ok(new Ajv().compile(outputSchema)(result.structuredContent))
    assert.notEqual(result.structuredContent.apiKey, apiKey)
    await close()
  })

  it('gives a file back that is read, edited and written, and tells of a mark that comes back', async () => {
    const files = {
      plain: JSON.stringify({ password: true, token: 'the', sessionId: 3, nextPageToken: 'CAUQAQ', n: 1e21 }),
      secret: JSON.stringify({ password: 'correct-horse', n: 1 }),
    }
    const { ask, told, close } = await connected({}, ({ name, text }) => {
      if (text !== undefined) {
        files[name] = text
      }
      return { content: [{ type: 'text', text: files[name] }] }
    })
    const read = async (name) =>
      (await ask('tools/call', { name: 't', arguments: { name } })).result.content[0].text
    const before = files.plain
    const text = await read('plain')
    await ask('tools/call', { name: 't', arguments: { name: 'plain', text: text.replace('the', 'a') } })
    assert.equal(files.plain, before.replace('the', 'a'))
    assert.deepEqual(told, [])
    const redacted = await read('secret')
    assert.equal(redacted, files.secret.replace('correct-horse', GONE))
    await ask('tools/call', { name: 't', arguments: { name: 'secret', text: redacted } })
    assert.ok(told.some(({ rule, pointer }) => rule === 'secret.marker' && pointer.endsWith('/text')))
    await close()
  })
})
