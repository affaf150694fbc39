// docs/hostile-input.md says what guarded servers do now.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { CASES } from './support/cases.mjs'
import { closeAll, HTTP, onHttp, onStdio, STDIO } from './support/outcomes.mjs'
import { FILE } from './support/page.mjs'

/** The rows of both tables, each as its cells. */
const [unguarded, guarded] = readFileSync(FILE, 'utf8')
  .split(/^## (?:Unguarded|Guarded)$/m)
  .slice(1)
  .map((part) => [...part.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, cells]) => cells.split(' | ')))

describe('docs/hostile-input.md', () => {
  after(closeAll)

  it('has every case in both tables', () => {
    for (const rows of [unguarded, guarded]) {
      assert.deepEqual(
        rows.map(([name]) => name),
        CASES.map(({ name }) => name),
      )
    }
  })

  for (const [index, row] of CASES.entries()) {
    it(`says what becomes of ${row.name}`, async () => {
      const cells = []
      for (const [line, guard] of Object.values(STDIO)) {
        cells.push(await onStdio(row, line, guard))
      }
      for (const name of Object.values(HTTP)) {
        cells.push(await onHttp(row, name, true))
      }
      assert.deepEqual(guarded[index].slice(1), cells)
    })
  }
})
