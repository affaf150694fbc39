// @ts-check
'use strict'

/** @import { MessageVerdict } from '../index.js' */

const NEWLINE = 0x0a
/** Bytes of a line that are held where the policy only observes. */
const MOST = 64 << 20
/** What the verdict says of a refusal that only observing prevents. */
const OBSERVED = /; not refused because .*$/s

/**
 * Lines that are longer than the policy allows, where it only observes: the reader does not hold them, and they are passed
 * on all the same.
 */
class LongLines {
  #limit
  /** The line that is open, from its start. @type {Buffer[]} */
  #parts = []
  #length = 0

  /** @param {number} limit bytes of a message */
  constructor(limit) {
    this.#limit = limit
  }

  /**
   * A chunk in pieces that hold the end of one line at most, where a line may be longer than allowed.
   *
   * @param {Uint8Array} chunk
   * @returns {Uint8Array[]}
   */
  pieces(chunk) {
    if (this.#length + chunk.length <= this.#limit) {
      return [chunk]
    }
    const pieces = []
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from)
      const to = end === -1 ? chunk.length : end + 1
      pieces.push(chunk.subarray(from, to))
      from = to
    }
    return pieces
  }

  /**
   * The whole of the line that ends in a piece; none where it is too long to be held.
   *
   * @param {Uint8Array} piece
   * @returns {Buffer | undefined}
   */
  endingIn(piece) {
    return this.#length + piece.length > MOST ? undefined : Buffer.concat([...this.#parts, piece])
  }

  /**
   * A piece was read.
   *
   * @param {Uint8Array} piece
   */
  read(piece) {
    const end = piece.lastIndexOf(NEWLINE)
    if (end !== -1) {
      this.#parts = []
      this.#length = 0
    }
    const rest = piece.subarray(end + 1)
    this.#length += rest.length
    if (this.#length > MOST) {
      this.#parts = []
    } else if (rest.length > 0) {
      this.#parts.push(Buffer.from(rest))
    }
  }
}

/** @param {MessageVerdict} verdict */
function isTooLong({ action, findings }) {
  return action === 'deny' && findings.every(({ rule }) => rule === 'limit.bytes')
}

/**
 * The verdict on a line that is passed on all the same, or that is not, as it cannot be held.
 *
 * @param {MessageVerdict} verdict
 * @param {boolean} passes
 * @returns {MessageVerdict}
 */
function observed(verdict, passes) {
  const { freeze } = Object
  const findings = verdict.findings.map((finding) => {
    return freeze(
      passes
        ? { ...finding, action: /** @type {const} */ ('flag') }
        : { ...finding, message: finding.message.replace(OBSERVED, '; too long to be passed on') },
    )
  })
  return freeze({ ...verdict, action: passes ? 'flag' : 'deny', findings: freeze(findings) })
}

module.exports = { LongLines, isTooLong, observed }
