// @ts-check
'use strict'

const { readFileSync } = require('node:fs')
const { binding } = require('../loader.js')
const { EXIT, CliError, reading } = require('./exit.js')

/** @import { Io } from './program.js' */

/** @param {string} name */
function segment(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/**
 * A value as JSON of printable ASCII: a terminal obeys nothing in it.
 *
 * @param {unknown} value
 */
function ascii(value) {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * A policy as JSON with comments, each member with its origin behind it: a policy file again.
 *
 * @param {unknown} value
 * @param {Record<string, string>} origins by JSON Pointer
 * @param {string} [pointer]
 * @param {string} [indent]
 * @returns {string}
 */
function annotated(value, origins, pointer = '', indent = '') {
  const inner = `${indent}  `
  const members = Object.entries(/** @type {object} */ (value)).map(([name, member], index, all) => {
    const at = `${pointer}/${segment(name)}`
    const origin = origins[at]
    const comma = index < all.length - 1 ? ',' : ''
    const text = origin === undefined ? annotated(member, origins, at, inner) : ascii(member)
    return `${inner}${ascii(name)}: ${text}${comma}${origin === undefined ? '' : ` // ${origin}`}\n`
  })
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`
}

/**
 * @param {string} file
 * @param {{ json?: boolean }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function show(file, { json }, io) {
  const text = reading(file, () => readFileSync(file, 'utf8'))
  let explained
  try {
    explained = binding.policyExplain(text)
  } catch (thrown) {
    throw new CliError(`${file}: ${/** @type {Error} */ (thrown).message}`)
  }
  const { policy, origins } = JSON.parse(explained)
  io.stdout.write(json ? `${explained}\n` : `${annotated(policy, origins)}\n`)
  return EXIT.clean
}

module.exports = { show }
