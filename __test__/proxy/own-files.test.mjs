// Files that the proxy uses itself, and that lie in a root: no call changes them, whatever the policy says.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { throughProxy } from '../support/proxy/client.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const MAIN = path('../../js/cli/main.js')
const SERVER = path('../support/proxy/described-server.mjs')
const strings = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})
const TOOLS = [
  { name: 'read_file', description: 'Reads a file.', inputSchema: strings('path') },
  { name: 'write_file', description: 'Writes a file.', inputSchema: strings('path', 'content') },
  { name: 'delete_file', description: 'Deletes a file.', inputSchema: strings('path') },
  { name: 'put', description: '', inputSchema: strings('doc', 'body') },
  { name: 'move_file', description: 'Moves a file.', inputSchema: strings('source', 'destination') },
]

for (const [what, policy] of [
  ['a policy of nothing', {}],
  ['one that opens all', { rules: { 'path.*': 'off' }, paths: { unblocked: ['**'], hardLinks: 'allow' } }],
  ['one that observes', { mode: 'observe' }],
]) {
  it(`the policy, the lock and the log are kept under ${what}`, async (t) => {
    const folder = temporaryFolder(t)
    const own = join(folder, 'own')
    mkdirSync(own)
    writeFileSync(join(folder, 'server.json'), JSON.stringify({ tools: TOOLS }))
    writeFileSync(join(own, 'callgate.json'), JSON.stringify(policy))
    const command = [process.execPath, SERVER, join(folder, 'server.json')]
    const lock = ['--lock', join(own, 'callgate.lock')]
    const pinned = spawnSync(process.execPath, [MAIN, 'pin', ...lock, '--', ...command], { encoding: 'utf8' })
    assert.equal(pinned.status, 0, pinned.stderr)
    linkSync(join(own, 'callgate.lock'), join(folder, 'twin'))
    symlinkSync('own/callgate.json', join(folder, 'link'))
    const log = ['--log-file', join(own, 'callgate.log')]
    const options = ['--root', folder, '--policy', join(own, 'callgate.json'), ...lock, ...log]
    const client = throughProxy(t, command, { options, spawn: { cwd: folder } })
    await client.greet()
    await client.ask('tools/list')
    const refused = async (tool, args) => (await client.call(tool, args)).result.isError === true
    for (const file of ['own/callgate.json', 'own/callgate.lock', 'own/callgate.log', 'twin', 'link']) {
      for (const name of [file, `./own/../${file}`, join(folder, file)]) {
        assert.ok(await refused('write_file', { path: name, content: '{}' }), `write ${name}`)
        assert.ok(await refused('delete_file', { path: name }), `delete ${name}`)
        assert.ok(await refused('move_file', { source: name, destination: 'elsewhere' }), `move ${name}`)
        assert.ok(await refused('move_file', { source: 'server.json', destination: name }), `move to ${name}`)
      }
      assert.equal(await refused('read_file', { path: file }), false, `read ${file}`)
    }
    for (const file of ['own/callgate.json', 'own/callgate.lock', 'own/callgate.log']) {
      for (const doc of [file, `./own/../${file}`, join(folder, file), ` ${file}`, `a.txt,${file}`]) {
        assert.ok(await refused('put', { doc, body: '{}' }), `an argument of no kind: ${doc}`)
        assert.ok(await refused('put', { [doc]: '{}' }), `the name of a member: ${doc}`)
      }
    }
    assert.equal(await refused('put', { doc: 'own/other.json', body: 'callgate.json is the policy' }), false)
    const otherCase = { path: 'own/CALLGATE.json', content: '{}' }
    assert.ok(await refused('write_file', otherCase), 'the same name on file systems that fold it')
    assert.ok(await refused('move_file', { source: 'own', destination: 'elsewhere' }), 'their folder')
    assert.ok(await refused('delete_file', { path: 'own' }), 'their folder')
    assert.equal(await refused('write_file', { path: 'own/other.json', content: '{}' }), false)
    assert.equal(readFileSync(join(own, 'callgate.json'), 'utf8'), JSON.stringify(policy))
    await client.finish()
  })
}
