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
 * The effective policy with more tools; what it says itself of a tool wins.
 *
 * @param {Source} source
 * @param {Record<string, object>} tools
 */
function withTools({ text, folder }, tools) {
  const { policy, origins } = JSON.parse(binding.policyExplain(text))
  policy.paths.roots = policy.paths.roots.map((/** @type {string} */ root) => resolve(folder, root))
  // A name like `__proto__` is a member as any other.
  const own = new Map(Object.entries(policy.tools))
  for (const [name, tool] of Object.entries(tools)) {
    own.set(name, { ...tool, ...own.get(name) })
  }
  policy.tools = Object.fromEntries(own)
  policy.sanitize = forResults(policy.sanitize, origins)
  return policy
}

/**
 * Results are what the model asked for: unless the policy says so itself their markup stays and they are not cut.
 *
 * @param {Record<string, unknown>} sanitize
 * @param {Record<string, string>} origins
 */
function forResults(sanitize, origins) {
  const kept = Object.entries(sanitize).map(([name, value]) => {
    const isDefault = origins[`/sanitize/${name}`] === 'default'
    return [name, isDefault ? (name === 'maxChars' ? 0xffff_ffff : 'keep') : value]
  })
  return Object.fromEntries(kept)
}

module.exports = { INSIDE, readPolicy, withTools }
