// One declaration file for both lines of the SDK, compiled as strictly as TypeScript can.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

it('the types of callgate/mcp fit both lines of the SDK', () => {
  const options = '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --skipLibCheck'
  const target = '--target es2023 --lib es2024,dom --module nodenext --moduleResolution nodenext --types node'
  const args = [...options.split(' '), ...target.split(' '), '__test__/types/mcp.mts']
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  assert.equal(stdout, '')
  assert.equal(status, 0)
})

it('modules are told every type that scripts are told', () => {
  const named = (file, pattern) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(pattern)].map(([, name]) => name)
  const declared = named('index.d.ts', /^export (?:declare )?(?:interface|type|class|function|const) (\w+)/gm)
  assert.ok(declared.includes('ToolCoverage'))
  assert.deepEqual(named('index.d.mts', /^ {2}(\w+),$/gm).sort(), declared.sort())
})
