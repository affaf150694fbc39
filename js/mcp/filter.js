// @ts-check
'use strict'

/** @import { TransformCallback } from 'node:stream' */
/** @import { Gate, MessageVerdict } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./guard.js').Guard>} Guard */

const { Transform } = require('node:stream')
const { PROTOCOL, answerTo, insteadOf, refusedFor } = require('./answers.js')
const { Forward } = require('./forward.js')
const { lineOf } = require('./line.js')
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
    const forward = new Forward(bytes, (piece) => this.push(piece))
    for (const message of messages) {
      const { verdict } = message
      if (verdict.action === 'deny') {
        this.#refuse(verdict, bytes.subarray(message.start, message.end), forward)
      } else if (sizeOf(message) >= this.#maxLine) {
        this.#refuseLong(message)
      } else {
        forward.add(message)
        this.#modern ||= message.isModern
      }
    }
    forward.flush()
  }

  /**
   * @param {MessageVerdict} verdict
   * @param {Uint8Array} line
   * @param {InstanceType<typeof Forward>} forward
   */
  #refuse(verdict, line, forward) {
    const modern = this.#modern || Buffer.from(line).includes(PROTOCOL)
    const answer = answerTo(verdict, modern)
    if (answer !== undefined) {
      this.#writer.write(lineOf(answer, verdict.writtenId))
    }
    const instead = insteadOf(verdict)
    if (instead !== undefined) {
      forward.text(`${lineOf(instead, verdict.writtenId)}\n`)
    }
  }

  /** @param {any} message */
  #refuseLong(message) {
    if (message.kind === 'request') {
      const verdict = refusedFor(message, 'limit.bytes', 'a longer line than the transport takes')
      this.#writer.write(lineOf(answerTo(verdict, false), message.writtenId))
    }
  }
}

/**
 * Bytes of a message that was not refused.
 *
 * @param {any} message
 */
function sizeOf(message) {
  return message.end === 0 ? Buffer.byteLength(message.text) : message.end - message.start
}

/**
 * @param {Gate} gate
 * @param {{ stdout?: NodeJS.WritableStream, maxLineBytes?: number }} [options]
 */
function stdinFilter(gate, options) {
  return new StdinFilter(gate, options)
}

module.exports = { StdinFilter, stdinFilter }
