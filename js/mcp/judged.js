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

/**
 * The calls that were judged as bytes, by what was parsed of them.
 *
 * @type {WeakMap<object, Judged>}
 */
const calls = new WeakMap()

const NOTHING = new Set()

/**
 * Notes who judged a call that is handed on.
 *
 * @param {object} message
 * @param {Gate} gate
 * @param {Verdict} verdict
 */
function noteJudge(message, gate, verdict) {
  calls.set(message, toldBy(gate, verdict))
}

/**
 * @param {Gate} gate
 * @param {Verdict} verdict
 * @returns {Judged}
 */
function toldBy(gate, verdict) {
  return verdict.findings.length === 0 ? { gate, told: NOTHING } : judgedBy(gate, verdict)
}

/**
 * Who judged a call.
 *
 * @param {object} message
 */
function judgeOf(message) {
  return calls.get(message)
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

module.exports = { judgeOf, judgedBy, judgedNow, noteJudge, storage, toldBy, warnOfParsed }
