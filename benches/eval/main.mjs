// Recall and false positives on public collections; one table, and docs/evaluation.md.
//
//   npm run eval -- [--corpora DIR] [--rules] [--no-page] [--corpora-only]
//
// Exit codes: 0 every gate is met; 1 one is not; 2 usage; 3 no collections.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { corpora, others } from './corpora.mjs'
import { inferredCalls } from './inferred.mjs'
import { evaluate } from './judge.mjs'
import { inferred } from './kinds.mjs'
import { naughty } from './naughty.mjs'
import { ordersIn, ownOrders } from './orders.mjs'
import { ordinaryCalls, ownCalls } from './ordinary.mjs'
import { own } from './own.mjs'
import { ownKinds } from './own-kinds.mjs'
import { kindsTable, page, table } from './page.mjs'
import { chosen, names, sources } from './sources.mjs'
import { paths, secrets, urls } from './special.mjs'

const ROOT = new URL('../../', import.meta.url)
const PAGE = new URL('docs/evaluation.md', ROOT)
/** A worktree lies one folder deeper than a checkout. */
const PLACES = ['../shared/corpora', '../../shared/corpora']

/** @typedef {import('./page.mjs').Result} Result */

function options() {
  try {
    return parseArgs({
      options: {
        corpora: { type: 'string' },
        rules: { type: 'boolean' },
        'no-page': { type: 'boolean' },
        'corpora-only': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    console.error(String(/** @type {Error} */ (error).message))
    process.exit(2)
  }
}

/** @param {string | undefined} named */
function folderOf(named) {
  const folder =
    named ?? PLACES.map((place) => fileURLToPath(new URL(place, ROOT))).find((place) => existsSync(place))
  if (folder === undefined || !existsSync(folder)) {
    console.error(
      named === undefined
        ? `no collections: neither ${PLACES.join(' nor ')} is there; name a folder with --corpora DIR`
        : 'no collections: the folder named by --corpora is not there',
    )
    process.exit(3)
  }
  return folder
}

/** @param {string} folder */
function rowsOf(folder) {
  const hostile = paths(folder)
  const rows = [
    ...corpora(folder),
    ...inferredCalls(folder),
    ...hostile.rows,
    ...secrets(folder),
    ...naughty(folder),
    ...ordersIn(folder),
    ...ordinaryCalls(folder),
  ]
  const read = new Set(rows.flatMap(({ files }) => files))
  const missing = [...read, 'secrets/secretlint_a.jsonl.gz'].filter((file) => !existsSync(join(folder, file)))
  const found = rows.filter(({ files }) => files.some((file) => existsSync(join(folder, file))))
  return { rows: [...found, ...others(folder, read)], missing: [...new Set(missing)], done: hostile.done }
}

/** @param {Result[]} results @param {import('./corpora.mjs').Row[]} rows */
async function compare(results, rows) {
  const { secretlint } = await import('./peers.mjs')
  const files = rows.findIndex(({ name }) => name.startsWith('files of source'))
  for (const [index, row] of rows.entries()) {
    const result = results[index]
    if (result !== undefined && (row.name.startsWith('secretlint') || index === files)) {
      const { values } = row.read()
      result.peer = await secretlint(values.map((value) => Object(value).input ?? value))
    }
  }
}

async function main() {
  const given = options()
  const started = performance.now()
  const folder = folderOf(given.corpora)
  const { rows: found, missing, done } = rowsOf(folder)
  if (found.length === 0) {
    console.error('no collections: the folder holds none that is known and none with labels')
    done()
    process.exit(3)
  }
  const files = given['corpora-only'] ? [] : chosen()
  const rows = [
    ...found,
    ...(given['corpora-only']
      ? []
      : [...urls(), ...ownOrders(), ...ownKinds(), ...ownCalls(), ...sources(files), ...names()]),
  ]
  /** @type {Result[]} */
  let results
  try {
    results = rows.map(evaluate)
  } finally {
    done()
  }
  const ours = given['corpora-only'] ? [] : own().map(evaluate)
  console.log(table([...results, ...ours]))
  const kinds = inferred(folder)
  console.log(`\n${kindsTable(kinds)}\n`)
  if (given.rules) {
    for (const { name, kind, rules } of [...results, ...ours]) {
      console.log(`${name}, ${kind}: ${[...rules].map(([rule, times]) => `${rule} ${times}`).join(', ')}`)
    }
  }
  for (const file of missing) {
    console.log(`absent: ${file}`)
  }
  if (!given['no-page'] && !given['corpora-only']) {
    await compare(results, rows)
    const { offered } = await import('./peers.mjs')
    const languages = new Map()
    for (const { language } of files) {
      languages.set(language, (languages.get(language) ?? 0) + 1)
    }
    const offer = offered('mcp-fence')
    writeFileSync(PAGE, page({ results, kinds, own: ours, languages: [...languages], offer }))
  }
  const failed = [...results, ...ours].filter(({ met }) => met === false)
  for (const { name, kind, gate } of failed) {
    console.error(`below its gate: ${name} as ${kind}: ${gate}`)
  }
  const unmet = kinds.filter(({ met }) => met === false)
  for (const { kind, gate } of unmet) {
    console.error(`below its gate: inferred kind ${kind}: ${gate}`)
  }
  console.log(`${rows.length} rows in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  process.exitCode = failed.length + unmet.length > 0 ? 1 : 0
}

await main()
