// @ts-check
'use strict'

// Texts of others in lines of a log.

const { escapedUnit } = require('./text.js')

/** A name that cannot be taken for another part of the line. */
const PLAIN = /^[\w./-]+$/

/**
 * The start of a text as printable ASCII.
 *
 * @param {string} text
 * @param {number} limit
 * @param {RegExp} [special] what is escaped
 */
function printable(text, limit, special = /[^ -~]/g) {
  const start = text
    .slice(0, limit)
    .replace(special, (unit) => (unit === '"' || unit === '\\' ? `\\${unit}` : escapedUnit(unit)))
  return text.length > limit ? `${start}...` : start
}

/**
 * The same in quotes, unless it needs none.
 *
 * @param {string} text
 * @param {number} limit
 */
function quoted(text, limit) {
  return text.length <= limit && PLAIN.test(text) ? text : `"${printable(text, limit, /[^ -~]|["\\]/g)}"`
}

module.exports = { printable, quoted }
