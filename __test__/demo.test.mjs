// The example server and the proxy under their demos: every row of the tables must be as expected.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url))

const NOTES = path('notes-server/dist/demo/main.mjs')

for (const [name, command, rows] of [
  ['the demo', [NOTES], 54],
  ['the demo with SDK 2.x', [NOTES, 'server-v2'], 54],
  ['the demo of the proxy', [path('proxy/demo.mjs')], 12],
]) {
  it(`${name} passes and leaves nothing behind`, { skip: process.platform !== 'linux' }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
    assert.match(stdout, new RegExp(`^${rows} as expected, 0 different$`, 'm'))
    assert.equal(stderr, '')
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('callgate-demo-'))
    assert.deepEqual(left, [])
  })
}
