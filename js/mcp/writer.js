// @ts-check
'use strict'

/** Characters that are written at once, whatever else the turn brings. */
const MAX_HELD = 1 << 20

const DONE = Promise.resolve()

/** Writes the messages of one turn together, and tells when the other side does not read. */
class Writer {
  #stream
  #held = ''
  /** ASCII is handed on as what it is: its bytes need not be worked out. */
  #isAscii = true
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
   * Writes a message at the end of the turn; done once the other side reads.
   *
   * @param {string} text
   * @param {boolean} [isAscii]
   * @returns {Promise<void>}
   */
  write(text, isAscii = false) {
    if (this.#held === '') {
      process.nextTick(this.flush)
    }
    this.#held += `${text}\n`
    this.#isAscii &&= isAscii
    if (this.#held.length > MAX_HELD) {
      this.flush()
    }
    return this.#blocked?.promise ?? DONE
  }

  flush = () => {
    const text = this.#held
    const encoding = this.#isAscii ? 'latin1' : 'utf8'
    this.#held = ''
    this.#isAscii = true
    if (text !== '' && !this.#stream.write(text, encoding) && this.#blocked === undefined) {
      let resolve = () => {}
      const promise = /** @type {Promise<void>} */ (
        new Promise((done) => {
          resolve = () => done(undefined)
        })
      )
      this.#blocked = { promise, resolve }
      this.#stream.once('drain', this.release)
      this.#onBlocked(true)
    }
  }

  /** Whoever waits need not any more. */
  release = () => {
    const blocked = this.#blocked
    this.#blocked = undefined
    this.#stream.off('drain', this.release)
    if (blocked !== undefined) {
      blocked.resolve()
      this.#onBlocked(false)
    }
  }
}

module.exports = { Writer }
