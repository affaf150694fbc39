// @ts-check
'use strict'

/** @import { PathOptions, OpenOptions, Finding } from '../index.js' */

const { CallgateError, inputError } = require('./error.js')
const { checked } = require('./options.js')
const { findingOf, findingsOf } = require('./verdict.js')

const PATH_MEMBERS = new Set(['intent', 'base'])
const OPEN_MEMBERS = new Set([...PATH_MEMBERS, 'create', 'truncate', 'append', 'exclusive', 'mode'])

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

const DEFAULTS = Object.freeze({ intent: 'read', base: undefined })

/**
 * @param {PathOptions} [options]
 * @returns {{ intent: string, base: string | undefined }}
 */
function pathOptions(options) {
  if (options === undefined) {
    return DEFAULTS
  }
  const { intent = 'read', base } = checked(options, PATH_MEMBERS)
  return { intent, base }
}

/** @param {OpenOptions} [options] */
function openOptions(options) {
  const {
    intent = 'read',
    base,
    create = false,
    truncate = false,
    append = false,
    exclusive = false,
    mode,
  } = checked(options, OPEN_MEMBERS)
  return { intent, base, flags: { create, truncate, append, exclusive, mode } }
}

module.exports = { ValidatedPath, openOptions, pathOptions, refused, validatedPath }
