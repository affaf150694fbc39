// Resident memory stays where it was, and scratch is given back.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('./support/resident.mjs', import.meta.url))
const MIB = 1 << 20

/** Runs one measurement in a process of its own; answers the bytes by which it grew. */
function growth(measurement) {
  const args = ['--expose-gc', SCRIPT, measurement]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return Number(stdout)
}

describe('resident memory', () => {
  const rows = [
    ['audits', 'a million audits of bytes, text and objects', 24 * MIB],
    ['refusals', '100,000 refused audits', 24 * MIB],
    ['gates', '20,000 gates that are closed', 24 * MIB],
    ['collected', '20,000 gates that are left to the collector', 24 * MIB],
    ['scratch', 'ten audits of 32 MiB strings', 24 * MIB],
  ]
  for (const [measurement, name, most] of rows) {
    it(`${name}: stays`, () => {
      const bytes = growth(measurement)
      assert.ok(bytes <= most, `${Math.round(bytes / MIB)} MiB more`)
    })
  }

  it('the measurement itself sees what is kept', () => {
    assert.ok(growth('leak') > 24 * MIB)
  })
})
