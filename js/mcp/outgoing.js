// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { randomUUID } = require('node:crypto')
const { translated } = require('../error.js')
const { INSIDE } = require('../inside.js')

const { stringify } = JSON
const { isArray } = Array
/** Own and enumerable. */
const { propertyIsEnumerable: isOwn } = Object.prototype
const { allocUnsafeSlow, byteLength } = Buffer
const { utf8Write } = /** @type {any} */ (Buffer.prototype)

/** Memory that all messages share (bytes). */
const KEPT = 1 << 17
const source = allocUnsafeSlow(KEPT)
const out = allocUnsafeSlow(KEPT)
/** As src/node/outgoing.rs has it. */
const PIECES = 63
const table = new Uint32Array(PIECES + 1)

/**
 * Texts from here on are written by the native library: `JSON.stringify` takes longer for them than all else does
 * (characters).
 */
const LONG = 256

/** @typedef {{ text: string } | { text: undefined, bytes: Buffer, length: number }} Line */

/** Stands for a text; nobody else knows it. */
const MARK = `callgate ${randomUUID()}`
const QUOTED = stringify(MARK)

/** @param {any} value */
function isPlain(value) {
  return typeof value === 'object' && value !== null && typeof value.toJSON !== 'function'
}

/**
 * Whether `JSON.stringify` writes a member of an object as it is.
 *
 * @param {any} object
 * @param {string} name
 */
function writes(object, name) {
  return isPlain(object) && isOwn.call(object, name)
}

/**
 * The text of an item where it is a long one; read once, as another read may answer another.
 *
 * @param {any} item of a result's content
 * @returns {string | undefined}
 */
function longText(item) {
  const text = writes(item, 'text') ? item.text : undefined
  return typeof text === 'string' && text.length >= LONG ? text : undefined
}

/**
 * The JSON of a message around its long texts, and these: a piece of JSON, a text, a piece of JSON, and so on.
 *
 * @param {any} message
 * @returns {string[] | undefined} none where it has no such texts
 */
function piecesOf(message) {
  if (!writes(message, 'result')) {
    return undefined
  }
  const { result } = message
  const name = isArray(result?.content) ? 'content' : 'contents'
  const items = writes(result, name) ? result[name] : undefined
  if (!isArray(items) || !isPlain(items)) {
    return undefined
  }
  const texts = /** @type {string[]} */ ([])
  const short = items.map((item) => {
    const text = longText(item)
    if (text === undefined) {
      return item
    }
    texts.push(text)
    return { ...item, text: MARK }
  })
  if (texts.length === 0) {
    return undefined
  }
  const json = stringify({ ...message, result: { ...result, [name]: short } }).split(QUOTED)
  if (json.length !== texts.length + 1 || json.length + texts.length > PIECES) {
    return undefined
  }
  return json.flatMap((piece, index) =>
    index === 0 ? piece : [/** @type {string} */ (texts[index - 1]), piece],
  )
}

/** Looks through messages on their way out. */
class Outgoing {
  #look

  /** @param {Gate} gate */
  constructor(gate) {
    this.#look = /** @type {any} */ (gate)[INSIDE].outgoing()
  }

  /**
   * The JSON of a message in which there is nothing to clean, as text, or as bytes with the end of the line, which are
   * used again by the next one. `undefined` where there is something to clean.
   *
   * @param {any} message
   * @param {number} most characters that it may have
   * @param {string} [given] its JSON, where that is there already
   * @returns {Line | undefined}
   */
  line(message, most, given) {
    if (given !== undefined) {
      return this.#short(given, most)
    }
    const pieces = piecesOf(message)
    return pieces === undefined ? this.#short(stringify(message), most) : this.#long(pieces, most)
  }

  /**
   * @param {string} text which is well-formed
   * @param {number} most
   */
  #short(text, most) {
    if (text.length > most) {
      return undefined
    }
    // A unit of UTF-16 takes three bytes at most.
    const from = text.length * 3 <= KEPT ? source : allocUnsafeSlow(byteLength(text))
    const length = utf8Write.call(from, text, 0)
    try {
      const seen = this.#look(from, length)
      return seen === '' ? undefined : { text: seen ?? text }
    } catch (thrown) {
      throw translated(thrown)
    }
  }

  /**
   * @param {string[]} pieces
   * @param {number} most
   */
  #long(pieces, most) {
    let length = 0
    for (const piece of pieces) {
      if (!piece.isWellFormed()) {
        return undefined
      }
      length += piece.length
    }
    if (length > most) {
      return undefined
    }
    let from = source
    let to = out
    if (length * 3 > KEPT) {
      const size = pieces.reduce((sum, piece) => sum + byteLength(piece), 0)
      from = size > KEPT ? allocUnsafeSlow(size) : source
      // Most texts take hardly more than they have.
      to = size * 2 > KEPT ? allocUnsafeSlow(size * 2) : out
    }
    let at = 0
    let index = 1
    for (const piece of pieces) {
      const written = utf8Write.call(from, piece, at)
      table[index++] = written
      at += written
    }
    table[0] = pieces.length
    try {
      this.#look(from, table, to)
    } catch (thrown) {
      throw translated(thrown)
    }
    const written = /** @type {number} */ (table[0])
    return written === 0 ? undefined : { text: undefined, bytes: to, length: written }
  }
}

module.exports = { Outgoing }
