// @ts-check
'use strict'

/** @import { GateHandle } from '../binding.js' */
/** @import { MessageKind, MessageVerdict, Verdict } from '../index.js' */
/** @typedef {InstanceType<typeof import('./verdicts.js').Verdicts>} Verdicts */

const { isView, lengthOf, stableBytes } = require('./bytes.js')
const { inputError, translated } = require('./error.js')
const { binding } = require('./loader.js')
const { ALLOWED } = require('./verdict.js')

const { freeze } = Object
const { parse } = JSON
const { utf8Slice, latin1Slice } = /** @type {any} */ (Buffer.prototype)

/** The layout of a table and the bits of its rows are those of src/node/messages.rs. */
const HEAD = 2
const ROW = 8
const TABLE = HEAD + 512 * ROW
/** @type {readonly MessageKind[]} */
const KINDS = freeze(['request', 'notification', 'response', 'batch', 'invalid'])
const KIND = 7
const REPORTED = 8
const DENIED = 16
const HELD = 32
const ASCII = 64
const MODERN = 128
const ID_NUMBER = 256
const ID_TEXT = 512
const NO_ID = 1024
const ASKS = 2048
const RETURN = 4096
const METHODS = freeze([
  'tools/call',
  'tools/list',
  'ping',
  'resources/read',
  'resources/list',
  'prompts/get',
  'prompts/list',
  'completion/complete',
  'notifications/initialized',
  'notifications/progress',
  'notifications/message',
  'notifications/cancelled',
])

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

/** A text or value that was not read yet. */
const UNREAD = Symbol('unread')

/** A message of a stream. */
class ReadMessage {
  /** @type {any} */
  #value = UNREAD
  /** @type {any} */
  #text = UNREAD
  /** @type {Uint8Array | undefined} the chunk, where what is asked for is read from it */
  #bytes
  #what
  #low
  #high
  #method
  #tool
  #toolLength
  /** @type {Buffer | undefined} */
  #line

  /**
   * @param {Verdict | MessageVerdict} verdict
   * @param {number} row of the message in the table
   * @param {Uint8Array | undefined} bytes
   */
  constructor(verdict, row, bytes) {
    const what = /** @type {number} */ (table[row + 2])
    this.kind = /** @type {MessageKind} */ (KINDS[what & KIND])
    this.verdict = verdict
    this.start = /** @type {number} */ (table[row])
    this.end = /** @type {number} */ (table[row + 1])
    this.#what = what
    this.#low = /** @type {number} */ (table[row + 3])
    this.#high = /** @type {number} */ (table[row + 4])
    this.#method = /** @type {number} */ (table[row + 5])
    this.#tool = /** @type {number} */ (table[row + 6])
    this.#toolLength = /** @type {number} */ (table[row + 7])
    this.#bytes = bytes
  }

  /**
   * @internal
   * @param {Buffer} line which does not lie in the chunk
   */
  holds(line) {
    this.#line = line
  }

  /** What is passed on, with its end; only where it does not lie in the chunk. */
  get line() {
    return this.#line
  }

  /** Takes what it needs of the chunk, which may change. */
  copies() {
    this.#text = this.text
    this.#bytes = undefined
  }

