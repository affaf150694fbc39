// @ts-check
'use strict'

// Members that are given twice. A policy may let them be, and then only one of them was looked at: which one a client
// takes nobody knows.

/**
 * How many members the objects of a JSON text have.
 *
 * @param {string} json
 */
function membersOf(json) {
  let count = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const unit = json[at]
    if (unit === '"') {
      inString = !inString
    } else if (unit === '\\') {
      at += 1
    } else if (unit === ':' && !inString) {
      count += 1
    }
  }
  return count
}

/**
 * @param {string | undefined} given
 * @param {string} written the same, read and written anew
 */
function hasTwins(given, written) {
  return given !== undefined && membersOf(given) !== membersOf(written)
}

module.exports = { hasTwins }
