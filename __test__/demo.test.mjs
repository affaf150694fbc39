// The example server and the proxy under their demos: every row of the tables must be as expected.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url))

for (const [name, demo] of [
  ['the demo', path('notes-server/dist/demo/main.mjs')],
  ['the demo of the proxy', path('proxy/demo.mjs')],
]) {
  it(`${name} passes and leaves nothing behind`, { skip: process.platform !== 'linux' }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, /^\d+ as expected, 0 different$/m)
    assert.equal(stderr, '')
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('callgate-demo-'))
    assert.deepEqual(left, [])
  })
}
