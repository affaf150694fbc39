// npm run eval -- --corpora DIR
// Recall and false positives on public collections, one table; fails below a gate.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Gate } from '../../index.mjs'
import { CORPORA } from './corpora.mjs'
import { sources } from './sources.mjs'

const { values } = parseArgs({ options: { corpora: { type: 'string' }, misses: { type: 'boolean' } } })
const folder = values.corpora ?? '../shared/corpora'

/** @param {string} kind */
function gateFor(kind) {
  return new Gate({
    tools: { t: { arguments: { '/value': { kind }, '/value/*': { kind }, '/value/*/*': { kind } } } },
  })
}

/** @param {import('./corpora.mjs').Corpus} corpus */
function evaluate({ name, kind, label, cases, passes, gate: wanted }) {
  const gate = gateFor(kind)
  const values = cases(folder)
  const counts = { cases: values.length, denied: 0, flagged: 0 }
  const rules = new Map()
  for (const value of values) {
    const { action, findings } = gate.audit('t', { value })
    counts.denied += action === 'deny' ? 1 : 0
    counts.flagged += action === 'flag' ? 1 : 0
    for (const { rule } of findings) {
      rules.set(rule, (rules.get(rule) ?? 0) + 1)
    }
  }
  const ok = passes === undefined ? undefined : passes(counts)
  return { name, kind, label, ...counts, wanted: wanted ?? '', ok, rules }
}

const known = CORPORA.filter(({ files }) => files.some((file) => existsSync(join(folder, file))))
const results = [...known, ...sources()].map(evaluate)
const percent = (part, whole) => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`
console.log('| corpus | kind | label | cases | denied | flagged | gate | |')
console.log('|---|---|---|---:|---:|---:|---|---|')
for (const { name, kind, label, cases, denied, flagged, wanted, ok, rules } of results) {
  const state = ok === undefined ? '' : ok ? 'met' : '**missed**'
  console.log(
    `| ${name} | ${kind} | ${label} | ${cases} | ${percent(denied, cases)} | ${percent(flagged, cases)} | ${wanted} | ${state} |`,
  )
  if (values.misses) {
    console.log('   ', Object.fromEntries(rules))
  }
}
process.exitCode = results.some(({ ok }) => ok === false) ? 1 : 0
