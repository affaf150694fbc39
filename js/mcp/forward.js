// @ts-check
'use strict'

/** @import { ReadMessage } from '../../index.js' */

const RETURN = 0x0d

/**
 * Passes on messages of a chunk as the bytes that they came in, those that lie beside each other in one piece. What
 * is not in the chunk as it may be passed on has a line of its own.
 */
class Forward {
  #chunk
  #send
  #from = 0
  #to = 0

  /**
   * @param {Uint8Array} chunk
   * @param {(bytes: Uint8Array | string) => void} send
   */
  constructor(chunk, send) {
    this.#chunk = chunk
    this.#send = send
  }

  /** @param {ReadMessage} message */
  add(message) {
    const { start, end } = message
    if (end === 0) {
      this.flush()
      this.#send(/** @type {any} */ (message).line)
      return
    }
    const chunk = this.#chunk
    const stop = end + (chunk[end] === RETURN ? 2 : 1)
    if (start !== this.#to) {
      this.flush()
      this.#from = start
    }
    this.#to = stop
  }

  /**
   * What is passed on in the place of a message.
   *
   * @param {string} text
   */
  text(text) {
    this.flush()
    this.#send(text)
  }

  /** Passes on what was added. */
  flush() {
    if (this.#to > this.#from) {
      this.#send(this.#chunk.subarray(this.#from, this.#to))
    }
    this.#from = this.#to
  }
}

module.exports = { Forward }
