// node path-names.mjs LIST...: how many of the file names in these lists, one a line, may not be read.
//
// Names only: a gate on an empty folder judges each as the argument of a tool that reads. A list comes from
// `git ls-tree -r --name-only HEAD` in a repository, or from `find . -type f` in an installed tree.

import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Gate } from '../../index.mjs'

/** The most of them that may be refused. */
const TARGET = 0.00005

const lists = process.argv.slice(2)
if (lists.length === 0) {
  process.stderr.write('usage: node benches/node/path-names.mjs LIST...\n')
  process.exit(2)
}

const root = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-names-')))
const gate = new Gate({
  paths: { roots: [root] },
  tools: { read: { arguments: { '/path': { kind: 'path' } } } },
})

/** The rule that refuses a name, if any. */
function refusal(name) {
  const { action, findings } = gate.audit('read', { path: name })
  return action === 'deny' ? findings.find((finding) => finding.action === 'deny')?.rule : undefined
}

let [all, refused] = [0, 0]
for (const list of lists) {
  const names = readFileSync(list, 'utf8')
    .split('\n')
    .map((name) => name.replace(/^\.?\//, ''))
    .filter((name) => name !== '')
  const denied = names.map((name) => [refusal(name), name]).filter(([rule]) => rule !== undefined)
  all += names.length
  refused += denied.length
  console.log(`${basename(list)}: ${denied.length} of ${names.length}`)
  for (const [rule, name] of denied) {
    console.log(`  ${rule} ${name}`)
  }
}
rmSync(root, { recursive: true })
const share = all === 0 ? 0 : refused / all
console.log(`${refused} of ${all} refused: ${(100 * share).toFixed(4)} % (target ${100 * TARGET} %)`)
