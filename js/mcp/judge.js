// @ts-check
'use strict'

/** @import { Gate, MessageVerdict, Verdict } from '../../index.js' */

const { readerOf } = require('./reader.js')

/** Bytes of messages that need no memory of their own. */
const SCRATCH = 1 << 16
const scratch = Buffer.allocUnsafeSlow(SCRATCH)
const { utf8Write } = /** @type {any} */ (Buffer.prototype)

/** @type {WeakMap<Gate, any>} */
const readers = new WeakMap()

/**
 * The verdict on a message that was written by `JSON.stringify`, and so is well-formed: a reader of streams costs
 * less than a report of each message.
 *
 * @param {Gate} gate
 * @param {string} text
 * @returns {Verdict | MessageVerdict} one that refuses is a MessageVerdict
 */
function judged(gate, text) {
  let reader = readers.get(gate)
  if (reader === undefined) {
    reader = readerOf(gate)
    readers.set(gate, reader)
  }
  // A unit takes three bytes at most.
  if (text.length * 3 <= SCRATCH) {
    return reader.verdictOn(scratch, utf8Write.call(scratch, text, 0))
  }
  const bytes = Buffer.from(text, 'utf8')
  return reader.verdictOn(bytes, bytes.length)
}

module.exports = { judged }
