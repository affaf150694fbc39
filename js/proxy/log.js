// @ts-check
'use strict'

const { ascii, shown } = require('../cli/place.js')
const { quoted } = require('../quoted.js')
const { Rate } = require('../rate.js')

/** @import { Finding } from '../../index.js' */

/** Characters of a line, and of what it is about. */
const LONGEST = 1024
const LONGEST_SUBJECT = 192
const LONGEST_POINTER = 256
const WORDS = /^[\p{L}\p{N}_ ./-]*$/u

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
 * @property {string} [others] what is said of findings of the same rule in the same message
 * @property {boolean} [isOther] one of these: it has no line of its own
 * @property {string[]} [difference]
 */

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
  #rate
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
    this.#rate = new Rate((kind, left) => this.#tellLeft(kind, left), now)
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
    if ((told.isOther && !this.#json) || !this.#rate.admits(`${side} ${finding.rule}`)) {
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
    this.#rate.summarise()
  }

  /**
   * @param {string} kind
   * @param {number} left lines that were left out
   */
  #tellLeft(kind, left) {
    const message = `${kind}: ${left} more`
    if (this.#json) {
      this.#write({ leftOut: left, of: kind, message })
    } else {
      this.#text(message)
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

/**
 * What a line is about. Names are others' words: one that could be taken for the rest of the line is put in quotes.
 *
 * @param {string} subject
 */
function aboutOf(subject) {
  return WORDS.test(subject) ? cut(subject, LONGEST_SUBJECT) : quoted(subject, LONGEST_SUBJECT)
}

/** @param {Told} told */
function sentenceOf({ subject, finding: { action, rule, pointer, message, member }, text, others = '' }) {
  const at = pointer === '' ? '' : ` at ${quoted(pointer, LONGEST_POINTER)}`
  const words = action === 'deny' ? 'refused' : 'flagged'
  const said = text === undefined ? '' : `: ${JSON.stringify(text)}`
  const advice = member === undefined ? '' : `; policy: ${member}`
  return `${words} ${aboutOf(subject)}: ${rule}${at}: ${message}${said}${advice}${others}`
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
