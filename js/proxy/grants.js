// @ts-check
'use strict'

// What only the user may grant, by the policy or on the command line: that a server has the model or the user answer it.

const { errorAnswer } = require('../mcp/answers.js')
const { finding } = require('./finding.js')

/** @import { Id } from './pending.js' */

/** @typedef {'sampling' | 'elicitation'} Grant */

/** @type {ReadonlyMap<unknown, Grant>} */
const NEEDED = new Map([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
])
const ALL = new Set(NEEDED.values()).size

/** JSON-RPC's code of a user who declines, as the protocol's own example has it. */
const DECLINED = -1
/** The protocol's code of an error that asks the user to visit a page. */
const URL_NEEDED = -32042

/**
 * @param {Grant} grant
 * @param {string} pointer
 */
function missing(grant, pointer) {
  return finding('access.denied', pointer, `${grant} is not allowed: access.peer, or --allow ${grant}`)
}

class Grants {
  #given

  /** @param {Iterable<Grant>} given */
  constructor(given) {
    this.#given = new Set(given)
  }

  /**
   * Why a request of the server is declined, if so.
   *
   * @param {string} method
   */
  requestFault(method) {
    const grant = NEEDED.get(method)
    return grant === undefined || this.#given.has(grant) ? undefined : missing(grant, '/method')
  }

  /**
   * Why an answer of the server is refused, if so: since 2026-07-28 results ask in the place of requests, and errors
   * before that too.
   *
   * @param {{ asks: boolean, value: any }} message
   */
  answerFault(message) {
    if (!message.asks || this.#given.size === ALL) {
      return undefined
    }
    const { result, error } = message.value ?? {}
    if (error?.code === URL_NEEDED && !this.#given.has('elicitation')) {
      return missing('elicitation', '/error')
    }
    for (const request of Object.values(result?.inputRequests ?? {})) {
      const grant = NEEDED.get(request?.method)
      if (grant !== undefined && !this.#given.has(grant)) {
        return missing(grant, '/result/inputRequests')
      }
    }
    return undefined
  }
}

/**
 * How a client whose user declines answers a request.
 *
 * @param {Id} id
 * @param {string} method
 * @param {{ message: string }} fault
 */
function declined(id, method, { message }) {
  return method === 'elicitation/create'
    ? { jsonrpc: '2.0', id, result: { action: 'decline' } }
    : errorAnswer(id, DECLINED, message)
}

module.exports = { Grants, declined }
