// @ts-check
'use strict'

/** @import { Gate, MessageVerdict, RuleId } from '../../index.js' */

const { INSIDE } = require('../inside.js')

/**
 * The verdict on a message for what the gate could not see, which is told.
 *
 * @param {Gate} gate
 * @param {Pick<MessageVerdict, 'kind' | 'id' | 'writtenId' | 'method' | 'tool'>} message
 * @param {RuleId} rule
 * @param {string} pointer
 * @param {string} what
 * @param {'flag' | 'deny'} [action] Default: as the policy's mode has it.
 * @returns {MessageVerdict}
 */
function judgedFor(gate, { kind, id, writtenId, method, tool }, rule, pointer, what, action) {
  const inside = /** @type {any} */ (gate)[INSIDE]
  const { freeze } = Object
  const made = action ?? (inside.observes(tool) ? 'flag' : 'deny')
  const finding = freeze({ rule, action: made, severity: 'high', pointer, message: `${what} (${rule})` })
  const named = {
    ...(writtenId !== undefined && { writtenId }),
    ...(method !== undefined && { method }),
    ...(tool !== undefined && { tool }),
  }
  const verdict = freeze({ kind, id, ...named, action: made, findings: freeze([finding]) })
  return inside.tell(verdict, inside.clock(), kind === 'response' ? 'result' : 'message')
}

/**
 * Whether a request is refused whose id another one still has; that is told.
 *
 * @param {Gate} gate
 * @param {any} message
 */
function refusesId(gate, { id, method, params }) {
  const tool = typeof params?.name === 'string' && method === 'tools/call' ? params.name : undefined
  const what = 'another request with this id is not answered yet'
  return judgedFor(gate, { kind: 'request', id, method, tool }, 'rpc.id', '/id', what).action === 'deny'
}

module.exports = { judgedFor, refusesId }
