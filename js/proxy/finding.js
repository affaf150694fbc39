// @ts-check
'use strict'

/** @import { Finding } from '../../index.js' */

/**
 * A finding of the proxy itself, about a message that the gate let pass.
 *
 * @param {string} rule
 * @param {string} pointer
 * @param {string} message
 * @returns {Finding}
 */
function finding(rule, pointer, message) {
  const told = { rule, action: 'deny', severity: 'high', pointer, message: `${message} (${rule})` }
  return /** @type {Finding} */ (told)
}

module.exports = { finding }
