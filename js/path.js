// @ts-check
'use strict'

/** @import { PathOptions, OpenOptions, Finding } from '../index.js' */

const { CallgateError, inputError } = require('./error.js')
const { isPlain } = require('./snapshot.js')
const { findingOf, findingsOf } = require('./verdict.js')

const INTENTS = new Set(['read', 'list', 'write', 'delete'])
const FLAGS = /** @type {const} */ (['create', 'truncate', 'append', 'exclusive'])
const PATH_MEMBERS = new Set(['intent', 'base'])
const OPEN_MEMBERS = new Set([...PATH_MEMBERS, ...FLAGS, 'mode'])
const MAX_MODE = 0o777

/** @type {readonly Finding[]} */
const NO_FINDINGS = Object.freeze([])

/** Proves that a ValidatedPath is being made by a gate. */
const MADE_BY_GATE = Symbol('made by a gate')

class ValidatedPath {
  /**
   * @param {symbol} proof
   * @param {string[]} parts
   */
  constructor(proof, parts) {
    if (proof !== MADE_BY_GATE) {
      throw inputError('only a gate makes a ValidatedPath')
    }
    const [path, relative, root, kind, findings] = parts
    this.path = path
    this.relative = relative
    this.root = root
    this.exists = kind !== 'missing'
    this.kind = kind
    this.findings = findings === undefined ? NO_FINDINGS : findingsOf(findings)
    Object.freeze(this)
  }
}

/** @param {string[]} parts */
function validatedPath(parts) {
  return new ValidatedPath(MADE_BY_GATE, parts)
}

/** @param {string} json */
function refused(json) {
  const finding = findingOf(json)
  return new CallgateError(finding.rule, finding.message, finding)
}

/**
 * The options' own members: what data has put on Object.prototype chooses nothing.
 *
 * @param {unknown} options
 * @param {ReadonlySet<string>} known
 */
function members(options, known) {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || !isPlain(options)) {
    throw inputError('options are a plain object')
  }
  // A misspelt option would otherwise be a default that nobody asked for.
  if (!Object.keys(options).every((name) => known.has(name))) {
    throw inputError(`options are ${[...known].join(', ')}`)
  }
  return Object.assign(Object.create(null), options)
}

/**
 * @param {PathOptions} options
 * @returns {{ intent: string, base: string | undefined }}
 */
function intentAndBase({ intent = 'read', base }) {
  if (!INTENTS.has(intent)) {
    throw inputError(`options.intent is ${[...INTENTS].join(', ')}`)
  }
  if (base !== undefined && (typeof base !== 'string' || !base.isWellFormed())) {
    throw inputError('options.base is a well-formed string')
  }
  return { intent, base }
}

const DEFAULTS = Object.freeze({ intent: 'read', base: undefined })

/** @param {PathOptions} [options] */
function pathOptions(options) {
  return options === undefined ? DEFAULTS : intentAndBase(members(options, PATH_MEMBERS))
}

/** @param {OpenOptions} [options] */
function openOptions(options = {}) {
  const given = /** @type {OpenOptions} */ (members(options, OPEN_MEMBERS))
  const { create = false, truncate = false, append = false, exclusive = false, mode } = given
  const flags = { create, truncate, append, exclusive, mode }
  for (const name of FLAGS) {
    if (typeof flags[name] !== 'boolean') {
      throw inputError(`options.${name} is a boolean`)
    }
  }
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= MAX_MODE)) {
    throw inputError('options.mode is an integer from 0 to 0o777')
  }
  return { ...intentAndBase(given), flags }
}

module.exports = { ValidatedPath, members, openOptions, pathOptions, refused, validatedPath }
