// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { randomUUID } = require('node:crypto')
const { INSIDE } = require('../inside.js')

const { stringify } = JSON
const { isArray } = Array
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

/** Stands for a text; nobody else knows it. */
const MARK = `callgate ${randomUUID()}`
const QUOTED = stringify(MARK)

/** @param {any} value */
function isPlain(value) {
  return typeof value === 'object' && value !== null && typeof value.toJSON !== 'function'
}

/**
 * The JSON of a message around its long texts, and these.
 *
 * @param {any} message
 * @returns {string[]} a piece of JSON, a text, and so on
 */
function piecesOf(message) {
  const result = message?.result
  if (isPlain(result) && typeof message.toJSON !== 'function') {
    const name = isArray(result.content) ? 'content' : 'contents'
    const items = result[name]
    if (isArray(items) && isPlain(items)) {
      const texts = /** @type {string[]} */ ([])
      const short = items.map((item) => {
        if (isPlain(item)) {
          const { text } = item
          if (typeof text === 'string' && text.length >= LONG) {
            texts.push(text)
            return { ...item, text: MARK }
          }
        }
        return item
      })
      if (texts.length > 0 && texts.length * 2 < PIECES) {
        const json = stringify({ ...message, result: { ...result, [name]: short } }).split(QUOTED)
        if (json.length === texts.length + 1) {
          return json.flatMap((piece, index) => (index === 0 ? piece : [texts[index - 1], piece]))
        }
      }
    }
  }
  return [stringify(message)]
}

/** Looks through messages on their way out. */
class Outgoing {
  #look

  /** @param {Gate} gate */
  constructor(gate) {
    this.#look = /** @type {any} */ (gate)[INSIDE].outgoing()
  }

  /**
   * The bytes of a message in which there is nothing to clean, with the end of the line; they are used again by the next
   * one. `undefined` where there is something to clean.
   *
   * @param {any} message
   * @param {number} most characters that it may have
   * @returns {{ bytes: Buffer, length: number } | undefined}
   */
  line(message, most) {
    const pieces = piecesOf(message)
    let length = 0
    for (const piece of pieces) {
      length += piece.length
    }
    if (length > most || !pieces.every((piece) => piece.isWellFormed())) {
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
    for (let index = 0; index < pieces.length; index++) {
      const written = utf8Write.call(from, pieces[index], at)
      table[index + 1] = written
      at += written
    }
    table[0] = pieces.length
    this.#look(from, table, to)
    const written = /** @type {number} */ (table[0])
    return written === 0 ? undefined : { bytes: to, length: written }
  }
}

module.exports = { Outgoing }
