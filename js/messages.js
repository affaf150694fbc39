// @ts-check
'use strict'

/** @import { GateHandle } from '../binding.js' */
/** @import { MessageKind, MessageVerdict, Verdict } from '../index.js' */
/** @typedef {InstanceType<typeof import('./verdicts.js').Verdicts>} Verdicts */

const { isView, stableBytes } = require('./bytes.js')
const { inputError, translated } = require('./error.js')
const { binding } = require('./loader.js')
const { ALLOWED } = require('./verdict.js')

const { freeze } = Object
const { parse } = JSON
const { utf8Slice, latin1Slice } = /** @type {any} */ (Buffer.prototype)

/** The layout of a table and the bits of its rows are those of src/node/messages.rs. */
const HEAD = 2
const ROW = 3
const TABLE = HEAD + 512 * ROW
/** @type {readonly MessageKind[]} */
const KINDS = freeze(['request', 'notification', 'response', 'batch', 'invalid'])
const KIND = 7
const REPORTED = 8
const DENIED = 16
const HELD = 32
const ASCII = 64

/** Written and read within one call; a native call runs no JavaScript. */
const table = new Uint32Array(TABLE)

/**
 * @param {any} report
 * @returns {MessageVerdict}
 */
function messageVerdictOf(report) {
  report.findings.forEach(freeze)
  freeze(report.findings)
  return freeze(report)
}

/** A value that was not read yet. */
const UNREAD = Symbol('unread')

/** A message of a stream. */
class ReadMessage {
  /** @type {any} */
  #value = UNREAD

  /**
   * @param {MessageKind} kind
   * @param {Verdict | MessageVerdict} verdict
   * @param {string | undefined} text
   * @param {number} start
   * @param {number} end
   */
  constructor(kind, verdict, text, start, end) {
    this.kind = kind
    this.verdict = verdict
    this.text = text
    this.start = start
    this.end = end
  }

  get value() {
    if (this.#value === UNREAD) {
      this.#value = undefined
      if (this.text !== undefined) {
        try {
          this.#value = parse(this.text)
        } catch {
          // In observe mode what is no JSON is only reported.
        }
      }
    }
    return this.#value
  }

  get id() {
    const { verdict } = this
    return 'kind' in verdict ? verdict.id : (this.value.id ?? null)
  }

  get method() {
    const { verdict } = this
    return 'kind' in verdict ? verdict.method : this.value.method
  }

  get tool() {
    const { verdict } = this
    if ('kind' in verdict) {
      return verdict.tool
    }
    const { method, params } = this.value
    return method === 'tools/call' ? params.name : undefined
  }
}

class MessageReader {
  #handle
  #read
  #verdicts

  /**
   * @param {GateHandle} gate
   * @param {Verdicts} verdicts
   */
  constructor(gate, verdicts) {
    this.#handle = binding.readerNew(gate)
    this.#read = binding.readerFunction(this.#handle)
    this.#verdicts = verdicts
  }

  /**
   * @param {Uint8Array} chunk
   * @returns {ReadMessage[]}
   */
  read(chunk) {
    if (!isView(chunk)) {
      throw inputError('expected a Uint8Array')
    }
    const bytes = stableBytes(chunk)
    /** @type {ReadMessage[]} */
    const messages = []
    try {
      let from = 0
      do {
        const reports = this.#read(bytes, from, table)
        from = /** @type {number} */ (table[1])
        this.#add(messages, bytes, reports)
      } while (from < bytes.length)
    } catch (thrown) {
      throw translated(thrown)
    }
    return messages
  }

  /**
   * Adds the messages of the table.
   *
   * @param {ReadMessage[]} messages
   * @param {Uint8Array} bytes
   * @param {string | undefined} reports
   */
  #add(messages, bytes, reports) {
    const verdicts = reports === undefined ? undefined : parse(reports)
    const end = HEAD + /** @type {number} */ (table[0]) * ROW
    let reported = 0
    for (let row = HEAD; row < end; row += ROW) {
      const what = /** @type {number} */ (table[row + 2])
      const kind = /** @type {MessageKind} */ (KINDS[what & KIND])
      const start = /** @type {number} */ (table[row])
      const stop = /** @type {number} */ (table[row + 1])
      const verdict = what & REPORTED ? messageVerdictOf(verdicts[reported++]) : ALLOWED
      let text
      if (what & HELD) {
        text = binding.readerHeld(this.#handle)
      } else if (!(what & DENIED)) {
        text = what & ASCII ? latin1Slice.call(bytes, start, stop) : utf8Slice.call(bytes, start, stop)
      }
      messages.push(new ReadMessage(kind, verdict, text, start, stop))
    }
    if (verdicts !== undefined) {
      for (const verdict of verdicts) {
        this.#verdicts.tell('message', verdict.tool, verdict)
      }
    }
  }
}

/**
 * @param {GateHandle} gate
 * @param {Verdicts} verdicts
 * @returns {MessageReader}
 */
function readerOf(gate, verdicts) {
  try {
    return new MessageReader(gate, verdicts)
  } catch (thrown) {
    throw translated(thrown)
  }
}

module.exports = { messageVerdictOf, readerOf }
