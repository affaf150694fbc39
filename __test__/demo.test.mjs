// The example server under its demo: every row of the table must be as expected.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const DEMO = fileURLToPath(new URL('../examples/notes-server/dist/demo/main.mjs', import.meta.url))

it('the demo passes and leaves nothing behind', { skip: process.platform !== 'linux' }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [DEMO], { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  assert.match(stdout, /^\d+ as expected, 0 different$/m)
  assert.equal(stderr, '')
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith('callgate-demo-'))
  assert.deepEqual(left, [])
})
