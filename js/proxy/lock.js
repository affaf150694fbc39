// @ts-check
'use strict'

// What a server said of itself when it was pinned, and what it says now.

const { createHash } = require('node:crypto')

/** @typedef {{ name: string, [member: string]: unknown }} Tool */
/** @typedef {{ digest: string, definition: unknown }} Pin */

/**
 * What a lock file holds.
 *
 * @typedef {object} Lock
 * @property {Pin} instructions of a text, or of `null` where the server gives none
 * @property {Map<string, Pin>} tools
 */

const VERSION = 1
/** Differences that are told of one tool. */
const MAX_TOLD = 20

/**
 * The same value with the members of all objects in one order.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function ordered(value) {
  if (Array.isArray(value)) {
    return value.map(ordered)
  }
  if (typeof value !== 'object' || value === null) {
    return value
  }
  const names = Object.keys(value).sort()
  // Not by assignment: a member may be named `__proto__`.
  return Object.fromEntries(names.map((name) => [name, ordered(/** @type {any} */ (value)[name])]))
}

/** @param {unknown} definition */
function pinOf(definition) {
  const sorted = ordered(definition)
  return {
    digest: `sha256-${createHash('sha256').update(JSON.stringify(sorted)).digest('base64')}`,
    definition: sorted,
  }
}

/**
 * @param {string | null} instructions
 * @param {Tool[]} tools
 * @returns {Lock}
 */
function lockOf(instructions, tools) {
  return { instructions: pinOf(instructions), tools: new Map(tools.map((tool) => [tool.name, pinOf(tool)])) }
}

/**
 * @param {Lock} lock
 * @returns {string} the text of the file
 */
function written({ instructions, tools }) {
  const sorted = [...tools].sort(([a], [b]) => (a < b ? -1 : 1))
  const file = { version: VERSION, instructions, tools: Object.fromEntries(sorted) }
  return `${JSON.stringify(file, null, 2)}\n`
}

/**
 * @param {string} text
 * @returns {Lock}
 * @throws {Error} where it is no lock file, or a digest does not fit what stands beside it
 */
function readLock(text) {
  let file
  try {
    file = JSON.parse(text)
  } catch {
    throw new Error('not JSON')
  }
  if (file?.version !== VERSION || typeof file.tools !== 'object' || file.tools === null) {
    throw new Error(`not a lock file of version ${VERSION}`)
  }
  const tools = new Map(Object.entries(file.tools))
  for (const [name, pin] of [['the instructions', file.instructions], ...tools]) {
    if (pinOf(pin?.definition).digest !== pin?.digest) {
      throw new Error(`the digest of ${name} does not fit its definition; pin the server anew`)
    }
  }
  return { instructions: file.instructions, tools }
}

/**
 * What differs between two values: one line for each member, with its pointer.
 *
 * @param {unknown} before
 * @param {unknown} after
 * @returns {string[]}
 */
function differences(before, after) {
  /** @type {string[]} */
  const lines = []
  compare(before, after, '', lines)
  const more = lines.length - MAX_TOLD
  return more > 0 ? [...lines.slice(0, MAX_TOLD), `and ${more} more lines`] : lines
}

/** @param {unknown} value */
function isTree(value) {
  return typeof value === 'object' && value !== null
}

/**
 * @param {any} before
 * @param {any} after
 * @param {string} pointer
 * @param {string[]} lines
 */
function compare(before, after, pointer, lines) {
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const own = (/** @type {object} */ value) =>
        Object.hasOwn(value, name) ? /** @type {any} */ (value)[name] : undefined
      compare(
        own(before),
        own(after),
        `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        lines,
      )
    }
  } else if (!Object.is(before, after)) {
    const at = pointer === '' ? '' : `${pointer}: `
    if (before !== undefined) {
      lines.push(`- ${at}${JSON.stringify(before)}`)
    }
    if (after !== undefined) {
      lines.push(`+ ${at}${JSON.stringify(after)}`)
    }
  }
}

module.exports = { differences, lockOf, pinOf, readLock, written }
