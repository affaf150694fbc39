// A temporary folder that is gone after the test.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @param {import('node:test').TestContext} t */
export function temporaryFolder(t) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-test-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
