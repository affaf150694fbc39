// A temporary root that the gate and the reference file server both hold.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAllowedDirectories } from '@modelcontextprotocol/server-filesystem/dist/lib.js'
import { Gate } from '../../index.mjs'

/** Files in the folder `crowd`. */
export const ENTRIES = 5000
/** The folder of the files to measure. */
export const DEEP = 'a/b/c/d'

/**
 * What `measure` answers about a root with these files at depth 5 and a crowded folder. The root is gone
 * afterwards.
 *
 * @template T
 * @param {Record<string, string | Uint8Array>} files
 * @param {(root: string, gate: Gate) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function inRoot(files, measure) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-bench-')))
  try {
    mkdirSync(join(root, DEEP), { recursive: true })
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(root, DEEP, name), content)
    }
    mkdirSync(join(root, 'crowd'))
    for (let index = 0; index < ENTRIES; index++) {
      writeFileSync(join(root, 'crowd', `note-${index}.md`), '')
    }
    setAllowedDirectories([root])
    const gate = new Gate({ paths: { roots: [root] } })
    const answer = await measure(root, gate)
    gate.close()
    return answer
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
