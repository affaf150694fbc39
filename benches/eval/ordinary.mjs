// Ordinary calls of kinds of servers that the collections do not have: trackers, chats, clusters, sheets, score
// players, queries of many languages. Written by hand, with the signs and words that attacks hold too.

import { readFileSync } from 'node:fs'
import { Gate, inferKinds } from '../../index.mjs'

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

/** @param {number} most flagged, of 1 */
function gateOf(most) {
  return {
    passes: (/** @type {import('./corpora.mjs').Counts} */ { cases, denied, flagged }) =>
      cases > 0 && denied === 0 && flagged / cases <= most,
    gate: `denied 0, flagged <= ${most * 100} %`,
  }
}

/** @returns {import('./corpora.mjs').Row[]} */
export function ownCalls() {
  /** @type {Call[]} */
  const values = own('ordinary.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  /** @type {Tool[]} */
  const tools = JSON.parse(own('ordinary-tools.json'))
  const learnt = new Gate({ tools: Object.fromEntries(tools.map((tool) => [tool.name, guesses(tool)])) })
  return /** @type {const} */ ([
    ['auto', new Gate(), 0.09],
    ['inferred', learnt, 0.03],
  ]).map(([kind, gate, most]) => ({
    name: 'calls of other servers, own set',
    kind,
    label: /** @type {const} */ ('benign'),
    files: [],
    read: () => ({ values }),
    judge: (value) => {
      const { tool, arguments: args } = /** @type {Call} */ (value)
      const { action, findings } = gate.audit(tool, args)
      return { action, rules: [...new Set(findings.map(({ rule }) => rule))] }
    },
    ...gateOf(most),
  }))
}
