// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { INSIDE } = require('../inside.js')

const NEWLINE = 0x0a

/**
 * A reader of chunks that come from a stream, whose memory nobody uses again.
 *
 * @param {Gate} gate
 * @returns {any}
 */
function readerOf(gate) {
  return /** @type {any} */ (gate)[INSIDE].messageReader()
}

/** Reads messages, each under the gate that holds when it begins. */
class Reader {
  #reader
  #gate
  /** @type {Gate | undefined} */
  #next
  /** Whether no line is open. */
  #between = true

  /** @param {Gate} gate */
  constructor(gate) {
    this.#gate = gate
    this.#reader = readerOf(gate)
  }

  /**
   * Another gate, from the next line on.
   *
   * @param {Gate} gate
   */
  use(gate) {
    this.#next = gate
  }

  /**
   * Calls with the messages that end in a chunk, with the bytes that their places count in, and with the gate that judged
   * them.
   *
   * @param {Uint8Array} chunk
   * @param {(messages: any[], bytes: Uint8Array, gate: Gate) => void} take
   */
  read(chunk, take) {
    if (chunk.length === 0) {
      return
    }
    if (this.#next !== undefined) {
      const end = this.#between ? 0 : chunk.indexOf(NEWLINE) + 1
      if (this.#between || end > 0) {
        const head = chunk.subarray(0, end)
        if (end > 0) {
          take(this.#reader.read(head), head, this.#gate)
        }
        this.#gate = this.#next
        this.#reader = readerOf(this.#next)
        this.#next = undefined
        this.#between = true
        chunk = chunk.subarray(end)
        if (chunk.length === 0) {
          return
        }
      }
    }
    this.#between = chunk[chunk.length - 1] === NEWLINE
    take(this.#reader.read(chunk), chunk, this.#gate)
  }
}

module.exports = { Reader, readerOf }
