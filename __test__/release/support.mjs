// What the tests of the release share: the packages that `npm run build:release` made.

import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = join(ROOT, 'target', 'release-packages')

/**
 * A packed package.
 *
 * @param {string} name
 * @returns {string} the tarball
 */
export function tarball(name) {
  const found = existsSync(PACKAGES) ? readdirSync(PACKAGES) : []
  const file = found.find(
    (file) => file.startsWith(name) && /^-\d+\.\d+\.\d+\.tgz$/.test(file.slice(name.length)),
  )
  assert.ok(file, `${name} is not packed: run \`npm run build:release\``)
  return join(PACKAGES, file)
}
