// What the tests share: the package under test, and checks that many of them make.

import assert from 'node:assert/strict'
import { CallgateError } from '../../index.mjs'

/**
 * Asserts that `call` throws a CallgateError with this code, and gives the error back.
 *
 * @param {() => unknown} call
 * @param {string} code
 * @param {string} [name]
 * @returns {CallgateError}
 */
export function refusal(call, code, name) {
  try {
    call()
  } catch (error) {
    assert.ok(error instanceof CallgateError, `${name}: ${error}`)
    assert.equal(error.code, code, `${name}: ${error.message}`)
    return error
  }
  assert.fail(`${name}: nothing was thrown, not even ${code}`)
}

/**
 * The rules of a verdict, in order.
 *
 * @param {import('../../index.js').Verdict} verdict
 */
export function rulesOf(verdict) {
  return verdict.findings.map(({ rule }) => rule)
}

/** @param {string} open @param {number} depth @param {string} close */
export function nested(open, depth, close) {
  return open.repeat(depth) + close.repeat(depth)
}

/** @param {number} depth */
export function nestedArray(depth) {
  let value = []
  for (let level = 1; level < depth; level++) {
    value = [value]
  }
  return value
}
