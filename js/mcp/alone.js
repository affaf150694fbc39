// @ts-check
'use strict'

// A tool of which its handler alone is guarded: what its arguments are is told by who wraps it.

/** @import { Gate } from '../../index.js' */
/** @import { ToolDefinition } from './index.js' */

const { inputError } = require('../error.js')
const { Families, definitionOf, warnOf } = require('./families.js')
const { schemaIn } = require('./tools.js')

/** Tools of one gate whose definitions are kept; those of more are learnt each time. */
const MAX_TOOLS = 256

/** @type {WeakMap<Gate, Map<string, InstanceType<typeof Families>>>} */
const ofGates = new WeakMap()

/**
 * @param {Gate} gate
 * @param {string} name
 */
function familiesOf(gate, name) {
  const known = ofGates.get(gate) ?? new Map()
  ofGates.set(gate, known)
  // A server validates by itself what its handlers get.
  const families = known.get(name) ?? new Families(gate, 'off')
  if (known.size < MAX_TOOLS) {
    known.set(name, families)
  }
  return families
}

/**
 * The gate that knows a tool by its definition.
 *
 * @param {Gate} gate
 * @param {string} name
 * @param {ToolDefinition | undefined} tool
 * @returns {Gate}
 */
function gateFor(gate, name, tool) {
  if (tool === undefined) {
    return gate
  }
  if (typeof tool !== 'object' || tool === null) {
    throw inputError('the definition of a tool is an object with its inputSchema, as registerTool takes it')
  }
  const { inputSchema } = tool
  if (inputSchema === undefined) {
    return gate
  }
  const schema = schemaIn(inputSchema)
  if (schema === undefined) {
    warnOf(name)
    return gate
  }
  return familiesOf(gate, name).of(new Map([[name, definitionOf(schema, tool)]])).gate
}

module.exports = { gateFor }
