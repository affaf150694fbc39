// @ts-check
'use strict'

/** @import { Finding, Verdict, VerdictEvent } from '../index.js' */

const { Console } = require('node:console')

const { CallgateError } = require('./error.js')
const { grouped } = require('./grouped.js')
const { printable, quoted } = require('./quoted.js')
const { Rate } = require('./rate.js')

const { freeze } = Object

/** What a file system answers honest calls too: told to who asked, and to nobody else. */
const OUTCOMES = new Set(['path.missing', 'path.exists', 'path.not-empty', 'path.no-space'])

/** @type {Context} */
const NO_CONTEXT = {}
/** @type {About} */
const NOTHING = {}

/** Names and pointers come from the model, so that lines hold no more of them (characters). */
const MAX_NAME = 64
const MAX_POINTER = 256
const MAX_ERROR = 512

/**
 * @param {VerdictEvent} event
 * @param {string} others what is said of others like it
 */
function line({ surface, tool, finding: { action, pointer, message, member }, rule }, others) {
  const what = action === 'deny' ? 'denied' : 'flagged'
  const subject = tool === undefined ? `a ${surface === 'url' ? 'URL' : surface}` : quoted(tool, MAX_NAME)
  const at = pointer === '' ? '' : ` at ${quoted(pointer, MAX_POINTER)}`
  const advice = member === undefined ? '' : `; policy: ${printable(member, MAX_ERROR)}`
  return `callgate: ${what} ${subject}: ${rule}${at}: ${printable(message, MAX_ERROR)}${advice}${others}`
}

/** @type {Console | undefined} */
let stderr

/** @param {string} text */
function write(text) {
  // A console of our own: it survives a closed pipe, and nobody can point it at standard output.
  stderr ??= new Console({ stdout: process.stderr, stderr: process.stderr })
  stderr.error(text)
}

/**
 * Writes events as lines, no more of them than anybody reads.
 *
 * @param {boolean} flags whether those are written too that refuse nothing
 */
function logger(flags) {
  const rate = new Rate((kind, left) => write(`callgate: ${kind}: ${left} more`))
  return (/** @type {VerdictEvent} */ event, /** @type {string | undefined} */ others) => {
    const { action } = event.finding
    if (
      others !== undefined &&
      (flags || action === 'deny') &&
      rate.admits(`${event.surface} ${event.rule}`)
    ) {
      write(line(event, others))
    }
  }
}

/**
 * Who is told: with `others` what is said of findings like it in the same message, for the first of them only.
 *
 * @typedef {object} Subscription
 * @property {(event: VerdictEvent, others?: string) => unknown} callback
 * @property {boolean} isLog
 * @property {boolean} failed
 */

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

/**
 * What is known of a call besides its verdict.
 *
 * @typedef {object} About
 * @property {string | number | null} [id] of the request
 * @property {string} [path] that was asked for
 */

/**
 * The connection whose message is judged, and what was told of that message before.
 *
 * @typedef {{ session?: string, told?: Set<string> }} Context
 */

/** Who is told of the verdicts of a gate, one event for each finding. */
class Verdicts {
  /** @type {readonly Subscription[]} */
  #subscriptions = []
  /** While callbacks run: what they ask the gate is not told, or they would be called for ever. */
  #telling = false
  #modeOf
  /** @type {Context} */
  #context = NO_CONTEXT

  /** @param {(tool: string | undefined) => 'enforce' | 'observe'} modeOf */
  constructor(modeOf) {
    this.#modeOf = modeOf
  }

  /**
   * @param {(event: VerdictEvent) => unknown} callback
   * @returns {() => void}
   */
  subscribe(callback) {
    return this.#add({ callback, isLog: false, failed: false })
  }

  /** @param {Subscription} subscription */
  #add(subscription) {
    // A new array: one that is being walked through stays as it is.
    this.#subscriptions = [...this.#subscriptions, subscription]
    return () => {
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription)
    }
  }

  /** @param {{ flags: boolean }} options */
  log({ flags }) {
    return this.#add({ callback: logger(flags), isLog: true, failed: false })
  }

  /** When what is judged now began, where anybody is told how long it took. */
  clock() {
    return this.#subscriptions.length === 0 ? 0 : performance.now()
  }

  /**
   * Judges within a connection.
   *
   * @template T
   * @param {Context} context
   * @param {() => T} judge at once
   * @returns {T}
   */
  within(context, judge) {
    const before = this.#context
    this.#context = context
    try {
      return judge()
    } finally {
      this.#context = before
    }
  }

  /**
   * Tells of a verdict, and gives it back.
   *
   * @template {Verdict} V
   * @param {VerdictEvent['surface']} surface
   * @param {string | undefined} tool
   * @param {V} verdict
   * @param {number} start when it began to be judged, by {@link Verdicts.clock}
   * @param {About} [about]
   * @returns {V}
   */
  tell(surface, tool, verdict, start, about = NOTHING) {
    if (verdict.findings.length !== 0 && this.#subscriptions.length !== 0 && !this.#telling) {
      this.#telling = true
      try {
        this.#tellAll(surface, tool, verdict, start, about)
      } finally {
        // Also where the stack ends in the middle.
        this.#telling = false
      }
    }
    return verdict
  }

  /**
   * @param {VerdictEvent['surface']} surface
   * @param {string | undefined} tool
   * @param {Verdict} verdict
   * @param {number} start
   * @param {About} about
   */
  #tellAll(surface, tool, verdict, start, { id, path }) {
    const { session, told } = this.#context
    const common = {
      time: new Date().toISOString(),
      surface,
      mode: this.#modeOf(tool),
      durationUs: start === 0 ? 0 : Math.round((performance.now() - start) * 1000),
      ...(id !== undefined && id !== null && { id }),
      ...(session !== undefined && { session }),
      ...(tool !== undefined && { tool }),
      ...(path !== undefined && { path }),
    }
    const findings = verdict.findings.filter(
      (finding) => !OUTCOMES.has(finding.rule) && !told?.has(keyOf(finding)),
    )
    const others = grouped(findings)
    for (const finding of findings) {
      const { rule, action, pointer, member } = finding
      const one = verdict.findings.length === 1 ? verdict : freeze({ action, findings: freeze([finding]) })
      this.#call(
        freeze({
          ...common,
          rule,
          ...(pointer !== '' && { pointer }),
          ...(member !== undefined && { member }),
          finding,
          verdict: one,
        }),
        others.get(finding),
      )
    }
  }

  /**
   * @param {VerdictEvent} event
   * @param {string | undefined} others
   */
  #call(event, others) {
    for (const subscription of this.#subscriptions) {
      const { callback, isLog } = subscription
      try {
        const answer = isLog ? callback(event, others) : callback(event)
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
   * @param {number} start
   * @param {About} about
   */
  tellFlags(findings, start, about) {
    if (findings.length !== 0) {
      this.tell('path', undefined, freeze({ action: 'flag', findings }), start, about)
    }
  }

  /**
   * Tells of a refused path; of other errors nothing.
   *
   * @param {unknown} error
   * @param {number} start
   * @param {About} about
   */
  tellRefusal(error, start, about) {
    if (error instanceof CallgateError && error.finding !== undefined) {
      this.tell(
        'path',
        undefined,
        freeze({ action: 'deny', findings: freeze([error.finding]) }),
        start,
        about,
      )
    }
  }
}

/** @param {Finding} finding */
function keyOf({ rule, action, pointer }) {
  return `${action} ${rule} ${pointer}`
}

module.exports = { Verdicts, keyOf }
