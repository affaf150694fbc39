// The roots of the client behind the proxy: asked for by ourselves, in force before any call, and never wider than those of
// the operator.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { describe, it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Client, proxied } from '../support/proxy/client.mjs'
import { line, sessionOf } from '../support/proxy/session.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const temp = temporaryFolder(test)
const SERVER = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', import.meta.url),
)
const uri = (path) => ({ uri: pathToFileURL(path).href })
const notes = join(temp, 'work', 'notes')
const other = join(temp, 'work', 'other')
const beyond = join(temp, 'beyond')
for (const folder of [notes, other, beyond]) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'a.txt'), 'text')
}
const POLICY = { paths: { roots: 'client', within: [join(temp, 'work')] } }

const TOOLS = [
  {
    name: 'read_file',
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path of the file' } },
    },
  },
]
const hello = (capabilities = { roots: {} }) =>
  line({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities, clientInfo: { name: 'a', version: '1' } },
  })
const ready = line({ method: 'notifications/initialized' })
const call = (id, path) =>
  line({ id, method: 'tools/call', params: { name: 'read_file', arguments: { path } } })

/** A session that has listed its tools, of a client with or without roots. */
function started(t, capabilities) {
  const made = sessionOf(t, POLICY, undefined, true)
  made.session.fromClient(hello(capabilities))
  made.session.fromServer(line({ id: 0, result: { protocolVersion: '2025-06-18', capabilities: {} } }))
  made.session.fromClient(ready)
  const asked = made.messages('client').find(({ method }) => method === 'roots/list')
  made.session.fromClient(line({ id: 'list', method: 'tools/list' }))
  made.session.fromServer(line({ id: 'list', result: { tools: TOOLS } }))
  made.messages('client')
  made.messages('server')
  return { ...made, asked }
}

describe('a session', () => {
  it('asks for the roots, holds calls until they are there, and passes no answer of its own on', (t) => {
    const { session, messages, asked } = started(t)
    session.fromClient(Buffer.concat([call(1, join(notes, 'a.txt')), call(2, join(other, 'a.txt'))]))
    assert.deepEqual(messages('server'), [])
    session.fromClient(line({ id: asked.id, result: { roots: [uri(notes)] } }))
    assert.deepEqual(
      messages('server').map(({ id }) => id),
      [1],
    )
    assert.deepEqual(
      messages('client').map(({ id }) => id),
      [2],
    )
  })

  it('passes calls on behind what the client said before them', (t) => {
    const { session, messages, asked } = started(t)
    const ping = (id) => line({ id, method: 'ping' })
    const roots = line({ id: asked.id, result: { roots: [uri(notes)] } })
    session.fromClient(Buffer.concat([ping(1), call(2, join(notes, 'a.txt')), ping(3), roots, ping(4)]))
    const order = messages('server').map(({ id }) => id)
    assert.deepEqual(order.toSorted(), [1, 2, 3, 4])
    assert.ok(order.indexOf(1) < order.indexOf(2), order.join())
    assert.ok(order.indexOf(3) < order.indexOf(4), order.join())
  })

  it('answers refused calls behind what the server said before', (t) => {
    const { session, messages, asked } = started(t)
    session.fromClient(line({ id: asked.id, result: { roots: [uri(notes)] } }))
    session.fromServer(line({ method: 'notifications/tools/list_changed' }))
    const late = { ...TOOLS[0], name: 'late' }
    const params = { name: 'late', arguments: { path: '--help' } }
    session.fromClient(line({ id: 1, method: 'tools/call', params }))
    const [{ id }] = messages('server')
    messages('client')
    const note = line({ method: 'notifications/message', params: { level: 'info', data: 'first' } })
    session.fromServer(Buffer.concat([note, line({ id, result: { tools: [late] } })]))
    const [first, second] = messages('client')
    assert.deepEqual([first.method, second.id], ['notifications/message', 1])
  })

  it('asks again when the client says that its roots changed', (t) => {
    const { session, messages, asked } = started(t)
    session.fromClient(line({ id: asked.id, result: { roots: [uri(notes)] } }))
    session.fromClient(line({ method: 'notifications/roots/list_changed' }))
    const [again] = messages('client')
    assert.equal(again.method, 'roots/list')
    session.fromClient(line({ id: again.id, result: { roots: [uri(other)] } }))
    messages('server')
    session.fromClient(Buffer.concat([call(1, join(notes, 'a.txt')), call(2, join(other, 'a.txt'))]))
    assert.deepEqual(
      messages('server').map(({ id }) => id),
      [2],
    )
  })

  it('only narrows: a root beyond those of the operator opens nothing', (t) => {
    const { session, messages, asked } = started(t)
    session.fromClient(line({ id: asked.id, result: { roots: [uri('/'), uri(beyond)] } }))
    messages('server')
    session.fromClient(Buffer.concat([call(1, join(beyond, 'a.txt')), call(2, join(notes, 'a.txt'))]))
    assert.deepEqual(
      messages('server').map(({ id }) => id),
      [2],
    )
  })

  it('keeps those of the operator where the client answers with an error, or with what is no list', (t) => {
    for (const answer of [
      { error: { code: -32601, message: 'no' } },
      { result: { roots: 'all' } },
      { result: {} },
    ]) {
      const { session, messages, asked } = started(t)
      session.fromClient(line({ id: asked.id, ...answer }))
      messages('server')
      session.fromClient(Buffer.concat([call(1, join(other, 'a.txt')), call(2, join(beyond, 'a.txt'))]))
      assert.deepEqual(
        messages('server').map(({ id }) => id),
        [1],
        JSON.stringify(answer),
      )
    }
  })

  it('reads along where the server asks', (t) => {
    const { session, messages, asked } = started(t)
    session.fromClient(line({ id: asked.id, result: { roots: [uri(notes), uri(other)] } }))
    session.fromServer(line({ id: 'own', method: 'roots/list' }))
    session.fromClient(line({ id: 'own', result: { roots: [uri(notes)] } }))
    messages('server')
    session.fromClient(call(1, join(other, 'a.txt')))
    assert.deepEqual(messages('server'), [])
  })

  it('asks a client without roots nothing, and says so', (t) => {
    const { session, messages, told, asked } = started(t, {})
    assert.equal(asked, undefined)
    assert.ok(told.some(({ note }) => note?.includes('the client names no roots')))
    messages('server')
    session.fromClient(call(1, join(notes, 'a.txt')))
    assert.equal(messages('server').length, 1)
  })
})

it('behind the proxy, with a real server', { skip: process.platform === 'win32' }, async (t) => {
  const policy = join(temp, 'policy.json')
  writeFileSync(policy, JSON.stringify(POLICY))
  const client = new Client(proxied([process.execPath, SERVER, temp], ['--policy', policy]), { cwd: notes })
  t.after(() => client.kill())
  client.raw(hello())
  await client.answer(0)
  client.raw(ready)
  const asked = () => client.messages.filter(({ method }) => method === 'roots/list')
  // The server asks too, as soon as its client is ready.
  await client.until(() => asked().length >= 2)
  for (const { id } of asked()) {
    client.send({ id, result: { roots: [uri(notes), uri(beyond)] } })
  }
  const read = async (folder) =>
    JSON.stringify(await client.call('read_file', { path: join(folder, 'a.txt') }))
  assert.match(await read(notes), /text/)
  assert.match(await read(other), /path\.outside-root/)
  assert.match(await read(beyond), /path\.outside-root/)
  await client.finish()
  assert.match(client.stderr, /roots of the client in force: \S*notes$/m)
})
