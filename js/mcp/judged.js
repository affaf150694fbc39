// @ts-check
'use strict'

/** @import { Gate, Verdict } from '../../index.js' */

const { AsyncLocalStorage } = require('node:async_hooks')
const { keyOf } = require('../verdicts.js')

/**
 * The request over HTTP whose bytes were judged, for whoever is given what was parsed of them: which gate judged, and
 * what it told.
 *
 * @typedef {{ gate: Gate, told: Set<string> }} Judged
 */

/** @type {AsyncLocalStorage<Judged>} */
const storage = new AsyncLocalStorage()

/**
 * @param {Gate} gate
 * @param {Verdict} verdict that was told
 * @returns {Judged}
 */
function judgedBy(gate, { findings }) {
  return { gate, told: new Set(findings.map(keyOf)) }
}

/** What was judged of the request that is served now. */
function judgedNow() {
  return storage.getStore()
}

let warned = false

/** Warns, once in a process, of messages that were parsed before anybody saw their bytes. */
function warnOfParsed() {
  if (!warned) {
    warned = true
    process.emitWarning(
      'a guarded server gets messages that were parsed before their bytes were judged: members given twice, digits ' +
        'and invalid UTF-8 cannot be seen any more (see guardApp, guardRequests, guardFetch and verifyBody of callgate/mcp)',
      { type: 'CallgateWarning', code: 'CALLGATE_PARSED_MESSAGES' },
    )
  }
}

module.exports = { judgedBy, judgedNow, storage, warnOfParsed }