  get text() {
    if (this.#text === UNREAD) {
      this.#text = undefined
      const line = this.#line
      if (line !== undefined) {
        this.#text = utf8Slice.call(line, 0, line.length - (this.#what & RETURN ? 2 : 1))
      } else if (!(this.#what & DENIED)) {
        const slice = this.#what & ASCII ? latin1Slice : utf8Slice
        this.#text = slice.call(this.#bytes, this.start, this.end)
      }
    }
    return this.#text
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
    if ('kind' in verdict) {
      return verdict.id
    }
    const what = this.#what
    if (what & ID_NUMBER) {
      // Two halves of an integer within 2^53-1.
      return (this.#high | 0) * 0x1_0000_0000 + this.#low
    }
    if (what & ID_TEXT && this.#bytes !== undefined) {
      return latin1Slice.call(this.#bytes, this.#low, this.#low + this.#high)
    }
    return what & NO_ID && this.kind !== 'invalid' ? null : (this.value.id ?? null)
  }

  /** The id as it is written, where it is a number that JavaScript does not keep. */
  get writtenId() {
    const { verdict } = this
    return 'kind' in verdict ? verdict.writtenId : undefined
  }

  get method() {
    const { verdict } = this
    if ('kind' in verdict) {
      return verdict.method
    }
    if (this.kind === 'response') {
      return undefined
    }
    return this.#method > 0 ? METHODS[this.#method - 1] : this.value.method
  }

  get tool() {
    const { verdict } = this
    if ('kind' in verdict) {
      return verdict.tool
    }
    if (this.#toolLength > 0 && this.#bytes !== undefined) {
      return latin1Slice.call(this.#bytes, this.#tool, this.#tool + this.#toolLength)
    }
    const { method } = this
    return method === 'tools/call' ? this.value.params.name : undefined
  }

  /** Whether it says itself which protocol it speaks. */
  get isModern() {
    return (this.#what & MODERN) !== 0
  }

  /** Whether it is an answer that may ask for something in turn: an error, or a result with such a member. */
  get asks() {
    return (this.#what & ASKS) !== 0
  }
}

class MessageReader {
  #handle
  #read
  #verdicts
  #keeps

  /**
   * @param {GateHandle} gate
   * @param {Verdicts} verdicts
   * @param {boolean} keeps whether chunks are left as they are by all who can reach them
   */
  constructor(gate, verdicts, keeps) {
    this.#keeps = keeps
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
    const start = this.#verdicts.clock()
    const length = lengthOf(bytes)
    /** @type {ReadMessage[]} */
    const messages = []
    try {
      let from = 0
      do {
        const reports = this.#read(bytes, from, table)
        from = /** @type {number} */ (table[1])
        this.#add(messages, bytes, reports, start)
      } while (from < length)
    } catch (thrown) {
      throw translated(thrown)
    }
    return messages
  }

  /**
   * The verdict on a message that is no part of a stream: the first bytes of memory that is used again.
   *
   * @param {Uint8Array} bytes
   * @param {number} length
   * @returns {Verdict | MessageVerdict}
   */
  verdictOn(bytes, length) {
    const start = this.#verdicts.clock()
    let report
    try {
      report = this.#read(bytes, length)
    } catch (thrown) {
      throw translated(thrown)
    }
    if (report === undefined) {
      return ALLOWED
    }
    const verdict = messageVerdictOf(parse(report))
    return this.#verdicts.tell('message', verdict.tool, verdict, start, { id: verdict.id })
  }

  /**
   * Adds the messages of the table.
   *
   * @param {ReadMessage[]} messages
   * @param {Uint8Array} bytes
   * @param {string | undefined} reports
   * @param {number} start
   */
  #add(messages, bytes, reports, start) {
    const verdicts = reports === undefined ? undefined : parse(reports)
    const end = HEAD + /** @type {number} */ (table[0]) * ROW
    let reported = 0
    for (let row = HEAD; row < end; row += ROW) {
      const what = /** @type {number} */ (table[row + 2])
      const verdict = what & REPORTED ? messageVerdictOf(verdicts[reported++]) : ALLOWED
      const message = new ReadMessage(verdict, row, bytes)
      if (what & HELD) {
        message.holds(binding.readerHeld(this.#handle))
      } else if (!this.#keeps) {
        message.copies()
      }
      messages.push(message)
    }
    if (verdicts !== undefined) {
      for (const verdict of verdicts) {
        this.#verdicts.tell('message', verdict.tool, verdict, start, { id: verdict.id })
      }
    }
  }
}

/**
 * @param {GateHandle} gate
 * @param {Verdicts} verdicts
 * @param {boolean} [keeps] whether chunks are left as they are by all who can reach them
 * @returns {MessageReader}
 */
function readerOf(gate, verdicts, keeps = false) {
  try {
    return new MessageReader(gate, verdicts, keeps)
  } catch (thrown) {
    throw translated(thrown)
  }
}

module.exports = { messageVerdictOf, readerOf }
