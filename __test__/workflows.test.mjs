// The workflows as text: they run elsewhere, with rights that a mistake would give away.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, '.github', 'workflows')
const read = (/** @type {string} */ name) => readFileSync(join(FOLDER, name), 'utf8')

/** What is wrong with a workflow, one sentence each. */
function faults(text) {
  const lines = text.split('\n')
  const found = []
  for (const line of lines.filter((line) => /\buses:/.test(line))) {
    if (!/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)) {
      found.push(`not pinned by a commit with its version beside it: ${line.trim()}`)
    }
  }
  if (!lines.includes('permissions: {}')) {
    found.push('a job that names no permissions has some')
  }
  const rights = lines.filter((line) => /^ +[a-z-]+: (write|read)\b/.test(line)).map((line) => line.trim())
  for (const right of rights.filter((right) => !/^contents: read$|^id-token: write #/.test(right))) {
    found.push(`more than a job needs: ${right}`)
  }
  for (const word of ['pull_request_target', 'secrets.', 'write-all', 'workflow_run']) {
    if (text.includes(word)) {
      found.push(`it names ${word}`)
    }
  }
  const checkouts = text.split('actions/checkout@').length - 1
  if (text.split('persist-credentials: false').length - 1 !== checkouts) {
    found.push('a checkout leaves its token behind')
  }
  return found
}

describe('workflows', () => {
  for (const name of readdirSync(FOLDER)) {
    it(`${name}: has no more rights than it needs`, () => assert.deepEqual(faults(read(name)), []))
  }

  it('release.yml builds every target of package.json', () => {
    const { targets } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).napi
    assert.equal(targets.length, 8)
    for (const target of targets) {
      assert.ok(read('release.yml').includes(target), target)
    }
  })

  for (const [what, before, after, expected] of [
    ['a moving tag', /checkout@[0-9a-f]{40} # v[\d.]+/, 'checkout@v7', /not pinned/],
    ['a short commit', /checkout@[0-9a-f]{40}/, 'checkout@3d3c42e', /not pinned/],
    ['rights by default', /^permissions: \{\}$/m, '', /names no permissions/],
    ['a right to write', /contents: read/, 'contents: write', /contents: write/],
    ['a kept token', /persist-credentials: false/, 'fetch-depth: 1', /token behind/],
    ['a secret', /steps\.auth\.outputs\.token/, 'secrets.TOKEN', /secrets\./],
  ]) {
    it(`the check finds ${what}`, () => {
      assert.match(faults(read('release.yml').replace(before, after)).join('\n'), expected)
    })
  }
})
