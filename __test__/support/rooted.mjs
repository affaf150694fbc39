// A gate on a root that has something to lose.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Gate } from '../../index.mjs'
import { temporaryFolder } from './temporary.mjs'

/**
 * A folder with a root in it, what lies in and outside of the root, and a gate on the root.
 *
 * @param {import('node:test').TestContext} t
 * @param {import('../../index.js').Policy} [policy]
 */
export function rooted(t, policy = {}) {
  const temp = temporaryFolder(t)
  const root = join(temp, 'root')
  mkdirSync(join(root, 'sub'), { recursive: true })
  mkdirSync(join(temp, 'outside'))
  writeFileSync(join(temp, 'outside', 'secret.txt'), 'outside')
  writeFileSync(join(root, 'a.txt'), 'inside')
  symlinkSync('../outside', join(root, 'escape'))
  const gate = new Gate({ ...policy, paths: { roots: [root], ...policy.paths } })
  t.after(() => gate.close())
  return { temp, root, gate, files: gate.files }
}
