// @ts-check
'use strict'

// The tools of a server object, for who describes what is protected of it.

const { inputError } = require('./error.js')
const { guardings } = require('./inside.js')
const { definitionsIn } = require('./mcp/tools.js')

const UNKNOWN =
  'what the server lists is not known yet: guard it, and describe it once it is connected, or pass its answer to tools/list'

/**
 * @param {unknown} given
 * @returns {any} the Server of an McpServer, or itself where it is one
 */
function innerOf(given) {
  const server = /** @type {any} */ (given)
  const inner = typeof server?.setRequestHandler === 'function' ? server : server?.server
  return typeof inner?.setRequestHandler === 'function' ? inner : undefined
}

/**
 * What a server has, and the gate that judges its calls; `undefined` for what is no server.
 *
 * @param {unknown} server
 * @param {object} gate
 * @returns {{ gate: object, tools: readonly object[], isGuarded: boolean } | undefined}
 */
function described(server, gate) {
  const inner = innerOf(server)
  if (inner === undefined) {
    return undefined
  }
  const guarding = guardings.get(inner)
  const isGuarded = guarding?.gate === gate
  const registry = /** @type {any} */ (server)._registeredTools
  const known =
    guarding !== undefined && isGuarded
      ? guarding.known()
      : {
          gate,
          tools: typeof registry === 'object' && registry !== null ? definitionsIn(registry) : undefined,
        }
  if (known.tools === undefined) {
    throw inputError(UNKNOWN)
  }
  return { gate: known.gate, tools: known.tools, isGuarded }
}

module.exports = { described }
