// @ts-check
'use strict'

const { Gate } = require('../../index.js')
const { CliError, EXIT } = require('./exit.js')
const { sources } = require('./input.js')
const { ascii } = require('./place.js')

/** @import { ToolCoverage } from '../../index.js' */
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
  const schema = member === undefined ? undefined : tool[member]
  const isSchema = typeof schema === 'boolean' || (Object(schema) === schema && !Array.isArray(schema))
  if (typeof tool?.name !== 'string' || !isSchema) {
    throw new CliError('expected tool definitions, with "name" and "inputSchema"')
  }
  const { name, title, description } = tool
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : undefined)
  return { name, title: text(title), description: text(description), inputSchema: schema }
}

/**
 * What a policy says of the arguments of one tool: what its schema tells is a guess, and is written as one. Without the
 * schema nothing holds an argument to a closed set of values, so that such a set is no reason not to look at it.
 *
 * @param {ToolCoverage | undefined} coverage
 */
function guesses(coverage) {
  const inferred = (coverage?.arguments ?? []).filter(({ source, kind }) => {
    return (source === 'schema' || source === 'name') && kind !== 'opaque'
  })
  return Object.fromEntries(
    inferred.map(({ pointer, kind, intent, statements }) => {
      const more = {
        ...(intent !== undefined && intent !== 'read' && { intent }),
        ...(statements && { statements }),
      }
      return [pointer, { kind, ...more, inferred: true }]
    }),
  )
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
  const tools = definitions(value).map(named)
  const { tools: covered } = new Gate().describe(tools)
  const members = covered.map((coverage) => [coverage.tool, { arguments: guesses(coverage) }])
  const known = members.filter(([, member]) => Object.keys(Object(member).arguments).length > 0)
  io.stdout.write(`${ascii(JSON.stringify({ tools: Object.fromEntries(known) }, null, 2))}\n`)
  return EXIT.clean
}

module.exports = { guesses, infer }
