// A guarded server that is given messages whose bytes nobody judged says so, once.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'

const PROGRAM = join(import.meta.dirname, 'support/parsed.mjs')

for (const [name, how, times] of [
  ['express.json without a judge', 'bare', 1],
  ['verifyBody behind the parser of createMcpExpressApp', 'late', 1],
  ['a transport of its own', 'custom', 1],
  ['verifyBody in the parser itself', 'judged', 0],
  ['guardApp in front', 'app', 0],
  ['objects of the same process', 'memory', 0],
]) {
  it(`warns ${times === 0 ? 'not' : 'once'} of ${name}`, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, how], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^(hello ){2}$/)
    assert.equal(stderr.split('CALLGATE_PARSED_MESSAGES').length - 1, times, stderr)
  })
}
