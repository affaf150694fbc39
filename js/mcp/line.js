// @ts-check
'use strict'

const { binding } = require('../loader.js')

const { stringify } = JSON

/**
 * The JSON of what we write ourselves, as one line for every reader.
 *
 * @param {unknown} value
 * @param {string} [writtenId] its id, where that is a number that JavaScript does not keep
 * @returns {string}
 */
function lineOf(value, writtenId) {
  return withId(binding.oneLine(stringify(value)), writtenId)
}

/**
 * A message with the id that its request has.
 *
 * @param {string} line
 * @param {string} [writtenId]
 * @returns {string}
 */
function withId(line, writtenId) {
  return writtenId === undefined ? line : binding.withId(line, writtenId)
}

module.exports = { lineOf, withId }
