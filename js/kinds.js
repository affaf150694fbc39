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

/** Characters of a tool's title and description that are passed on; fewer are read. */
const MAX_WORDS = 4096

/**
 * What a tool says of itself, as JSON.
 *
 * @param {any} tool
 * @returns {string | undefined}
 */
function wordsOf(tool) {
  if (tool === undefined) {
    return undefined
  }
  if (typeof tool !== 'object' || tool === null) {
    throw inputError('a tool is an object with a name, a title or a description')
  }
  const { name, title, description } = tool
  const words = [name, title, description].map((text) =>
    typeof text === 'string' ? text.slice(0, MAX_WORDS).toWellFormed() : undefined,
  )
  return JSON.stringify({ name: words[0], title: words[1], description: words[2] })
}

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
 * @param {unknown} [tool]
 * @returns {InferredKinds}
 */
function inferKinds(schema, tool) {
  const words = wordsOf(tool)
  const bytes = isView(schema) ? stableBytes(schema) : undefined
  const text = bytes === undefined ? textOf(schema) : ''
  let answer
  try {
    answer =
      bytes === undefined
        ? withUtf8(text, 0, (_, utf8, length) => binding.inferKinds(utf8, length, words))
        : binding.inferKinds(bytes, undefined, words)
  } catch (thrown) {
    throw translated(thrown)
  }
  // Every pattern is empty or starts with "/", so that none is a name with a meaning.
  return Object.freeze(JSON.parse(answer))
}

module.exports = { inferKinds }
