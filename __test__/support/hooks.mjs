// Runs a script against the addon with test hooks, which `npm test` puts out of the package's reach.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ADDON = fileURLToPath(new URL('../../target/test-hooks/callgate.node', import.meta.url))

/**
 * @param {string} name of a script in `__test__/hooked`
 * @returns {any} the JSON that it printed
 */
export function hooked(name) {
  assert.ok(existsSync(ADDON), 'the addon with test hooks is missing: run `npm test`')
  const script = fileURLToPath(new URL(`../hooked/${name}.mjs`, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], {
    encoding: 'utf8',
    env: { ...process.env, CALLGATE_ALLOW_LIBRARY_OVERRIDE: '1', NAPI_RS_NATIVE_LIBRARY_PATH: ADDON },
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}
