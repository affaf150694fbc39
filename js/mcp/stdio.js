// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./guard.js').Guard>} Guard */

const {
  CALL,
  INTERNAL_ERROR,
  PARSE_ERROR,
  PROTOCOL,
  answerTo,
  errorAnswer,
  idInUse,
  insteadOf,
  isModern,
  notListed,
} = require('./answers.js')
const { InFlight } = require('./inflight.js')
const { INSIDE } = require('../inside.js')
const { noteJudge, toldBy } = require('./judged.js')
const { lineOf, withId } = require('./line.js')
const { Reader } = require('./reader.js')
const { refusesId } = require('./refused.js')
const { Results, isNotification, textOf } = require('./results.js')
const { Writer } = require('./writer.js')

class GuardedStdioServerTransport {
  /** @type {(() => void) | undefined} */
  onclose
  /** @type {((error: Error) => void) | undefined} */
  onerror
  /** @type {((message: any, extra?: any) => void) | undefined} */
  onmessage

  #gate
  #stdin
  #stdout
  #reader
  #results
  #inFlight = new InFlight()
  /** @type {Guard | undefined} */
  #guard
  #isBehind = false
  #modern = false
  /** @type {'new' | 'open' | 'closed'} */
  #state = 'new'
  #writer

  /**
   * @param {Gate} gate
   * @param {{ stdin?: NodeJS.ReadableStream, stdout?: NodeJS.WritableStream }} [options]
   */
  constructor(gate, { stdin = process.stdin, stdout = process.stdout } = {}) {
    this.#gate = gate
    this.#stdin = stdin
    this.#stdout = stdout
    // Nothing more is read until the client reads.
    this.#writer = new Writer(stdout, (blocked) => {
      if (this.#state === 'open') {
        blocked ? stdin.pause() : stdin.resume()
      }
    })
    this.#reader = new Reader(gate)
    this.#results = new Results(gate)
  }

  async start() {
    if (this.#state !== 'new') {
      throw new Error('the transport was started already; connect() starts it')
    }
    this.#state = 'open'
    this.#stdin.on('data', this.#onData)
    this.#stdin.on('end', this.#onEnd)
    this.#stdin.on('close', this.#onEnd)
    this.#stdin.on('error', this.#onError)
    this.#stdout.on('error', this.#onBroken)
  }

  /**
   * @param {any} message
   * @returns {Promise<void>}
   */
  send(message) {
    if (this.#state === 'closed') {
      return Promise.reject(new Error('the transport is closed'))
    }
    const writtenId = this.#inFlight.writtenIdOf(message)
    let clean
    try {
      const tool = this.#inFlight.toolOf(message)
      const method = this.#inFlight.answered(message)
      clean = this.#results.clean(message, method, undefined, this.#guard?.asked(tool) ?? { tool })
    } catch (error) {
      if (isNotification(message)) {
        this.onerror?.(/** @type {Error} */ (error))
        return Promise.resolve()
      }
      return Promise.reject(error)
    }
    return writtenId === undefined
      ? this.#writer.writeClean(clean)
      : this.#writer.write(withId(textOf(clean), writtenId))
  }

  async close() {
    if (this.#state === 'closed') {
      return
    }
    this.#writer.flush()
    this.#state = 'closed'
    this.#stdin.off('data', this.#onData)
    this.#stdin.off('end', this.#onEnd)
    this.#stdin.off('close', this.#onEnd)
    this.#stdin.off('error', this.#onError)
    if (this.#stdin.listenerCount('data') === 0) {
      this.#stdin.pause()
    }
    this.#inFlight.clear()
    this.#writer.release()
    this.onclose?.()
  }

  /**
   * Takes over the gate of a guarded server, which knows its tools.
   *
   * @internal
   * @param {Gate} gate
   * @param {Guard} guard
   * @param {boolean} [isBehind] whether messages reach the server by a channel, on which it looks at them again
   * @returns {boolean} whether both have the same policy, so that the server need not judge again
   */
  adopt(gate, guard, isBehind = false) {
    if (gate !== this.#gate) {
      return false
    }
    this.#guard = guard
    this.#isBehind = isBehind
    const use = () => {
      this.#reader.use(guard.gate)
      this.#results = new Results(guard.gate)
    }
    guard.tools.onChange(use)
    use()
    return true
  }

  #onData = (/** @type {Buffer} */ chunk) => {
    try {
      this.#guard?.folder.follow()
      this.#reader.read(chunk, (messages, bytes, gate) => {
        // All is read before the first handler runs: it may know who writes to this memory.
        const values = messages.map(({ value }) => value)
        for (const [index, message] of messages.entries()) {
          this.#take(message, values[index], bytes, gate)
        }
      })
    } catch (error) {
      // The gate was closed, or failed: nothing more can be judged.
      this.onerror?.(/** @type {Error} */ (error))
      this.#ends()
    }
  }

  // What was asked before the end of the input is still answered.
  #onEnd = () => this.#inFlight.whenIdle(() => process.nextTick(() => this.#ends()))

  #onError = (/** @type {Error} */ error) => this.onerror?.(error)

  #onBroken = (/** @type {Error} */ error) => {
    if (this.#state === 'open') {
      this.onerror?.(error)
      this.#ends()
    }
  }

  /** Closes where nobody waits for it: what a handler of `onclose` throws is told as any other error. */
  #ends() {
    this.close().catch((error) => this.onerror?.(error))
  }

  /**
   * @param {any} message
   * @param {any} value
   * @param {Uint8Array} bytes
   * @param {Gate} gate that judged it
   */
  #take(message, value, bytes, gate) {
    if (this.#state !== 'open') {
      return
    }
    const { verdict } = message
    if (verdict.action === 'deny') {
      const modern =
        this.#modern ||
        Buffer.from(bytes.buffer, bytes.byteOffset + message.start, message.end - message.start).includes(
          PROTOCOL,
        )
      this.#reply(answerTo(verdict, modern), verdict.writtenId)
      const instead = insteadOf(verdict)
      if (instead !== undefined) {
        this.#deliver(instead)
      }
      return
    }
    if (typeof value !== 'object' || value === null) {
      // Only where the policy observes.
      this.#reply(errorAnswer(null, PARSE_ERROR, 'not a message'))
      return
    }
    this.#modern ||= isModern(value)
    const { writtenId } = message
    if (!this.#inFlight.enters(value, writtenId) && refusesId(this.#gate, value)) {
      this.#reply(idInUse(value.id), writtenId)
    } else if (message.kind === 'request' && message.method === CALL) {
      this.#call(message, value, gate)
    } else {
      this.#deliver(value)
    }
  }

  /**
   * Hands a call on by what is known of its tool: where that is not known, the server is asked for it first, and where the
   * call was judged by another gate, it is judged again.
   *
   * @param {any} message
   * @param {any} value
   * @param {Gate} gate that judged it
   */
  #call(message, value, gate) {
    const guard = this.#guard
    const { name } = value.params ?? {}
    if (guard === undefined || this.#isBehind || typeof name !== 'string') {
      // A guarded server behind this one judges again what was judged by another gate.
      noteJudge(value, gate, message.verdict)
      this.#deliver(value)
    } else if (guard.tools.knows(name)) {
      this.#judgedCall(message, value, gate)
    } else {
      const token = this.#inFlight.hold(value.id)
      guard.asks(value, undefined).then(
        (isKnown) => {
          // One that was cancelled is over.
          if (this.#state === 'open' && this.#inFlight.release(value.id, token)) {
            this.#answered(message, value, isKnown, gate)
          }
        },
        (error) => this.onerror?.(error),
      )
    }
  }

  /**
   * The server was asked what the tool of a call is.
   *
   * @param {any} message
   * @param {any} value
   * @param {boolean} isKnown
   * @param {Gate} gate that judged it
   */
  #answered(message, value, isKnown, gate) {
    const { id } = value
    if (isKnown) {
      this.#judgedCall(message, value, gate)
      return
    }
    this.#replyInstead(id, notListed(id))
  }

  /**
   * @param {any} message
   * @param {any} value
   * @param {Gate} gate that judged it
   */
  #judgedCall(message, value, gate) {
    const guard = /** @type {Guard} */ (this.#guard)
    const now = guard.tools.gateFor(value.params.name)
    if (now === gate) {
      this.#deliver(value)
      return
    }
    let verdict
    try {
      const inside = /** @type {any} */ (now)[INSIDE]
      const context = { told: toldBy(gate, message.verdict).told }
      verdict = inside.within(context, () => now.auditMessage(JSON.stringify(value)))
    } catch (error) {
      this.onerror?.(/** @type {Error} */ (error))
      this.#replyInstead(value.id, errorAnswer(value.id, INTERNAL_ERROR, 'the message could not be judged'))
      return
    }
    if (verdict.action === 'deny') {
      this.#replyInstead(value.id, answerTo(verdict, this.#modern))
    } else {
      this.#deliver(value)
    }
  }

  /**
   * Answers a request that was noted, in the place of the server.
   *
   * @param {string | number} id
   * @param {object | undefined} answer
   */
  #replyInstead(id, answer) {
    const writtenId = this.#inFlight.writtenIdOf({ id })
    this.#reply(answer, writtenId)
    this.#inFlight.answered({ id })
  }

  /** @param {any} message */
  #deliver(message) {
    try {
      this.onmessage?.(message)
      this.#guard?.delivered(message)
    } catch (error) {
      this.onerror?.(/** @type {Error} */ (error))
    }
  }

  /**
   * @param {object | undefined} answer
   * @param {string} [writtenId]
   */
  #reply(answer, writtenId) {
    if (answer !== undefined) {
      this.#writer.write(lineOf(answer, writtenId))
    }
  }
}

module.exports = { GuardedStdioServerTransport }
