// @ts-check
'use strict'

const { readFileSync } = require('node:fs')
const { dirname, resolve } = require('node:path')
const { binding } = require('./loader.js')

/** Where a gate shows to `callgate/mcp` what is not public. */
const INSIDE = Symbol('callgate.inside')

/**
 * A policy as it was given, and the folder that its relative roots count from.
 *
 * @typedef {{ text: string, folder: string }} Source
 */

/**
 * @param {string} file
 * @returns {Source}
 */
function readPolicy(file) {
  return { text: readFileSync(file, 'utf8'), folder: dirname(resolve(file)) }
}

/**
 * The effective policy, and who says each member.
 *
 * @param {Source} source
 * @returns {{ policy: any, origins: Record<string, string> }}
 */
function explained({ text, folder }) {
  const { policy, origins } = JSON.parse(binding.policyExplain(text))
  const member = policy.paths.roots === 'client' ? 'within' : 'roots'
  policy.paths[member] = policy.paths[member]?.map((/** @type {string} */ root) => resolve(folder, root))
  return { policy, origins }
}

/**
 * How results are sanitised: they are what the model asked for, so that unless the policy says so itself their markup
 * stays and they are not cut.
 *
 * @param {Source} source
 * @returns {Record<string, unknown>}
 */
function forResults(source) {
  const { policy, origins } = explained(source)
  const kept = Object.entries(policy.sanitize).map(([name, value]) => {
    const isDefault = origins[`/sanitize/${name}`] === 'default'
    return [name, isDefault ? (name === 'maxChars' ? 0xffff_ffff : 'keep') : value]
  })
  return Object.fromEntries(kept)
}

module.exports = { INSIDE, explained, forResults, readPolicy }
