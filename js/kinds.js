// @ts-check
'use strict'

const { isView, stableBytes } = require('./bytes.js')
const { inputError, translated } = require('./error.js')
const { binding } = require('./loader.js')
const { Breach, snapshot } = require('./snapshot.js')
const { withUtf8 } = require('./text.js')

/** @import { InferredKinds } from '../index.js' */

/** The native library takes no longer schema; how deep it may be is up to its reader. */
const LIMITS = Object.freeze({ bytes: 1 << 20, depth: null, elements: null, nodes: null })

/** @param {unknown} schema */
function textOf(schema) {
  const text =
    typeof schema === 'string' || typeof schema === 'boolean' ? String(schema) : snapshot(schema, LIMITS)
  if (text instanceof Breach || text.length > LIMITS.bytes || !text.isWellFormed()) {
    throw inputError('a schema is well-formed text of at most 1,048,576 bytes')
  }
  return text
}

/**
 * @param {unknown} schema
 * @returns {InferredKinds}
 */
function inferKinds(schema) {
  const bytes = isView(schema) ? stableBytes(schema) : undefined
  const text = bytes === undefined ? textOf(schema) : ''
  let answer
  try {
    answer =
      bytes === undefined
        ? withUtf8(text, 0, (_, utf8, length) => binding.inferKinds(utf8, length))
        : binding.inferKinds(bytes)
  } catch (thrown) {
    throw translated(thrown)
  }
  // Every pattern is empty or starts with "/", so that none is a name with a meaning.
  return Object.freeze(JSON.parse(answer))
}

module.exports = { inferKinds }
