// @ts-check
'use strict'

const { INSIDE } = require('../inside.js')

/** @import { Finding, Gate, RuleId } from '../../index.js' */

/** @typedef {{ rule: 'tool.changed' | 'tool.poisoned' | 'rate.exceeded', pointer: string, message: string, isMild?: boolean }} Fault isMild: it is only told */

/**
 * A finding of the proxy that no policy changes, about a message that the gate let pass.
 *
 * @param {RuleId} rule
 * @param {string} pointer
 * @param {string} message
 * @returns {Finding}
 */
function finding(rule, pointer, message) {
  return { rule, action: 'deny', severity: 'high', pointer, message: `${message} (${rule})` }
}

/**
 * What the policy makes of a fault that the proxy found: nothing where the rule is off.
 *
 * @param {Gate} gate
 * @param {Fault} fault
 * @param {string} [tool] that it is a fault of
 * @returns {Finding | undefined}
 */
function judged(gate, { rule, pointer, message }, tool) {
  return /** @type {any} */ (gate)[INSIDE].found(rule, pointer, message, tool)
}

module.exports = { finding, judged }
