// @ts-check
'use strict'

/** @import { Clean } from './results.js' */

/** Bytes of memory in which messages are put one behind the other; it is used once. */
const SLAB = 1 << 17
/** Less memory than this is not worth keeping at the end of a turn (bytes). */
const REST = 1 << 12
const NEWLINE = 0x0a

const DONE = Promise.resolve()
const NONE = Buffer.alloc(0)

const { allocUnsafeSlow } = Buffer
const { utf8Write } = /** @type {any} */ (Buffer.prototype)

/** Writes the messages of one turn together, and tells when the other side does not read. */
class Writer {
  #stream
  #slab = NONE
  /** Where in it the messages of this turn begin and end. */
  #from = 0
  #to = 0
  #onBlocked
  /** @type {{ promise: Promise<void>, resolve: () => void } | undefined} while the other side does not read */
  #blocked

  /**
   * @param {NodeJS.WritableStream} stream
   * @param {(blocked: boolean) => void} [onBlocked]
   */
  constructor(stream, onBlocked = () => {}) {
    this.#stream = stream
    this.#onBlocked = onBlocked
  }

  /**
   * Writes a message at the end of the turn; done once the other side reads, and failed where nobody can.
   *
   * @param {string} text
   * @returns {Promise<void>}
   */
  write(text) {
    if (this.#isOver) {
      return failed()
    }
    // A unit of UTF-16 takes three bytes at most.
    const most = text.length * 3 + 1
    if (most > SLAB) {
      return this.#alone(Buffer.from(`${text}\n`, 'utf8'))
    }
    const before = this.#makeRoom(most)
    const end = this.#to + utf8Write.call(this.#slab, text, this.#to)
    this.#slab[end] = NEWLINE
    return this.#added(end + 1, before)
  }

  /**
   * The same for the first bytes of memory that is used again.
   *
   * @param {Buffer} line with its end
   * @param {number} length
   * @returns {Promise<void>}
   */
  writeBytes(line, length) {
    if (this.#isOver) {
      return failed()
    }
    if (length > SLAB) {
      return this.#alone(Buffer.from(line.subarray(0, length)))
    }
    const before = this.#makeRoom(length)
    line.copy(this.#slab, this.#to, 0, length)
    return this.#added(this.#to + length, before)
  }

  /**
   * The same for a message that was cleaned.
   *
   * @param {Clean} clean
   */
  writeClean(clean) {
    return clean.text === undefined ? this.writeBytes(clean.bytes, clean.length) : this.write(clean.text)
  }

  /** Whether the stream takes nothing any more. */
  get #isOver() {
    return /** @type {any} */ (this.#stream).writable === false
  }

  flush = () => {
    if (this.#to > this.#from) {
      const bytes = this.#slab.subarray(this.#from, this.#to)
      this.#from = this.#to
      if (this.#slab.length - this.#to < REST) {
        this.#slab = NONE
        this.#from = 0
        this.#to = 0
      }
      this.#send(bytes)
    }
  }

  /** Whoever waits need not any more. */
  release = () => {
    const blocked = this.#blocked
    this.#blocked = undefined
    this.#stream.off('drain', this.release)
    this.#stream.off('close', this.release)
    if (blocked !== undefined) {
      blocked.resolve()
      this.#onBlocked(false)
    }
  }

  /**
   * Finds room at the end of the slab; answers the bytes of the one before, where that is full.
   *
   * @param {number} bytes no more than a slab has
   */
  #makeRoom(bytes) {
    if (this.#to + bytes <= this.#slab.length) {
      return NONE
    }
    const before = this.#slab.subarray(this.#from, this.#to)
    this.#slab = allocUnsafeSlow(SLAB)
    this.#from = 0
    this.#to = 0
    return before
  }

  /**
   * A message was added. Only now may the stream see what came before: who reads it may write in turn.
   *
   * @param {number} end of the message in the slab
   * @param {Buffer} before
   */
  #added(end, before) {
    if (this.#to === this.#from) {
      process.nextTick(this.flush)
    }
    this.#to = end
    if (before.length > 0) {
      this.#send(before)
    }
    return this.#blocked?.promise ?? DONE
  }

  /**
   * Sends a long message, after those before it.
   *
   * @param {Buffer} bytes
   */
  #alone(bytes) {
    this.flush()
    this.#send(bytes)
    return this.#blocked?.promise ?? DONE
  }

  /** @param {Buffer} bytes */
  #send(bytes) {
    if (!this.#stream.write(bytes) && this.#blocked === undefined) {
      let resolve = () => {}
      const promise = /** @type {Promise<void>} */ (
        new Promise((done) => {
          resolve = () => done(undefined)
        })
      )
      this.#blocked = { promise, resolve }
      this.#stream.once('drain', this.release)
      // A stream that is destroyed meanwhile takes no more.
      this.#stream.once('close', this.release)
      this.#onBlocked(true)
    }
  }
}

/** @returns {Promise<void>} */
function failed() {
  const failure = Promise.reject(new Error('the output is closed'))
  // Who does not wait for it is not told.
  failure.catch(() => {})
  return failure
}

module.exports = { Writer }
