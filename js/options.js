// @ts-check
'use strict'

// Options of calls: what each must be, whichever call takes it.

const { inputError } = require('./error.js')
const { isPlain } = require('./snapshot.js')
const { escapedUnit } = require('./text.js')

const INTENTS = new Set(['read', 'list', 'write', 'delete'])
const MAX_MODE = 0o777
/** Bytes that Node is asked for at once: it takes the length for a number of 32 bits. */
const MAX_READ = 1 << 30

/**
 * What an option must be, by its name.
 *
 * @type {Record<string, [(value: any) => boolean, string]>}
 */
const CHECKS = {
  __proto__: /** @type {any} */ (null),
  intent: [(value) => INTENTS.has(value), [...INTENTS].join(', ')],
  base: [(value) => typeof value === 'string' && value.isWellFormed(), 'a well-formed string'],
  cwd: [(value) => typeof value === 'string' && value.isWellFormed(), 'a well-formed string'],
  home: [(value) => typeof value === 'string' && value.isWellFormed(), 'a well-formed string'],
  env: [(value) => isPlain(value), 'a plain object'],
  tool: [(value) => typeof value === 'string' && value.isWellFormed(), 'a well-formed string'],
  outputSchema: [
    (value) => typeof value === 'string' || isPlain(value),
    'a JSON Schema: an object, or its JSON',
  ],
  encoding: [(value) => typeof value === 'string' && Buffer.isEncoding(value), 'the name of an encoding'],
  mode: [(value) => Number.isInteger(value) && value >= 0 && value <= MAX_MODE, 'an integer from 0 to 0o777'],
  maxBytes: [isLimit, 'an integer from 0, or Infinity'],
  maxEntries: [isLimit, 'an integer from 0, or Infinity'],
  start: [isPlace, 'an integer from 0'],
  end: [isPlace, 'an integer from 0'],
  highWaterMark: [
    (value) => isPlace(value) && value > 0 && value <= MAX_READ,
    'an integer from 1 to 1,073,741,824',
  ],
}
/** @type {[(value: any) => boolean, string]} */
const SWITCH = [(value) => typeof value === 'boolean', 'a boolean']

/**
 * The same members without a prototype, on which data may have put others.
 *
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
function bare(object) {
  return Object.assign(Object.create(null), object)
}

/**
 * A name as a message may hold it.
 *
 * @param {string} name
 */
function shown(name) {
  return /^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64)).replace(/[^ -~]/g, escapedUnit)
}

/**
 * Options that may be given as the name of an encoding alone, as those of `node:fs`.
 *
 * @param {unknown} options
 */
function withEncoding(options) {
  return typeof options === 'string' ? { encoding: options } : options
}

/** @param {unknown} value */
function isPlace(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0
}

/** @param {unknown} value */
function isLimit(value) {
  return value === Number.POSITIVE_INFINITY || isPlace(value)
}

/**
 * The checked options, without those that are undefined. Their own members and no prototype: what data has put on
 * Object.prototype chooses nothing.
 *
 * @param {unknown} options
 * @param {ReadonlySet<string>} known
 * @returns {Record<string, any>}
 */
function checked(options, known) {
  /** @type {Record<string, any>} */
  const taken = Object.create(null)
  if (options === undefined) {
    return taken
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options) || !isPlain(options)) {
    throw inputError(`options are a plain object with any of ${[...known].join(', ')}`)
  }
  // A misspelt option would otherwise be a default that nobody asked for.
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw inputError(`options.${shown(unknown)} is no option here; those are ${[...known].join(', ')}`)
  }
  // Read once: a getter may answer something else the next time.
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) {
      const [fits, what] = CHECKS[name] ?? SWITCH
      if (!fits(value)) {
        throw inputError(`options.${name} is ${what}`)
      }
      taken[name] = value
    }
  }
  return taken
}

module.exports = { MAX_READ, bare, checked, withEncoding }
