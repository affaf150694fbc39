// @ts-check
'use strict'

/** @import { TransformCallback } from 'node:stream' */
/** @import { Gate, MessageVerdict } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./guard.js').Guard>} Guard */

const { Transform } = require('node:stream')
const { PARSE_ERROR, PROTOCOL, answerTo, errorAnswer, insteadOf } = require('./answers.js')
const { Reader } = require('./reader.js')
const { Writer } = require('./writer.js')

/** The longest line that the transport of the SDK takes: a longer one would end the connection (bytes). */
const MAX_LINE = 10 * 1024 * 1024

/** Passes on the lines that the gate lets through, and answers the others itself. */
class StdinFilter extends Transform {
  #gate
  #writer
  #maxLine
  #reader
  #modern = false

  /**
   * @param {Gate} gate
   * @param {{ stdout?: NodeJS.WritableStream, maxLineBytes?: number }} [options]
   */
  constructor(gate, { stdout = process.stdout, maxLineBytes = MAX_LINE } = {}) {
    super()
    this.#gate = gate
    this.#writer = new Writer(stdout)
    this.#maxLine = maxLineBytes
    this.#reader = new Reader(gate)
  }

  /**
   * Takes over the gate of a guarded server, which knows its tools.
   *
   * @internal
   * @param {Gate} gate
   * @param {Guard} guard
   */
  adopt(gate, guard) {
    if (gate !== this.#gate) {
      return false
    }
    const use = () => this.#reader.use(guard.gate)
    guard.tools.onChange(use)
    use()
    return true
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _
   * @param {TransformCallback} done
   */
  _transform(chunk, _, done) {
    try {
      this.#reader.read(chunk, (messages, bytes) => this.#pass(messages, bytes))
    } catch (error) {
      done(/** @type {Error} */ (error))
      return
    }
    done()
  }

  /**
   * @param {any[]} messages
   * @param {Uint8Array} bytes
   */
  #pass(messages, bytes) {
    // Lines in a row are passed on as one piece of the chunk.
    let start = -1
    let end = -1
    const flush = () => {
      if (start !== -1) {
        this.push(bytes.subarray(start, end))
        start = -1
      }
    }
    for (const message of messages) {
      const { verdict } = message
      if (verdict.action === 'deny') {
        flush()
        this.#refuse(verdict, bytes.subarray(message.start, message.end))
      } else if (message.text === undefined || Buffer.byteLength(message.text) >= this.#maxLine) {
        flush()
        this.#refuseLong(message)
      } else if (message.end === 0) {
        flush()
        this.push(`${message.text}\n`)
      } else {
        start = start === -1 ? message.start : start
        // Behind the line lies its newline: what is passed on ends with one.
        end = bytes.indexOf(0x0a, message.end) + 1
        this.#modern ||= !this.#modern && message.text.includes(PROTOCOL)
      }
    }
    flush()
  }

  /**
   * @param {MessageVerdict} verdict
   * @param {Uint8Array} line
   */
  #refuse(verdict, line) {
    const modern = this.#modern || Buffer.from(line).includes(PROTOCOL)
    const answer = answerTo(verdict, modern)
    if (answer !== undefined) {
      this.#writer.write(JSON.stringify(answer))
    }
    const instead = insteadOf(verdict)
    if (instead !== undefined) {
      this.push(`${JSON.stringify(instead)}\n`)
    }
  }

  /** @param {any} message */
  #refuseLong({ kind, id, text }) {
    if (kind === 'request' || text === undefined) {
      const rule = 'limit.bytes'
      const answer =
        text === undefined
          ? errorAnswer(id, PARSE_ERROR, 'not a message')
          : errorAnswer(id, -32011, 'a longer line than the transport takes (limit.bytes)', {
              rule,
              pointer: '',
            })
      this.#writer.write(JSON.stringify(answer))
    }
  }
}

/**
 * @param {Gate} gate
 * @param {{ stdout?: NodeJS.WritableStream, maxLineBytes?: number }} [options]
 */
function stdinFilter(gate, options) {
  return new StdinFilter(gate, options)
}

module.exports = { StdinFilter, stdinFilter }
