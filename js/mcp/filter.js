// @ts-check
'use strict'

/** @import { TransformCallback } from 'node:stream' */
/** @import { Gate, MessageVerdict } from '../../index.js' */
/** @import { Judged } from './judged.js' */
/** @typedef {InstanceType<typeof import('./guard.js').Guard>} Guard */

const { Transform } = require('node:stream')
const { CALL, PROTOCOL, answerTo, insteadOf } = require('./answers.js')
const { Forward } = require('./forward.js')
const { toldBy } = require('./judged.js')
const { lineOf, withId } = require('./line.js')
const { Reader } = require('./reader.js')
const { judgedFor } = require('./refused.js')
const { Writer } = require('./writer.js')

/** Requests with such an id whose answers are waited for. */
const MAX_WRITTEN = 1024
/** Calls that were passed on and did not reach the guarded server yet. */
const MAX_CALLS = 1024

/** The longest line that the transport of the SDK takes: a longer one would end the connection (bytes). */
const MAX_LINE = 10 * 1024 * 1024

/** Passes on the lines that the gate lets through, and answers the others itself. */
class StdinFilter extends Transform {
  #gate
  #writer
  #maxLine
  #reader
  #modern = false
  #stdout
  /** @type {Map<string | number, string>} ids as they were written, of numbers that JavaScript does not keep */
  #written = new Map()
  /** The number that the last id was passed on as that the SDK does not take. */
  #standIn = Number.MIN_SAFE_INTEGER
  /** @type {Guard | undefined} */
  #guard
  /** @type {Map<unknown, Judged>} who judged a call, by its id */
  #calls = new Map()
  /** Who puts these into the answers: a guarded server, or we in what goes to standard output. */
  #restores = false

  /**
   * @param {Gate} gate
   * @param {{ stdout?: NodeJS.WritableStream, maxLineBytes?: number }} [options]
   */
  constructor(gate, { stdout = process.stdout, maxLineBytes = MAX_LINE } = {}) {
    super()
    this.#gate = gate
    this.#stdout = stdout
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
    this.#guard = guard
    const use = () => this.#reader.use(guard.gate)
    guard.tools.onChange(use)
    use()
    this.#restores = true
    return true
  }

  /**
   * The id of a request as it was written, where JavaScript does not keep it; asked once.
   *
   * @internal
   * @param {any} id
   */
  takeWrittenId(id) {
    const written = this.#written.get(id)
    this.#written.delete(id)
    return written
  }

  /**
   * Who judged the call with an id; asked once.
   *
   * @internal
   * @param {unknown} id
   */
  judgeOf(id) {
    const judge = this.#calls.get(id)
    this.#calls.delete(id)
    return judge
  }

  /**
   * @param {any} message
   * @param {Gate} gate that judged it
   */
  #noteCall({ kind, id, method, verdict }, gate) {
    if (this.#guard === undefined || kind !== 'request' || method !== CALL) {
      return
    }
    this.#calls.set(id, toldBy(gate, verdict))
    if (this.#calls.size > MAX_CALLS) {
      // Of one that is not noted it is not known, so that it is judged again.
      this.#calls.delete(this.#calls.keys().next().value)
    }
  }

  /**
   * Notes the id of a request that JavaScript does not keep as it was written; answers the request with another in its
   * place, where the SDK does not take such a number.
   *
   * @param {any} message
   * @returns {string | undefined}
   */
  #renamed({ kind, id, writtenId, text }) {
    if (writtenId === undefined || kind !== 'request') {
      return undefined
    }
    const isTaken = Number.isSafeInteger(id)
    const passed = isTaken ? id : this.#standIn++
    this.#written.set(passed, writtenId)
    if (this.#written.size > MAX_WRITTEN) {
      this.#written.delete(/** @type {any} */ (this.#written.keys().next().value))
    }
    if (!this.#restores) {
      this.#restores = true
      this.#restoreIn(this.#stdout)
    }
    return isTaken ? undefined : `${withId(text, String(passed))}\n`
  }

  /**
   * Puts the ids of requests into the answers that the SDK's transport writes.
   *
   * @param {any} stdout
   */
  #restoreIn(stdout) {
    const { write } = stdout
    stdout.write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) =>
      write.call(stdout, this.#written.size === 0 ? chunk : this.#restored(chunk), ...rest)
  }

  /** @param {any} chunk of whole lines: the transport writes a message at a time */
  #restored(chunk) {
    let changed = false
    const lines = Buffer.from(chunk)
      .toString('utf8')
      .split('\n')
      .map((line) => {
        const written = this.takeWrittenId(answeredBy(line))
        changed ||= written !== undefined
        return withId(line, written)
      })
    return changed ? lines.join('\n') : chunk
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _
   * @param {TransformCallback} done
   */
  _transform(chunk, _, done) {
    try {
      this.#guard?.folder.follow()
      this.#reader.read(chunk, (messages, bytes, gate) => this.#pass(messages, bytes, gate))
    } catch (error) {
      done(/** @type {Error} */ (error))
      return
    }
    done()
  }

  /**
   * @param {any[]} messages
   * @param {Uint8Array} bytes
   * @param {Gate} gate that judged them
   */
  #pass(messages, bytes, gate) {
    const forward = new Forward(bytes, (piece) => this.push(piece))
    for (const message of messages) {
      const { verdict } = message
      if (verdict.action === 'deny') {
        const modern = Buffer.from(bytes.subarray(message.start, message.end)).includes(PROTOCOL)
        this.#refuse(verdict, modern, forward)
      } else if (sizeOf(message) >= this.#maxLine) {
        this.#refuseLong(message, forward)
      } else {
        const renamed = this.#renamed(message)
        if (renamed === undefined) {
          this.#noteCall(message, gate)
          forward.add(message)
        } else {
          // Who reads it knows it by another id, and judges it again.
          forward.text(renamed)
        }
        this.#modern ||= message.isModern
      }
    }
    forward.flush()
  }

  /**
   * @param {MessageVerdict} verdict
   * @param {boolean} modern whether the message says that it is of a protocol whose results have a type
   * @param {InstanceType<typeof Forward>} forward
   */
  #refuse(verdict, modern, forward) {
    const answer = answerTo(verdict, this.#modern || modern)
    if (answer !== undefined) {
      this.#writer.write(lineOf(answer, verdict.writtenId))
    }
    const instead = insteadOf(verdict)
    if (instead !== undefined) {
      forward.text(`${lineOf(instead, verdict.writtenId)}\n`)
    }
  }

  /**
   * @param {any} message
   * @param {InstanceType<typeof Forward>} forward
   */
  #refuseLong(message, forward) {
    const what = 'a longer line than the transport takes'
    const verdict = judgedFor(this.#gate, message, 'limit.bytes', '', what, 'deny')
    this.#refuse(verdict, message.isModern, forward)
  }
}

/**
 * The id of the request that a line answers, if it does.
 *
 * @param {string} line
 */
function answeredBy(line) {
  try {
    const { id, method } = JSON.parse(line)
    return method === undefined ? id : undefined
  } catch {
    return undefined
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
