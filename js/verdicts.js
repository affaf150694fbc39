// @ts-check
'use strict'

/** @import { Finding, Verdict, VerdictEvent } from '../index.js' */

const { Console } = require('node:console')

const { CallgateError } = require('./error.js')
const { escapedUnit } = require('./text.js')

const { freeze } = Object

/** Names and pointers come from the model, so that lines hold no more of them (characters). */
const MAX_NAME = 64
const MAX_POINTER = 256
const MAX_ERROR = 512

/** A name that cannot be taken for another part of the line. */
const PLAIN = /^[\w./-]+$/

/**
 * The start of a text as printable ASCII.
 *
 * @param {string} text
 * @param {number} limit
 * @param {RegExp} [special] what is escaped
 */
function printable(text, limit, special = /[^ -~]/g) {
  const start = text
    .slice(0, limit)
    .replace(special, (unit) => (unit === '"' || unit === '\\' ? `\\${unit}` : escapedUnit(unit)))
  return text.length > limit ? `${start}...` : start
}

/**
 * The same in quotes, unless it needs none.
 *
 * @param {string} text
 * @param {number} limit
 */
function quoted(text, limit) {
  return text.length <= limit && PLAIN.test(text) ? text : `"${printable(text, limit, /[^ -~]|["\\]/g)}"`
}

/** @param {VerdictEvent} event */
function line({ surface, tool, verdict: { action, findings } }) {
  // The first finding with the verdict's own action decided.
  const deciding = /** @type {Finding} */ (findings.find((finding) => finding.action === action))
  const what = action === 'deny' ? 'denied' : 'flagged'
  const subject = tool === undefined ? `a ${surface === 'url' ? 'URL' : surface}` : quoted(tool, MAX_NAME)
  const at = deciding.pointer === '' ? '' : ` at ${quoted(deciding.pointer, MAX_POINTER)}`
  const more = findings.length > 1 ? ` (${findings.length} findings)` : ''
  const member = deciding.member === undefined ? '' : `; policy: ${printable(deciding.member, MAX_ERROR)}`
  return `callgate: ${what} ${subject}: ${deciding.rule}${at}: ${printable(deciding.message, MAX_ERROR)}${member}${more}`
}

/** @type {Console | undefined} */
let stderr

/** @param {VerdictEvent} event */
function log(event) {
  // A console of our own: it survives a closed pipe, and nobody can point it at standard output.
  stderr ??= new Console({ stdout: process.stderr, stderr: process.stderr })
  stderr.error(line(event))
}

/** @param {VerdictEvent} event */
function logDenied(event) {
  if (event.verdict.action === 'deny') {
    log(event)
  }
}

/** @typedef {{ callback: (event: VerdictEvent) => unknown, failed: boolean }} Subscription */

/**
 * Says once per subscription that its callback fails, later and outside of any verdict.
 *
 * @param {Subscription} subscription
 * @param {unknown} error
 */
function warn(subscription, error) {
  if (subscription.failed) {
    return
  }
  subscription.failed = true
  let text = 'something that has no text'
  try {
    text = String(error)
  } catch {}
  process.emitWarning(`a callback of onVerdict failed: ${printable(text, MAX_ERROR)}`, {
    type: 'CallgateWarning',
    code: 'CALLGATE_ON_VERDICT',
  })
}

/** Who is told of the verdicts of a gate. */
class Verdicts {
  /** @type {readonly Subscription[]} */
  #subscriptions = []
  /** While callbacks run: what they ask the gate is not told, or they would be called for ever. */
  #telling = false

  /**
   * @param {(event: VerdictEvent) => unknown} callback
   * @returns {() => void}
   */
  subscribe(callback) {
    const subscription = { callback, failed: false }
    // A new array: one that is being walked through stays as it is.
    this.#subscriptions = [...this.#subscriptions, subscription]
    return () => {
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription)
    }
  }

  /** @param {{ flags: boolean }} options */
  log({ flags }) {
    return this.subscribe(flags ? log : logDenied)
  }

  /**
   * Tells of a verdict, and gives it back.
   *
   * @param {VerdictEvent['surface']} surface
   * @param {string | undefined} tool
   * @param {Verdict} verdict
   * @returns {Verdict}
   */
  tell(surface, tool, verdict) {
    if (verdict.findings.length !== 0 && this.#subscriptions.length !== 0 && !this.#telling) {
      this.#telling = true
      try {
        this.#call(freeze(tool === undefined ? { surface, verdict } : { surface, tool, verdict }))
      } finally {
        // Also where the stack ends in the middle.
        this.#telling = false
      }
    }
    return verdict
  }

  /** @param {VerdictEvent} event */
  #call(event) {
    for (const subscription of this.#subscriptions) {
      try {
        const answer = subscription.callback(event)
        if (answer instanceof Promise) {
          answer.catch((error) => warn(subscription, error))
        }
      } catch (error) {
        warn(subscription, error)
      }
    }
  }

  /**
   * Tells of what was found about a path that was handed out.
   *
   * @param {readonly Finding[]} findings flags only
   */
  tellFlags(findings) {
    if (findings.length !== 0) {
      this.tell('path', undefined, freeze({ action: 'flag', findings }))
    }
  }

  /**
   * Tells of a refused path; of other errors nothing.
   *
   * @param {unknown} error
   */
  tellRefusal(error) {
    if (error instanceof CallgateError && error.finding !== undefined) {
      this.tell('path', undefined, freeze({ action: 'deny', findings: freeze([error.finding]) }))
    }
  }
}

module.exports = { Verdicts }
