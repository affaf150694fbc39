// @ts-check
'use strict'

const { readFileSync } = require('node:fs')
const { dirname, resolve } = require('node:path')
const { binding } = require('./loader.js')

/** Where a gate shows to `callgate/mcp` what is not public. */
const INSIDE = Symbol('callgate.inside')

/**
 * What is known of the tools of a server by whoever guards it.
 *
 * @typedef {{ gate: object, known: () => { gate: object, tools: readonly object[] | undefined } }} Guarding
 */

/** The guards of servers, by the inner server. @type {WeakMap<object, Guarding>} */
const guardings = new WeakMap()

/**
 * A policy as it was given, the folder that its relative roots count from, and roots that it has besides.
 *
 * @typedef {{ text: string, folder: string, roots?: readonly string[] }} Source
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
function explained({ text, folder, roots = [] }) {
  const { policy, origins } = JSON.parse(binding.policyExplain(text))
  const member = policy.paths.roots === 'client' ? 'within' : 'roots'
  const own = policy.paths[member]?.map((/** @type {string} */ root) => resolve(folder, root))
  policy.paths[member] = own === undefined && roots.length === 0 ? undefined : [...(own ?? []), ...roots]
  return { policy, origins }
}

module.exports = { INSIDE, explained, guardings, readPolicy }
