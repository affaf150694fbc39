// Benign calls of tools whose definitions are known, each argument judged as the kind that its schema tells.
// They are other people's text: read by program, never printed.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Gate } from '../../index.mjs'
import { quiet } from './corpora.mjs'
import { records } from './formats.mjs'

const DEFINITIONS = 'benign/bfcl_tool_defs_a.jsonl'
const CALLS = 'benign/bfcl_tool_calls_a.jsonl'

/** The definitions write some types as other languages do; the types that JSON Schema does not have are left out. */
const TYPES = new Map([
  ...['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'].map((type) => [type, type]),
  ['dict', 'object'],
  ['tuple', 'array'],
  ['float', 'number'],
])

/** From the best verdict to the worst. */
const ACTIONS = ['allow', 'flag', 'deny']

/** @typedef {{ name: string, parameters: { properties?: object } }} Definition */
/** @typedef {{ name: string, arguments: Record<string, unknown> }} Call */
/** @typedef {{ names: Set<string>, gate: Gate }} Tool */

/**
 * A gate that infers the kinds from the schema. Whether a call fits it is not what is asked here: the definitions
 * are approximate.
 *
 * @param {object} parameters
 */
function gateFor(parameters) {
  const schema = JSON.parse(JSON.stringify(parameters), (key, value) =>
    key === 'type' && typeof value === 'string' ? TYPES.get(value) : value,
  )
  return new Gate({ tools: { t: { schema } }, rules: { 'schema.*': 'off' } })
}

/**
 * @param {string} folder of the corpora
 * @returns {import('./corpora.mjs').Row[]}
 */
export function inferredCalls(folder) {
  // The calls mean nothing without the definitions.
  if (![DEFINITIONS, CALLS].every((file) => existsSync(join(folder, file)))) {
    return []
  }
  /** @type {Map<string, Tool[]>} */
  const tools = new Map()

  /** @param {Call} call */
  const takers = ({ name, arguments: args }) =>
    (tools.get(name) ?? []).filter(({ names }) => Object.keys(args).every((key) => names.has(key)))

  return [
    {
      name: 'tool calls',
      kind: 'inferred',
      label: 'benign',
      files: [DEFINITIONS, CALLS],
      read() {
        for (const definition of records(join(folder, DEFINITIONS))) {
          const { name, parameters } = /** @type {Definition} */ (definition)
          const tool = { names: new Set(Object.keys(parameters.properties ?? {})), gate: gateFor(parameters) }
          tools.set(name, [...(tools.get(name) ?? []), tool])
        }
        const calls = /** @type {Call[]} */ (records(join(folder, CALLS)))
        const values = calls.filter((call) => takers(call).length > 0)
        return { values, left: calls.length - values.length }
      },
      // Several definitions may have the name of the tool: the worst verdict counts.
      judge(value) {
        const call = /** @type {Call} */ (value)
        const verdicts = takers(call).map(({ gate }) => gate.audit('t', call.arguments))
        verdicts.sort((a, b) => ACTIONS.indexOf(b.action) - ACTIONS.indexOf(a.action))
        const [worst] = verdicts
        return {
          action: worst?.action ?? 'allow',
          rules: [...new Set(worst?.findings.map(({ rule }) => rule))],
        }
      },
      ...quiet(0.003),
    },
  ]
}
