// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { ToolDefinition, WrappedTool } from './index.js' */

const { refusalFor } = require('../refuse.js')
const { gateFor } = require('./alone.js')
const { Results, readBack } = require('./results.js')

const { toString: tagOf } = Object.prototype

/**
 * The calls that a guarded server let through, by the signal that their handlers are given. One is good for one call of
 * its tool: what a handler hands to another one was not judged as that.
 *
 * @type {WeakMap<object, { gate: Gate, tool: string }>}
 */
const admitted = new WeakMap()

/** Whether any handler asks. */
let asked = false

/**
 * Notes a call that was judged.
 *
 * @param {Gate} gate
 * @param {string} tool
 * @param {() => object | undefined} signalOf
 */
function admit(gate, tool, signalOf) {
  if (asked) {
    const signal = signalOf()
    if (signal !== undefined) {
      admitted.set(signal, { gate, tool })
    }
  }
}

/**
 * The signal in what a handler is given: `extra` of v1, `ctx.mcpReq` of v2. Arguments may have such a member, which is no
 * signal.
 *
 * @param {any} context
 * @returns {object | undefined}
 */
function signalIn(context) {
  const signal = context?.mcpReq?.signal ?? context?.signal
  return tagOf.call(signal) === '[object AbortSignal]' ? signal : undefined
}

/**
 * @template {(...args: any[]) => any} Handler
 * @param {Gate} gate
 * @param {string} name
 * @param {Handler} handler
 * @param {ToolDefinition} [tool]
 * @returns {WrappedTool<Handler>}
 */
function wrapTool(gate, name, handler, tool) {
  asked = true
  const own = gateFor(gate, name, tool)
  const results = new Results(gate)
  /**
   * @this {unknown}
   * @param {any[]} given
   */
  async function guarded(...given) {
    // A handler of a tool without input is given the context alone.
    const signal = signalIn(given.at(-1))
    const call = signal && admitted.get(signal)
    if (signal !== undefined && call?.gate === gate && call.tool === name) {
      admitted.delete(signal)
      return handler.apply(this, given)
    }
    const args = given.length < 2 && signal !== undefined ? {} : (given[0] ?? {})
    const { verdict } = own.auditParsed(name, args)
    if (verdict.action === 'deny') {
      return refusalFor(verdict)
    }
    let result
    try {
      result = await handler.apply(this, given)
    } catch (thrown) {
      throw cleaned(results, thrown)
    }
    return readBack(results.clean({ result }, undefined)).result
  }
  return /** @type {any} */ (guarded)
}

/**
 * What a handler threw, with a text that may go out: a server makes the result of it that the model reads.
 *
 * @param {InstanceType<typeof Results>} results
 * @param {any} thrown
 */
function cleaned(results, thrown) {
  const isError = thrown instanceof Error
  const text = isError ? thrown.message : thrown
  if (typeof text !== 'string') {
    // Nothing is told of what has no text.
    return isError ? thrown : new Error('the tool failed')
  }
  const given = { result: { content: [{ type: 'text', text }], isError: true } }
  const { content } = readBack(results.clean(given, undefined)).result
  const told = content.map((/** @type {any} */ part) => part.text).join('\n')
  if (told === text) {
    return thrown
  }
  if (!isError) {
    return told
  }
  const error = Object.create(thrown, { message: { value: told, configurable: true, writable: true } })
  // The stack begins with the message.
  Object.defineProperty(error, 'stack', {
    value: `${thrown.name}: ${told}`,
    configurable: true,
    writable: true,
  })
  return error
}

module.exports = { admit, wrapTool }
