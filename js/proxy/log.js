// @ts-check
'use strict'

const { shown } = require('../cli/place.js')

/** Lines about one rule and side that are written out; of the others the number is told at the end. */
const MAX_LINES = 100
/** Characters of a line. */
const LONGEST = 1024

/** What the proxy tells on standard error: each line names callgate, and a terminal obeys nothing in it. */
class Log {
  #stream
  /** @type {Map<string, number>} */
  #counts = new Map()
  /** Whether anything was refused. */
  refused = false

  /** @param {NodeJS.WritableStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  /** @param {string} text */
  line(text) {
    const line = shown(text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text)
    this.#stream.write(`callgate: ${line}\n`)
  }

  /**
   * A line of a kind of which there may be very many.
   *
   * @param {string} kind
   * @param {string} text
   * @returns {boolean} whether it was written
   */
  one(kind, text) {
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    if (count <= MAX_LINES) {
      this.line(text)
    }
    return count <= MAX_LINES
  }

  /** Tells how much was not written. */
  end() {
    for (const [kind, count] of this.#counts) {
      if (count > MAX_LINES) {
        this.line(`${kind}: ${count - MAX_LINES} more`)
      }
    }
  }
}

module.exports = { Log }
