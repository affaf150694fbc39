// Runs a row and counts.

import { Gate } from '../../index.mjs'

/** Levels of an argument that hold strings; tool calls are nested less deeply. */
const LEVELS = 6

/** @type {Map<string, Gate>} */
const gates = new Map()

/** @param {string} kind */
function gateFor(kind) {
  let gate = gates.get(kind)
  if (gate === undefined) {
    const patterns = Array.from({ length: LEVELS }, (_, level) => `/value${'/*'.repeat(level)}`)
    const arguments_ = Object.fromEntries(patterns.map((pattern) => [pattern, { kind }]))
    gate = new Gate({ tools: { t: { arguments: arguments_ } } })
    gates.set(kind, gate)
  }
  return gate
}

/**
 * The verdict on one value as an argument of a kind, under the default policy.
 *
 * @param {string} kind
 * @param {unknown} value
 */
export function verdict(kind, value) {
  const { action, findings } = gateFor(kind).audit('t', { value })
  return { action, rules: [...new Set(findings.map(({ rule }) => rule))] }
}

/** @param {import('./corpora.mjs').Row} row */
export function evaluate({ name, kind, label, read, judge, passes, gate }) {
  const { values, left = 0 } = read()
  const counts = { cases: values.length, denied: 0, flagged: 0, missed: 0, false: 0, inside: 0, left }
  /** @type {Map<string, number>} */
  const rules = new Map()
  for (const value of values) {
    const found = judge === undefined ? verdict(kind, value) : judge(value)
    counts.denied += Number(found.action === 'deny')
    counts.flagged += Number(found.action === 'flag')
    counts.inside += Number(found.action === 'inside')
    counts.missed += Number(label === 'attack' && found.action === 'allow')
    counts.false += Number(label === 'benign' && found.action !== 'allow')
    for (const rule of found.rules) {
      rules.set(rule, (rules.get(rule) ?? 0) + 1)
    }
  }
  const met = passes === undefined || values.length === 0 ? undefined : passes(counts)
  return { name, kind, label, counts, rules, gate: gate ?? '', met }
}
