// @ts-check
'use strict'

/** Scratch above this size is given back after the call (bytes). */
const KEPT = 1 << 20

const encodeInto = TextEncoder.prototype.encodeInto.bind(new TextEncoder())
const { allocUnsafeSlow, byteLength } = Buffer

/** Shared by all gates of a thread: a native call reads it and is done before anything else can run. */
let scratch = allocUnsafeSlow(1 << 14)

/**
 * Room for the UTF-8 of `text`.
 *
 * @param {string} text
 */
function roomFor(text) {
  // UTF-8 takes at most three bytes for a unit of UTF-16.
  if (text.length * 3 <= scratch.length) {
    return scratch
  }
  const size = byteLength(text)
  if (size > KEPT) {
    return allocUnsafeSlow(size)
  }
  if (size > scratch.length) {
    scratch = allocUnsafeSlow(Math.min(KEPT, size * 2))
  }
  return scratch
}

/**
 * Calls `job` with the UTF-8 of a well-formed string.
 *
 * @template T
 * @param {string} text
 * @param {number} tool
 * @param {(tool: number, bytes: Uint8Array, length: number) => T} job
 * @returns {T}
 */
function withUtf8(text, tool, job) {
  const room = roomFor(text)
  const { written } = encodeInto(text, room)
  return job(tool, room, written)
}

/**
 * A unit of UTF-16 as JSON and JavaScript write it in ASCII.
 *
 * @param {string} unit
 */
function escapedUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

module.exports = { escapedUnit, withUtf8 }
