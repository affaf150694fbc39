// @ts-check
'use strict'

const { inferKinds } = require('../../index.js')
const { CliError, EXIT } = require('./exit.js')
const { sources } = require('./input.js')
const { ascii } = require('./place.js')

/** @import { Io } from './program.js' */

/** Where definitions of tools keep the schema of the arguments. */
const SCHEMA_MEMBERS = ['inputSchema', 'input_schema', 'parameters', 'arguments']

/**
 * The definitions in what was read: one, an array of them, or the answer of `tools/list`.
 *
 * @param {any} value
 * @returns {any[]}
 */
function definitions(value) {
  const list = value?.result?.tools ?? value?.tools ?? value
  return Array.isArray(list) ? list : [list]
}

/** @param {any} definition */
function named(definition) {
  const tool = definition?.function ?? definition
  const member = SCHEMA_MEMBERS.find((name) => tool?.[name] !== undefined)
  if (typeof tool?.name !== 'string' || member === undefined) {
    throw new CliError('expected tool definitions, with "name" and "inputSchema"')
  }
  return { tool, schema: tool[member] }
}

/**
 * What a policy says of one tool. Without the schema nothing holds an argument to a closed set of values, so that such
 * a set is no reason not to look at it.
 *
 * @param {unknown} schema
 * @param {{ name?: string, title?: string, description?: unknown }} tool
 */
function toolPolicy(schema, { name, title, description }) {
  const words = { name, title, description: typeof description === 'string' ? description : undefined }
  const kinds = Object.entries(inferKinds(/** @type {object} */ (schema), words))
  const judged = kinds.filter(([, kind]) => kind !== 'opaque')
  return { arguments: Object.fromEntries(judged.map(([pointer, kind]) => [pointer, { kind }])) }
}

/**
 * @param {string} file
 * @param {{}} _options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function infer(file, _options, io) {
  const [{ bytes }] = await sources([file], io)
  let value
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    throw new CliError(`${file}: not JSON`)
  }
  /** @type {[string, { arguments: object }][]} */
  const tools = definitions(value)
    .map(named)
    .map(({ tool, schema }) => [tool.name, toolPolicy(schema, tool)])
  const known = tools.filter(([, tool]) => Object.keys(tool.arguments).length > 0)
  io.stdout.write(`${ascii(JSON.stringify({ tools: Object.fromEntries(known) }, null, 2))}\n`)
  return EXIT.clean
}

module.exports = { infer, toolPolicy }
