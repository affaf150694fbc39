// What only a test build of the native library can show: panics and allocations.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hooked } from './support/hooks.mjs'

describe('a panic', () => {
  const outcomes = hooked('panics')
  for (const way of ['bytes', 'text', 'ill-formed text', 'object', 'thread pool']) {
    it(`in an audit of ${way} is CallgateError internal`, () => {
      assert.equal(outcomes[way], 'CallgateError internal, then allow')
    })
  }

  for (const way of ['file operation', 'file operation on the pool']) {
    it(`in a ${way} is CallgateError internal`, () => {
      assert.equal(outcomes[way], 'CallgateError internal, then allow')
    })
  }

  it('in an export is an Error', () => {
    assert.equal(outcomes.export, 'Error, then allow')
  })
})

describe('native allocations', () => {
  const { calls, peak, tables } = hooked('allocations')

  it('are counted', () => {
    assert.ok(calls['denied, for comparison'] >= 1)
  })

  for (const [name, count] of Object.entries(calls).filter(([name]) => !name.startsWith('denied'))) {
    it(`of an allowed audit of ${name}: none`, () => {
      assert.equal(count, 0)
    })
  }

  it('of what the detection looks things up in, once for the process: at most 8 MiB', () => {
    assert.ok(tables >= 1 && tables <= 8 << 20, `${tables} bytes`)
  })

  for (const [shape, { action, bytes }] of Object.entries(peak)) {
    it(`of an audit of 16 MiB of ${shape}: at most 1 MiB`, () => {
      assert.equal(action, 'allow')
      assert.ok(bytes <= 1 << 20, `${bytes} bytes`)
    })
  }
})
