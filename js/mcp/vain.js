// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { quoted } = require('../quoted.js')

/** Names that a warning holds, and characters of each. */
const MAX_TOLD = 16
const MAX_NAME = 128

/** @type {WeakSet<Gate>} gates whose policies were held against the tools of a server */
const told = new WeakSet()

/**
 * Warns, once for each gate, of names in its policy that stand for nothing in the server that it guards: a slip of the pen
 * protects nothing.
 *
 * @param {Gate} gate
 * @param {() => readonly object[]} toolsOf the server
 */
function warnOfVain(gate, toolsOf) {
  if (told.has(gate)) {
    return
  }
  const tools = toolsOf()
  if (tools.length === 0) {
    return
  }
  told.add(gate)
  let unknown
  try {
    unknown = gate.describe(tools).unknown
  } catch {
    // What cannot be described is judged all the same.
    return
  }
  if (unknown.length > 0) {
    const lines = unknown.slice(0, MAX_TOLD).map(({ member, what }) => `${quoted(member, MAX_NAME)}: ${what}`)
    process.emitWarning('the policy names what the guarded server does not have', {
      type: 'CallgateWarning',
      code: 'CALLGATE_POLICY_NAMES',
      detail: lines.join('\n'),
    })
  }
}

module.exports = { warnOfVain }
