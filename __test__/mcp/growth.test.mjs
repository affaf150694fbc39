// Servers that are made anew for every request, each with schemas of its own: what their guards take is given back.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { temporaryFolder } from '../support/temporary.mjs'

const MANY = join(import.meta.dirname, 'support/many.mjs')
/** What guards may take beside the servers themselves, which keep some of what they are made of (bytes). */
const MOST = 12 << 20
/** So that what V8 keeps in store differs little from run to run. */
const STEADY = ['--expose-gc', '--min-semi-space-size=1', '--max-semi-space-size=1', '--single-threaded-gc']
/** What V8 keeps in store comes on top in some runs; what guards keep does in all. */
const RUNS = 3

for (const [name, kind, count] of [
  ['whose schemas have the same kinds', 'server', 2000],
  ['whose schemas are all held against', 'low', 600],
]) {
  it(`${count} servers ${name} take no descriptors and little memory`, {
    skip: process.platform !== 'linux',
  }, (t) => {
    const run = (guard) => {
      const args = [...STEADY, MANY, kind, String(count), temporaryFolder(t), guard]
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      assert.equal(status, 0, stderr)
      return JSON.parse(stdout)
    }
    const taken = []
    do {
      const [guarded, bare] = [run('guarded'), run('bare')]
      assert.equal(guarded.descriptors, 0)
      assert.ok(
        guarded.most - bare.most < 8,
        `${guarded.most} descriptors at once, and ${bare.most} without guards`,
      )
      taken.push(guarded.bytes - bare.bytes)
    } while (taken.at(-1) >= MOST && taken.length < RUNS)
    assert.ok(taken.at(-1) < MOST, `${taken.join(', ')} bytes more than without guards`)
  })
}
