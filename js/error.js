// @ts-check
'use strict'

/** @import { Finding } from '../index.js' */

/** Codes that the native library puts on its errors; anything else that it throws is a fault of callgate. */
const CODES = new Set([
  'gate.closed',
  'input.type',
  'platform.unsupported',
  'policy.invalid',
  'policy.unreadable',
])

class CallgateError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {Finding} [finding]
   */
  constructor(code, message, finding) {
    super(message)
    this.code = code
    if (finding !== undefined) {
      this.finding = finding
    }
  }
}
Object.defineProperty(CallgateError.prototype, 'name', {
  value: 'CallgateError',
  configurable: true,
  writable: true,
})

/** @param {string} message */
function inputError(message) {
  return new CallgateError('input.type', message)
}

/**
 * What the native library threw, as a CallgateError. The text of a panic could hold anything, so it is
 * not passed on.
 *
 * @param {unknown} thrown
 */
function translated(thrown) {
  const { code, message } = /** @type {{ code?: string, message?: string }} */ (thrown ?? {})
  if (code !== undefined && message !== undefined && CODES.has(code)) {
    return new CallgateError(code, message)
  }
  return new CallgateError('internal', 'callgate itself failed; please report it')
}

module.exports = { CallgateError, inputError, translated }
