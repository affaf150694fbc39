// gate.files beside node:fs alone, and beside the reference file server's check followed by node:fs.

import { promises as fs, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAllowedDirectories, validatePath } from '@modelcontextprotocol/server-filesystem/dist/lib.js'
import { Gate } from '../../index.mjs'
import { compare } from './measure.mjs'

const ENTRIES = 5000
const DEEP = 'a/b/c/d'

function plant(root) {
  mkdirSync(join(root, DEEP), { recursive: true })
  writeFileSync(join(root, DEEP, 'small.md'), Buffer.alloc(1 << 10, 'x'))
  writeFileSync(join(root, DEEP, 'large.md'), Buffer.alloc(1 << 20, 'x'))
  mkdirSync(join(root, 'crowd'))
  for (let index = 0; index < ENTRIES; index++) {
    writeFileSync(join(root, 'crowd', `note-${index}.md`), '')
  }
}

export async function fileRows() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-bench-')))
  try {
    plant(root)
    setAllowedDirectories([root])
    const gate = new Gate({ paths: { roots: [root] } })
    const { files } = gate
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
    gate.close()
    return rows
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
