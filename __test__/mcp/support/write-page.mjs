// Writes docs/hostile-input.md: what hostile messages do to servers of both lines, unguarded and guarded.
//   node __test__/mcp/support/write-page.mjs

import { writeFileSync } from 'node:fs'
import { CASES } from './cases.mjs'
import { outcomeOf } from './outcomes.mjs'
import { FILE, page } from './page.mjs'

/** Rows of the page: the outcomes of each case by server. */
const rows = []
for (const row of CASES) {
  rows.push({ name: row.name, outcomes: await outcomeOf(row) })
  console.error(row.name)
}
writeFileSync(FILE, page(rows))
process.exit()
