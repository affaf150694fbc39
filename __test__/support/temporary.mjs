// A temporary folder that is gone after the test.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @param {{ after: (clean: () => void) => void }} t the test, or `node:test` in the body of a suite */
export function temporaryFolder(t) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-test-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
