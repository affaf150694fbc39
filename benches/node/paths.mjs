// resolvePath beside the path check of the reference file server.

import { join } from 'node:path'
import { validatePath } from '@modelcontextprotocol/server-filesystem/dist/lib.js'
import { compare } from './measure.mjs'
import { DEEP, ENTRIES, inRoot } from './root.mjs'

const CASES = [
  { name: 'an existing file at depth 5', path: `${DEEP}/note.md`, intent: 'read', target: 10 },
  { name: 'a missing leaf at depth 5', path: `${DEEP}/new.md`, intent: 'write', target: 50 },
  { name: `a missing leaf beside ${ENTRIES} files`, path: 'crowd/new.md', intent: 'write', target: 500 },
]

export function pathRows() {
  return inRoot({ 'note.md': 'text' }, async (root, gate) => {
    const rows = []
    for (const { name, path, intent, target } of CASES) {
      const absolute = join(root, path)
      const times = await compare({
        resolve: { job: () => gate.resolvePath(path, { intent }) },
        peer: { async: true, job: () => validatePath(absolute) },
      })
      rows.push({ name, target, times })
    }
    return rows
  })
}
