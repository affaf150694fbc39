// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { INSIDE } = require('../inside.js')
const { INTERNAL_ERROR, errorAnswer } = require('./answers.js')
const { Outgoing } = require('./outgoing.js')

const { stringify, parse } = JSON
const { isArray } = Array

/** Characters of each text of an error. */
const MAX_ERROR_TEXT = 8192

/** Members of a result that the server gets back as it sent them, or that say nothing for reading. */
const KEPT = new Set(['_meta', 'inputRequests', 'nextCursor', 'requestState', 'resultType'])
/** Members whose text is bytes in base64. */
const BYTES = new Set(['data', 'blob'])

/** @param {string} text */
function capped(text) {
  return text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT).toWellFormed()}...` : text
}

/** @param {any} item */
function hasBytes(item) {
  return item.type === 'image' || item.type === 'audio' || typeof item.blob === 'string'
}

/** @import { Line } from './outgoing.js' */
/** @typedef {{ message: any } & Line} Clean */

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
        return this.#list(message, given ?? stringify(message))
      }
      const isError = message.error !== undefined || message.result?.isError === true
      const line = this.#outgoing.line(message, isError ? MAX_ERROR_TEXT : Number.POSITIVE_INFINITY, given)
      if (line !== undefined) {
        return { message, ...line }
      }
      const cleaned = this.#cleaned(message)
      return { message: cleaned, text: stringify(cleaned) }
    } catch (error) {
      if (message?.id === undefined || message.method !== undefined) {
        throw error
      }
      const answer = errorAnswer(message.id, INTERNAL_ERROR, 'the result cannot be turned into JSON')
      return { message: answer, text: stringify(answer) }
    }
  }

  /**
   * The result of a handler.
   *
   * @param {any} result
   */
  result(result) {
    if (typeof result !== 'object' || result === null || isArray(result)) {
      return result
    }
    const cleaned = Object.entries(result).map(([name, value]) => {
      return [name, KEPT.has(name) ? value : this.#value(value, result.isError === true)]
    })
    return Object.fromEntries(cleaned)
  }

  /**
   * The list of tools without those that may not be called.
   *
   * @param {any} message
   * @param {string} text
   */
  #list(message, text) {
    const { tools } = message.result
    const visible = tools.filter((/** @type {any} */ tool) => this.#gate.isVisible(tool.name))
    if (visible.length === tools.length) {
      return { message, text }
    }
    const shorter = { ...message, result: { ...message.result, tools: visible } }
    return { message: shorter, text: stringify(shorter) }
  }

  /** @param {any} message */
  #cleaned(message) {
    const { result, error, params } = message
    if (error !== undefined) {
      const { message: text, data } = error
      const cleaned = { ...error, message: this.#value(text, true) }
      return {
        ...message,
        error: data === undefined ? cleaned : { ...cleaned, data: this.#value(data, true) },
      }
    }
    if (result !== undefined) {
      return { ...message, result: this.result(result) }
    }
    // Of what the server asks or tells by itself only the log is text for reading.
    return message.method === 'notifications/message'
      ? { ...message, params: { ...params, data: this.#value(params.data, false) } }
      : message
  }

  /**
   * Sanitised first: a character that is taken out must not hide a secret.
   *
   * @param {any} value
   * @param {boolean} isError
   */
  #value(value, isError) {
    if (value === undefined) {
      return value
    }
    const sanitized = this.#sanitized(value, isError)
    const text = stringify(sanitized)
    const redacted = this.#gate.redact(text)
    return redacted === text ? sanitized : restored(sanitized, parse(redacted))
  }

  /**
   * @param {any} value
   * @param {boolean} isError
   * @returns {any}
   */
  #sanitized(value, isError) {
    if (typeof value === 'string') {
      const { text } = this.#gate.sanitize(value)
      return isError ? capped(text) : text
    }
    if (typeof value !== 'object' || value === null) {
      return value
    }
    if (typeof value.toJSON === 'function') {
      return this.#sanitized(parse(stringify(value)), isError)
    }
    if (isArray(value)) {
      return value.map((item) => this.#sanitized(item, isError))
    }
    const bytes = hasBytes(value)
    const members = Object.entries(value).map(([name, member]) => {
      return [name, bytes && BYTES.has(name) ? member : this.#sanitized(member, isError)]
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
    return [name, bytes && BYTES.has(name) ? value[name] : restored(value[name], member)]
  })
  return Object.fromEntries(members)
}

module.exports = { Results }
