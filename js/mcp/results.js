// @ts-check
'use strict'

/** @import { Finding, Gate } from '../../index.js' */

const { CallgateError } = require('../error.js')
const { INSIDE } = require('../inside.js')
const { INTERNAL_ERROR, errorAnswer } = require('./answers.js')
const { lineOf } = require('./line.js')
const { Outgoing } = require('./outgoing.js')

const { stringify, parse } = JSON
const { isArray } = Array

/** Characters of each text of an error. */
const MAX_ERROR_TEXT = 8192

/** Members of a result that the server gets back as it sent them, or that say nothing for reading. */
const KEPT = new Set(['_meta', 'inputRequests', 'nextCursor', 'requestState', 'resultType'])
/** Members whose text is bytes in base64. */
const BYTES = new Set(['data', 'blob'])
const BASE64 = /^[A-Za-z0-9+/=\s]*$/

/** @param {string} text */
function capped(text) {
  return text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT).toWellFormed()}...` : text
}

/** @param {any} item */
function hasBytes(item) {
  return item.type === 'image' || item.type === 'audio' || typeof item.blob === 'string'
}

/**
 * Whether a member of what has bytes holds them: what is no base64 is read as any other text.
 *
 * @param {string} name
 * @param {unknown} member
 */
function isBytes(name, member) {
  return BYTES.has(name) && typeof member === 'string' && BASE64.test(member)
}

/** @import { Line } from './outgoing.js' */
/**
 * @typedef {{ message: any, isList?: boolean, findings?: readonly Finding[] } & Line} Clean `findings`: orders to the
 * model in it
 */

/**
 * The message that was looked through, for those who do not write its text: without what JSON does not show, and what
 * answers anew each time it is read. A list of tools is not looked through.
 *
 * @param {Clean} clean
 * @returns {any}
 */
function readBack(clean) {
  if (clean.isList) {
    return clean.message
  }
  return parse(textOf(clean))
}

/**
 * The JSON of a message that was looked through, without the end of its line.
 *
 * @param {Clean} clean
 */
function textOf(clean) {
  return clean.text === undefined ? clean.bytes.toString('utf8', 0, clean.length).trimEnd() : clean.text
}

/** Cleans what goes out to the client. */
class Results {
  /** @type {Gate} */
  #gate
  #outgoing

  /** @param {Gate} gate */
  constructor(gate) {
    this.#gate = /** @type {any} */ (gate)[INSIDE].forResults()
    this.#outgoing = new Outgoing(this.#gate)
  }

  /**
   * A message as it may go out, and its JSON: as text, or as the first bytes of memory that the next message uses again.
   * An answer that cannot be written becomes an error.
   *
   * @param {any} message
   * @param {string | undefined} method of the request that it answers
   * @param {string} [given] its JSON, where that is there already
   * @returns {Clean}
   */
  clean(message, method, given) {
    try {
      if (method === 'tools/list' && isArray(message.result?.tools)) {
        return { ...this.#list(message, given ?? lineOf(message)), isList: true }
      }
      const isError = message.error !== undefined || message.result?.isError === true
      const line = this.#outgoing.line(message, isError ? MAX_ERROR_TEXT : Number.POSITIVE_INFINITY, given)
      if (line !== undefined) {
        return { message, ...line }
      }
      // What JSON does not show is left behind: getters, boxed texts, errors.
      const json = given ?? stringify(message)
      const { action, findings, replacement } = this.#gate.auditAnswer(json)
      if (action === 'deny' && replacement === undefined) {
        throw new CallgateError(
          'injection.prompt',
          'the message was refused: its text gives the model orders',
        )
      }
      const judged = replacement === undefined && given !== undefined ? message : parse(replacement ?? json)
      const cleaned = this.#cleaned(judged)
      return { message: cleaned, text: lineOf(cleaned), findings }
    } catch (error) {
      if (message?.id === undefined || message.method !== undefined) {
        throw error
      }
      const answer = errorAnswer(message.id, INTERNAL_ERROR, 'the result cannot be turned into JSON')
      return { message: answer, text: lineOf(answer) }
    }
  }

  /**
   * The list of tools without those that may not be called.
   *
   * @param {any} message
   * @param {string} text
   */
  #list(message, text) {
    const { tools } = message.result
    const visible = tools.filter((/** @type {any} */ tool) => {
      return typeof tool?.name !== 'string' || this.#gate.isVisible(tool.name)
    })
    if (visible.length === tools.length) {
      return { message, text }
    }
    const shorter = { ...message, result: { ...message.result, tools: visible } }
    return { message: shorter, text: lineOf(shorter) }
  }

  /**
   * @param {any} message which is JSON; a batch of them, where a policy only observes
   * @returns {any}
   */
  #cleaned(message) {
    if (isArray(message)) {
      return message.map((one) => this.#cleaned(one))
    }
    if (typeof message !== 'object' || message === null) {
      return this.#member('', message, false)[1]
    }
    const { result, error, method, params } = message
    return {
      ...message,
      ...(error !== undefined && { error: this.#members('error', error, true) }),
      ...(result !== undefined && { result: this.#members('result', result, result?.isError === true) }),
      // Of what the server asks or tells by itself only the log is text for reading.
      ...(method === 'notifications/message' && { params: this.#members('params', params, false) }),
    }
  }

  /**
   * A member of a message, each of whose own members is told by its name.
   *
   * @param {string} name
   * @param {any} value
   * @param {boolean} isError
   */
  #members(name, value, isError) {
    if (typeof value !== 'object' || value === null || isArray(value)) {
      return this.#member(name, value, isError)[1]
    }
    const members = Object.entries(value).map(([name, member]) => {
      return KEPT.has(name) ? [name, member] : this.#member(name, member, isError)
    })
    return Object.fromEntries(members)
  }

  /**
   * Sanitised first: a character that is taken out must not hide a secret.
   *
   * @param {string} name
   * @param {any} value
   * @param {boolean} isError
   */
  #member(name, value, isError) {
    const sanitized = this.#sanitized(value, isError)
    const text = stringify({ [name]: sanitized })
    const redacted = this.#gate.redact(text)
    if (redacted === text) {
      return [name, sanitized]
    }
    const [[shown, left] = [name, undefined]] = Object.entries(parse(redacted))
    return [shown, restored(sanitized, left)]
  }

  /**
   * What is cut loses its secrets before: half of one looks like none.
   *
   * @param {string} given
   * @param {boolean} isError
   */
  #text(given, isError) {
    const withoutSecrets = (/** @type {string} */ text) => parse(this.#gate.redact(stringify(text)))
    let { text, removed } = this.#gate.sanitize(given)
    if (removed.some(({ kind }) => kind === 'truncated')) {
      const { text: whole } = /** @type {any} */ (this.#gate)[INSIDE].uncut().sanitize(given)
      text = this.#gate.sanitize(withoutSecrets(whole)).text
    }
    return isError && text.length > MAX_ERROR_TEXT ? capped(withoutSecrets(text)) : text
  }

  /**
   * @param {any} value
   * @param {boolean} isError
   * @returns {any}
   */
  #sanitized(value, isError) {
    if (typeof value === 'string') {
      return this.#text(value, isError)
    }
    if (typeof value !== 'object' || value === null) {
      return value
    }
    if (isArray(value)) {
      return value.map((item) => this.#sanitized(item, isError))
    }
    const bytes = hasBytes(value)
    const members = Object.entries(value).map(([name, member]) => {
      return [name, bytes && isBytes(name, member) ? member : this.#sanitized(member, isError)]
    })
    return Object.fromEntries(members)
  }
}

/**
 * A redacted value with the bytes of the one that it was made of: base64 is no text.
 *
 * @param {any} value
 * @param {any} redacted
 * @returns {any}
 */
function restored(value, redacted) {
  if (typeof value !== 'object' || value === null || typeof redacted !== 'object' || redacted === null) {
    return redacted
  }
  if (isArray(value)) {
    return value.map((item, index) => restored(item, redacted[index]))
  }
  const bytes = hasBytes(value)
  const members = Object.entries(redacted).map(([name, member]) => {
    return [name, bytes && isBytes(name, value[name]) ? value[name] : restored(value[name], member)]
  })
  return Object.fromEntries(members)
}

module.exports = { Results, readBack, textOf }
