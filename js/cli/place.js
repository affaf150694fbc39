// @ts-check
'use strict'

// Points at a place in a text that may hold anything: what a terminal would obey or hide is written out.

const { escapedUnit } = require('../text.js')

/** Code points shown on each side of the place. */
const CONTEXT = 32
/** Code points of the place itself that are shown. */
const LONGEST = 48
/** Bytes of more code points than are shown. */
const ENOUGH = 256
const LINE_FEED = 0x0a

/** Controls, line breaks, what is drawn as nothing or turns the direction, and what is unassigned. */
const HIDDEN = /[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]/gu

/**
 * @param {string} text
 * @returns {string} one line that a terminal shows as it is
 */
function shown(text) {
  return text.replace(HIDDEN, escaped)
}

/**
 * The same of a text of several lines.
 *
 * @param {string} text
 */
function shownLines(text) {
  return text.split('\n').map(shown).join('\n')
}

/**
 * JSON in printable ASCII: a terminal obeys nothing in it.
 *
 * @param {string} json
 */
function ascii(json) {
  return json.replace(/[^\n -~]/g, escapedUnit)
}

/** @param {string} character */
function escaped(character) {
  return `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`
}

/**
 * Counted without making text of them, as a line may be megabytes long.
 *
 * @param {Buffer} bytes
 */
function codePoints(bytes) {
  let count = 0
  for (const byte of bytes) {
    count += Number((byte & 0xc0) !== 0x80)
  }
  return count
}

/**
 * Line and column of a byte, both from 1; columns count code points.
 *
 * @param {Buffer} bytes
 * @param {number} at
 */
function lineAndColumn(bytes, at) {
  let line = 1
  let start = 0
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start)
    if (end < 0 || end >= at) {
      return { line, column: codePoints(bytes.subarray(start, at)) + 1 }
    }
    line++
    start = end + 1
  }
}

/**
 * The last or first code points of a piece of text, with an ellipsis where there were more.
 *
 * @param {string} text
 * @param {number} count below 0: the last ones
 */
function some(text, count) {
  const all = [...text]
  const kept = count < 0 ? all.slice(count) : all.slice(0, count)
  const mark = kept.length < all.length ? '…' : ''
  return count < 0 ? mark + shown(kept.join('')) : shown(kept.join('')) + mark
}

/**
 * The line around bytes `start` to `end`, and a second one that marks them.
 *
 * @param {Buffer} bytes
 * @param {number} start
 * @param {number} end
 * @returns {[string, string]}
 */
function excerpt(bytes, start, end) {
  const lineStart = start === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, start - 1) + 1
  const next = bytes.indexOf(LINE_FEED, start)
  const lineEnd = next < 0 ? bytes.length : next
  const stop = Math.min(Math.max(end, start), lineEnd)
  // Only as many bytes as can be shown: a line may be megabytes long.
  const text = (/** @type {number} */ from, /** @type {number} */ to) => bytes.toString('utf8', from, to)
  const before = some(text(Math.max(lineStart, start - ENOUGH), start), -CONTEXT)
  const marked = some(text(start, Math.min(stop, start + ENOUGH)), LONGEST)
  const after = marked.endsWith('…') ? '' : some(text(stop, Math.min(lineEnd, stop + ENOUGH)), CONTEXT)
  return [
    before + marked + after,
    ' '.repeat([...before].length) + '^'.repeat(Math.max(1, [...marked].length)),
  ]
}

module.exports = { ascii, excerpt, lineAndColumn, shown, shownLines }
