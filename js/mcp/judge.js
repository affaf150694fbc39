// @ts-check
'use strict'

/** @import { Gate, MessageReader, MessageVerdict, Verdict } from '../../index.js' */

/** Bytes of messages that need no memory of their own. */
const SCRATCH = 1 << 16
const scratch = Buffer.allocUnsafeSlow(SCRATCH)

/** @type {WeakMap<Gate, MessageReader>} */
const readers = new WeakMap()

/**
 * The verdict on a message that was written by `JSON.stringify`, and so is one line of well-formed text: a reader of
 * streams costs less than a report of each message.
 *
 * @param {Gate} gate
 * @param {string} text
 * @returns {Verdict | MessageVerdict} one that refuses is a MessageVerdict
 */
function judged(gate, text) {
  let reader = readers.get(gate)
  if (reader === undefined) {
    reader = gate.messageReader()
    readers.set(gate, reader)
  }
  // A unit takes three bytes at most.
  const fits = text.length * 3 < SCRATCH
  const bytes = fits
    ? scratch.subarray(0, scratch.write(`${text}\n`, 0, 'utf8'))
    : Buffer.from(`${text}\n`, 'utf8')
  const [message] = reader.read(bytes)
  return /** @type {{ verdict: Verdict }} */ (message).verdict
}

module.exports = { judged }
