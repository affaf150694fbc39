// Ordinary calls of kinds of servers that the collections do not have: trackers, chats, clusters, sheets, score
// players, queries of many languages. Written by hand, with the signs and words that attacks hold too.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Gate, inferKinds } from '../../index.mjs'
import { quiet } from './corpora.mjs'
import { records, text } from './formats.mjs'

const CALLS = 'ordinary/calls_a.jsonl.gz'
const TOOLS = 'ordinary/tools.json'
const TRACES = ['traces/agentdojo_a.jsonl.gz', 'traces/livemcpbench_a.jsonl.gz']

/** @typedef {{ tool: string, arguments: object }} Call */
/** @typedef {{ name: string, description: string, inputSchema: object }} Tool */

/** @param {string} name */
function own(name) {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

/** The kinds that a guarded server infers. @param {Tool} tool */
function guesses(tool) {
  const kinds = Object.entries(inferKinds(tool.inputSchema, tool))
  return { arguments: Object.fromEntries(kinds.map(([place, kind]) => [place, { kind, inferred: true }])) }
}

/** A gate that guards such tools. @param {Tool[]} tools */
export function learnt(tools) {
  return new Gate({ tools: Object.fromEntries(tools.map((tool) => [tool.name, guesses(tool)])) })
}

/** Judges a call as a gate does. @param {Gate} gate @returns {import('./corpora.mjs').Row['judge']} */
function by(gate) {
  return (value) => {
    const { tool, arguments: args } = /** @type {Call} */ (value)
    const { action, findings } = gate.audit(tool, args)
    return { action, rules: [...new Set(findings.map(({ rule }) => rule))] }
  }
}

/** The tools and calls of our own. */
export function ownTools() {
  const calls = own('ordinary.jsonl')
    .split('\n')
    .filter((line) => line !== '')
  return {
    tools: /** @type {Tool[]} */ (JSON.parse(own('ordinary-tools.json'))),
    calls: calls.map((line) => /** @type {Call} */ (JSON.parse(line))),
  }
}

/** Calls that the rules were not written for. The targets are 0.5 % with kinds and 3 % without: missed. @returns {import('./corpora.mjs').Row[]} */
export function ownCalls() {
  const { tools, calls } = ownTools()
  return /** @type {const} */ ([
    ['auto', new Gate(), 0.09],
    ['inferred', learnt(tools), 0.03],
  ]).map(([kind, gate, most]) => ({
    name: 'calls of other servers, own set',
    kind,
    label: /** @type {const} */ ('benign'),
    files: [],
    read: () => ({ values: calls }),
    judge: by(gate),
    ...quiet(most),
  }))
}

/**
 * Calls of the collections: those of eight ordinary tools, with their kinds and without, and those that agents made.
 *
 * @param {string} folder
 * @returns {import('./corpora.mjs').Row[]}
 */
export function ordinaryCalls(folder) {
  const gate = new Gate()
  const row = (/** @type {string} */ name, /** @type {string} */ kind, /** @type {string[]} */ files) => ({
    ...{ name, kind, files, label: /** @type {const} */ ('benign') },
  })
  const ordinary = () => ({ values: records(join(folder, CALLS)) })
  const tools = existsSync(join(folder, TOOLS)) ? JSON.parse(text(join(folder, TOOLS))) : []
  return [
    { ...row('ordinary calls', 'auto', [CALLS]), read: ordinary, judge: by(gate), ...quiet(0.03) },
    {
      ...row('ordinary calls', 'inferred', [CALLS, TOOLS]),
      read: ordinary,
      judge: by(learnt(tools)),
      ...quiet(0.005),
    },
    {
      ...row('calls in ordinary traces', 'auto', TRACES),
      read: () => {
        const traces = TRACES.map((file) => join(folder, file)).filter((path) => existsSync(path))
        const benign = traces.flatMap((path) => records(path)).filter(({ label }) => label === 'benign')
        return { values: benign.flatMap((trace) => /** @type {{ calls: Call[] }} */ (Object(trace)).calls) }
      },
      judge: by(gate),
      ...quiet(0.005),
    },
  ]
}
