// Writes docs/hostile-input.md: what hostile messages do to servers of both lines, unguarded and guarded.
//   node scripts/hostile-input.mjs

import { writeFileSync } from 'node:fs'
import { CASES } from '../__test__/mcp/support/cases.mjs'
import { outcomeOf } from '../__test__/mcp/support/outcomes.mjs'
import { FILE, page } from '../__test__/mcp/support/page.mjs'

/** Rows of the page: the outcomes of each case by server. */
const rows = []
for (const row of CASES) {
  rows.push({ name: row.name, outcomes: await outcomeOf(row) })
  console.error(row.name)
}
writeFileSync(FILE, page(rows))
process.exit()
