// gate.files beside node:fs alone, and beside the reference file server's check followed by node:fs.

import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { validatePath } from '@modelcontextprotocol/server-filesystem/dist/lib.js'
import { compare } from './measure.mjs'
import { DEEP, ENTRIES, inRoot } from './root.mjs'

const FILES = { 'small.md': Buffer.alloc(1 << 10, 'x'), 'large.md': Buffer.alloc(1 << 20, 'x') }

export function fileRows() {
  return inRoot(FILES, async (root, { files }) => {
    const rows = []
    for (const [name, file] of [
      ['readFile, 1 KB at depth 5', 'small.md'],
      ['readFile, 1 MB at depth 5', 'large.md'],
    ]) {
      const path = `${DEEP}/${file}`
      const absolute = join(root, path)
      const times = await compare({
        own: { async: true, job: () => files.readFile(path) },
        alone: { async: true, job: () => fs.readFile(absolute) },
        peer: { async: true, job: async () => fs.readFile(await validatePath(absolute)) },
      })
      rows.push({ name, most: 1.3, least: 2, times })
    }
    const crowd = join(root, 'crowd')
    const times = await compare({
      own: { async: true, job: () => files.readDir('crowd') },
      alone: { async: true, job: () => fs.readdir(crowd, { withFileTypes: true }) },
    })
    rows.push({ name: `readDir, ${ENTRIES} entries`, most: 1.3, times })
    return rows
  })
}
