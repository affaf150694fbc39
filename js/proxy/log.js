// @ts-check
'use strict'

const { ascii, shown } = require('../cli/place.js')
const { quoted } = require('../quoted.js')

/** @import { Finding } from '../../index.js' */

/** Lines about one rule and side that are written at once, and how many more each second. */
const BURST = 50
const PER_SECOND = 2
/** The same of all kinds together. */
const ALL_BURST = 200
const ALL_PER_SECOND = 20
/** How long the number of the lines that were left out may wait to be told (milliseconds). */
const SUMMARY = 5000
/** Kinds whose lines are counted apart; there are a few for each rule. */
const MAX_KINDS = 1024
/** Characters of a line, and of what it is about. */
const LONGEST = 1024
const LONGEST_SUBJECT = 192
const LONGEST_POINTER = 256

/**
 * What is told of a message, or of what a server says of itself.
 *
 * @typedef {object} Told
 * @property {string} side whose message it is: `client`, or `server`
 * @property {string} subject
 * @property {Finding} finding
 * @property {string | number | null} [id] of the request
 * @property {string} [method]
 * @property {string} [tool]
 * @property {number} [durationUs] how long the message was judged (microseconds)
 * @property {string} [text] the start of what is no message
 * @property {string[]} [difference]
 */

/** So many at once, and so many more each second. */
class Bucket {
  #room
  #most
  #perSecond
  #at

  /**
   * @param {number} most
   * @param {number} perSecond
   * @param {number} now milliseconds
   */
  constructor(most, perSecond, now) {
    this.#room = most
    this.#most = most
    this.#perSecond = perSecond
    this.#at = now
  }

  /** @param {number} now milliseconds */
  has(now) {
    this.#room = Math.min(this.#most, this.#room + ((now - this.#at) / 1000) * this.#perSecond)
    this.#at = now
    return this.#room >= 1
  }

  take() {
    this.#room -= 1
  }
}

/**
 * What the proxy tells: lines for people, of which each names callgate, or JSON lines. A terminal obeys nothing in them.
 * Of very many the rate is bounded, and how many were left out is told.
 */
class Log {
  #stream
  #json
  #session
  #mode
  #now
  /** @type {Map<string, { bucket: Bucket, left: number }>} */
  #kinds = new Map()
  #all
  /** @type {NodeJS.Timeout | undefined} */
  #summary
  /** Whether anything was refused. */
  refused = false

  /**
   * @param {{ write(text: string): unknown }} stream
   * @param {{ json?: boolean, session?: string, mode?: string, now?: () => number }} [options]
   */
  constructor(stream, { json = false, session, mode, now = Date.now } = {}) {
    this.#stream = stream
    this.#json = json
    this.#session = session
    this.#mode = mode
    this.#now = now
    this.#all = new Bucket(ALL_BURST, ALL_PER_SECOND, now())
  }

  /**
   * A line about the session as a whole.
   *
   * @param {string} message
   */
  line(message) {
    if (this.#json) {
      this.#write({ message })
    } else {
      this.#text(message)
    }
  }

  /** @param {Told} told */
  tell(told) {
    const { side, finding } = told
    this.refused ||= finding.action === 'deny'
    if (!this.#admits(`${side} ${finding.rule}`)) {
      return
    }
    if (this.#json) {
      this.#write({ mode: this.#mode, ...recordOf(told) })
    } else {
      this.#text(sentenceOf(told))
      for (const line of told.difference ?? []) {
        this.#text(`  ${line}`)
      }
    }
  }

  /** Tells how much was not written. */
  end() {
    clearTimeout(this.#summary)
    this.#summarise()
  }

  /**
   * Whether there is room for a line of a kind.
   *
   * @param {string} kind
   */
  #admits(kind) {
    const now = this.#now()
    const name = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : 'others'
    const known = this.#kinds.get(name) ?? { bucket: new Bucket(BURST, PER_SECOND, now), left: 0 }
    this.#kinds.set(name, known)
    if (known.bucket.has(now) && this.#all.has(now)) {
      known.bucket.take()
      this.#all.take()
      return true
    }
    known.left += 1
    this.#summary ??= setTimeout(() => this.#summarise(), SUMMARY).unref()
    return false
  }

  #summarise() {
    this.#summary = undefined
    for (const [kind, known] of this.#kinds) {
      if (known.left > 0) {
        if (this.#json) {
          this.#write({ leftOut: known.left, of: kind, message: `${kind}: ${known.left} more` })
        } else {
          this.#text(`${kind}: ${known.left} more`)
        }
        known.left = 0
      }
    }
  }

  /** @param {string} text */
  #text(text) {
    this.#stream.write(`callgate: ${shown(cut(text))}\n`)
  }

  /** @param {object} record */
  #write(record) {
    const whole = { time: new Date(this.#now()).toISOString(), session: this.#session, ...record }
    this.#stream.write(`${ascii(JSON.stringify(whole))}\n`)
  }
}

/**
 * @param {string} text
 * @param {number} [most]
 */
function cut(text, most = LONGEST) {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}...` : text
}

/** @param {Told} told */
function sentenceOf({ subject, finding: { action, rule, pointer, message, member }, text }) {
  const at = pointer === '' ? '' : ` at ${quoted(pointer, LONGEST_POINTER)}`
  const words = action === 'deny' ? 'refused' : 'flagged'
  const said = text === undefined ? '' : `: ${JSON.stringify(text)}`
  const advice = member === undefined ? '' : `; policy: ${member}`
  return `${words} ${cut(subject, LONGEST_SUBJECT)}: ${rule}${at}: ${message}${said}${advice}`
}

/**
 * @param {Told} told
 * @returns {object} members that are not known are left out of its JSON
 */
function recordOf({ side, subject, finding, id, method, tool, durationUs, text, difference }) {
  const { rule, action, severity, pointer, message, start, end, ...more } = finding
  return {
    surface: 'proxy',
    from: side,
    id: id ?? undefined,
    method,
    tool: tool === undefined ? undefined : cut(tool, LONGEST_SUBJECT),
    subject: method === undefined ? cut(subject, LONGEST_SUBJECT) : undefined,
    action,
    rule,
    severity,
    pointer: cut(pointer),
    message: cut(message),
    ...more,
    durationUs,
    text,
    difference,
  }
}

module.exports = { Log }
