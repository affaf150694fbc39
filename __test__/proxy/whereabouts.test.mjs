// A server that works elsewhere than the proxy was started: its relative paths are judged from there.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { throughProxy } from '../support/proxy/client.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const require = createRequire(import.meta.url)
const { folderNamed } = require('../../js/proxy/whereabouts.js')

/** Reads and writes what it is told to, and can be told to change its folder. */
const SERVER = `
const fs = require('node:fs')
const tool = (name, ...members) => ({ name, description: name.replace('_', ' '), inputSchema: {
  type: 'object', properties: Object.fromEntries(members.map((member) => [member, { type: 'string' }])) } })
const TOOLS = [tool('read_file', 'path'), tool('write_file', 'path', 'content'), tool('enter', 'name')]
function call(name, { path, content, name: folder }) {
  if (name === 'enter') return process.chdir(process.env[folder])
  return name === 'read_file' ? fs.readFileSync(path, 'utf8') : fs.writeFileSync(path, content)
}
function answer({ method, params }) {
  if (method === 'initialize') return { protocolVersion: '2025-11-25', capabilities: { tools: {} },
    serverInfo: { name: 'a', version: '1' } }
  if (method === 'tools/list') return { tools: TOOLS }
  try { return { content: [{ type: 'text', text: String(call(params.name, params.arguments)) }] } }
  catch (error) { return { isError: true, content: [{ type: 'text', text: error.code }] } }
}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, ...message } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answer(message) }))
})
`

/** A root with a file in it, and a folder beside it with another. */
function scene(t) {
  const temp = temporaryFolder(t)
  const [root, outside] = ['root', 'outside'].map((name) => {
    mkdirSync(join(temp, name))
    writeFileSync(join(temp, name, `${name}.txt`), name)
    return join(temp, name)
  })
  const server = join(temp, 'server.cjs')
  writeFileSync(server, SERVER)
  const start = (command, options = ['--root', root]) =>
    throughProxy(t, command, {
      options,
      spawn: { cwd: root, env: { ...process.env, OUTSIDE: outside, ROOT: root } },
    })
  return { root, outside, server, start }
}

const WAYS = {
  'a shell that changes it': ({ outside, server }) => ['sh', '-c', `cd ${outside} && exec node ${server}`],
  'a shell that waits for it': ({ outside, server }) => [
    'sh',
    '-c',
    `(cd ${outside} && node ${server}); true`,
  ],
  'env -C': ({ outside, server }) => ['env', '-C', outside, 'node', server],
  'a runner': ({ outside, server }) => [
    process.execPath,
    '-e',
    `require('node:child_process').spawn('node', [${JSON.stringify(server)}], { cwd: ${JSON.stringify(outside)}, stdio: 'inherit' })`,
  ],
  'a server that changes it': ({ outside, server }) => [
    process.execPath,
    '-e',
    `process.chdir(${JSON.stringify(outside)});require(${JSON.stringify(server)})`,
  ],
}
const textOf = ({ result }) => result.content[0].text
const isLinux = process.platform === 'linux'

describe('a server that works outside of the roots', { skip: !isLinux }, () => {
  for (const [way, command] of Object.entries(WAYS)) {
    it(`reads and writes nothing there: ${way}`, async (t) => {
      const made = scene(t)
      const client = made.start(command(made))
      await client.greet()
      assert.match(textOf(await client.call('read_file', { path: 'outside.txt' })), /path\.ambiguous/)
      const planted = { path: 'planted.txt', content: 'x' }
      assert.match(textOf(await client.call('write_file', planted)), /path\.ambiguous/)
      assert.ok(!existsSync(join(made.outside, 'planted.txt')))
      // What lies in the root is at hand by its whole path, and what is not there is the server's to say.
      const whole = { path: join(made.root, 'root.txt') }
      assert.equal(textOf(await client.call('read_file', whole)), 'root')
      assert.equal(textOf(await client.call('read_file', { path: 'root.txt' })), 'ENOENT')
      await client.finish()
      const [line, ...more] = client.stderr.split('\n').filter((text) => text.includes('the server works in'))
      assert.ok(line.includes(made.outside), client.stderr)
      assert.deepEqual(more, [])
    })
  }

  it('which it enters within a session', async (t) => {
    const { outside, server, start } = scene(t)
    const client = start(['node', server])
    await client.greet()
    assert.equal(textOf(await client.call('read_file', { path: 'root.txt' })), 'root')
    await client.call('enter', { name: 'OUTSIDE' })
    assert.match(textOf(await client.call('read_file', { path: 'outside.txt' })), /path\.ambiguous/)
    await client.call('enter', { name: 'ROOT' })
    assert.equal(textOf(await client.call('read_file', { path: 'root.txt' })), 'root')
    await client.finish()
    assert.equal(readFileSync(join(outside, 'outside.txt'), 'utf8'), 'outside')
  })
})

describe('a server that works where it was started', { skip: !isLinux }, () => {
  it('reads and writes there, and nothing is said of it', async (t) => {
    const { root, server, start } = scene(t)
    const client = start(['sh', '-c', `node ${server}`])
    await client.greet()
    assert.equal(textOf(await client.call('read_file', { path: 'root.txt' })), 'root')
    await client.call('write_file', { path: 'new.txt', content: 'x' })
    await client.finish()
    assert.ok(existsSync(join(root, 'new.txt')))
    assert.doesNotMatch(client.stderr, /works in/)
  })
})

describe('the folder that a command names', () => {
  for (const [folder, ...command] of [
    ['/a', 'uv', '--directory', '/a', 'run', 'server'],
    ['/a', 'uv', '--directory=/a', 'run', 'server'],
    ['a b', 'npm', '--prefix', 'a b', 'start'],
    ['/a', 'env', '-C', '/a', 'server'],
    ['/a', 'sh', '-c', 'cd /a && exec server'],
    ['/a b', 'sh', '-c', 'export A=1; cd "/a b"; server'],
    ['C:\\a', 'cmd', '/c', 'cd /d C:\\a && server'],
    [undefined, 'npx', '-y', 'server', '/a'],
    [undefined, 'server', '--directories', '/a'],
    [undefined, 'sh', '-c', 'abcd /a'],
  ]) {
    it(`${command.join(' ')}: ${folder}`, () => assert.equal(folderNamed(command), folder))
  }
})
