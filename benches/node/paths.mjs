// resolvePath beside the path check of the reference file server.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAllowedDirectories, validatePath } from '@modelcontextprotocol/server-filesystem/dist/lib.js'
import { Gate } from '../../index.mjs'
import { compare } from './measure.mjs'

const ENTRIES = 5000
const DEEP = 'a/b/c/d'

function plant(root) {
  mkdirSync(join(root, DEEP), { recursive: true })
  writeFileSync(join(root, DEEP, 'note.md'), 'text')
  mkdirSync(join(root, 'crowd'))
  for (let index = 0; index < ENTRIES; index++) {
    writeFileSync(join(root, 'crowd', `note-${index}.md`), '')
  }
}

export async function pathRows() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-bench-')))
  try {
    plant(root)
    setAllowedDirectories([root])
    const gate = new Gate({ paths: { roots: [root] } })
    const cases = [
      { name: 'an existing file at depth 5', path: `${DEEP}/note.md`, intent: 'read', target: 10 },
      { name: 'a missing leaf at depth 5', path: `${DEEP}/new.md`, intent: 'write', target: 50 },
      { name: `a missing leaf beside ${ENTRIES} files`, path: 'crowd/new.md', intent: 'write', target: 500 },
    ]
    const rows = []
    for (const { name, path, intent, target } of cases) {
      const absolute = join(root, path)
      const times = await compare({
        resolve: { job: () => gate.resolvePath(path, { intent }) },
        peer: { async: true, job: () => validatePath(absolute) },
      })
      rows.push({ name, target, times })
    }
    gate.close()
    return rows
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
