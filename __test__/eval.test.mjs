// The evaluation itself: what it reads, and that it fails below a gate. The collections here are made up.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { cases, records } from '../benches/eval/formats.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const MAIN = fileURLToPath(new URL('../benches/eval/main.mjs', import.meta.url))

const jsonl = (/** @type {object[]} */ ...rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** @param {string} folder @param {Record<string, string | Buffer>} files */
function plant(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** @param {...string} args */
function evaluate(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** @param {string} folder */
const onlyCorpora = (folder) => evaluate('--corpora', folder, '--corpora-only', '--no-page')

describe('formats', () => {
  for (const [name, file, text, label, expected] of /** @type {const} */ ([
    ['a list, one case a line', 'a.txt', 'one\n two \n\nthree\r\n', undefined, ['one', ' two ', 'three']],
    ['an array', 'a.json', '["a", "", "b\\n"]', undefined, ['a', '', 'b\n']],
    [
      'lines of JSON by label',
      'a.jsonl',
      jsonl({ label: 'attack', input: 'x' }, { label: 'benign', input: 'y' }),
      'attack',
      ['x'],
    ],
    [
      'lines of JSON without one',
      'a.jsonl',
      jsonl({ label: 'attack', input: 'x' }, { label: 'benign', input: '' }),
      undefined,
      ['x', ''],
    ],
    [
      'several values in a case',
      'a.jsonl',
      jsonl({ label: 'attack', inputs: ['x', 'y'] }),
      'attack',
      [['x', 'y']],
    ],
    ['packed', 'a.jsonl.gz', gzipSync(jsonl({ label: 'clean', input: 'z' })), 'clean', ['z']],
  ])) {
    it(name, (t) => {
      const folder = temporaryFolder(t)
      plant(folder, { [file]: text })
      assert.deepEqual(cases(join(folder, file), label), expected)
    })
  }

  it('a line that is no JSON is a fault, not a case', (t) => {
    const folder = temporaryFolder(t)
    plant(folder, { 'a.jsonl': '{"label": "attack"\n' })
    assert.throws(() => records(join(folder, 'a.jsonl')), SyntaxError)
  })
})

describe('gates', () => {
  const attacks = Array.from({ length: 20 }, (_, index) => `${index}' OR 1=1 --\n`).join('')
  const prose = Array.from({ length: 20 }, (_, index) => `sentence number ${index}\n`).join('')

  it('met: exit code 0', (t) => {
    const folder = temporaryFolder(t)
    plant(folder, {
      'sqli/patt_Auth_Bypass.txt': attacks,
      'benign/bfcl_tool_calls_a.jsonl': jsonl({ label: 'benign', arguments: { city: 'Bern', list: ['a'] } }),
      'path/patt_directory_traversal.txt': '../../etc/passwd\netc/passwd\n',
      'robustness/blns.json': '["plain"]',
    })
    const { status, stdout, stderr } = onlyCorpora(folder)
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.match(stdout, /\| SQL injection \| auto \| 20 \| 0 \| 20 \(100\.00 %\) \| 0 \|/)
    assert.match(stdout, /\| patt_directory_traversal \(1 inside the root\) \| path \| 2 \|/)
    assert.match(stdout, /^absent: cmdi\/patt_command_exec\.txt$/m)
  })

  for (const [name, files, missed] of /** @type {[string, Record<string, string | Buffer>, RegExp][]} */ ([
    ['attacks that are let pass', { 'sqli/patt_Auth_Bypass.txt': prose }, /SQL injection as auto/],
    [
      'one of ten too few',
      { 'sqli/patt_Auth_Bypass.txt': attacks + prose.slice(0, 60) },
      /SQL injection as auto/,
    ],
    [
      'ordinary values that are flagged',
      { 'sqli/libinjection_fp_a.jsonl': jsonl({ label: 'benign', input: "1' OR '1'='1" }) },
      /false positives as auto/,
    ],
    [
      'a tool call that is flagged deep inside',
      {
        'benign/bfcl_tool_calls_a.jsonl': jsonl({
          label: 'benign',
          arguments: { a: [{ b: ['<script>alert(1)</script>'] }] },
        }),
      },
      /tool calls as auto/,
    ],
    [
      'a naughty string that nobody defends',
      { 'robustness/blns.json': JSON.stringify(['a\u200bb']) },
      /naughty strings as text/,
    ],
    [
      'a secret with another range',
      {
        'secrets/secretlint_a.jsonl.gz': gzipSync(
          jsonl({
            label: 'secret',
            rule: 'made up',
            case: 'made up',
            input: `key ${'AKIA'}${'QYLPMN5HHHFPZAM2'} end`,
            ranges: [[3, 24]],
          }),
        ),
      },
      /exact ranges as text/,
    ],
    [
      'clean text that is called a secret',
      {
        'secrets/secretlint_a.jsonl.gz': gzipSync(
          jsonl({
            label: 'clean',
            rule: 'made up',
            case: 'made up',
            input: `key ${'AKIA'}${'QYLPMN5HHHFPZAM2'} end`,
            ranges: [],
          }),
        ),
      },
      /secretlint, clean as text/,
    ],
  ])) {
    it(`below one: exit code 1: ${name}`, (t) => {
      const folder = temporaryFolder(t)
      plant(folder, files)
      const { status, stdout, stderr } = onlyCorpora(folder)
      assert.equal(status, 1)
      assert.match(stderr, missed)
      assert.match(stdout, /\*\*NO\*\*/)
    })
  }

  it('a collection that no row knows is reported by its labels', (t) => {
    const folder = temporaryFolder(t)
    plant(folder, { 'new/some.jsonl': jsonl({ label: 'attack', input: "x' OR 1=1 --" }) })
    const { status, stdout } = onlyCorpora(folder)
    assert.equal(status, 0)
    assert.match(stdout, /\| new\/some\.jsonl \| auto \| 1 \| 0 \| 1 \(100\.00 %\) \| 0 \|/)
  })

  it('prints no text of a case', (t) => {
    const folder = temporaryFolder(t)
    plant(folder, {
      'sqli/patt_Auth_Bypass.txt': "marker-of-this-test' OR 1=1 --\nmarker-of-this-test\n",
      'robustness/blns.json': '["marker-of-this-test\\u200b"]',
    })
    const { stdout, stderr } = onlyCorpora(folder)
    assert.doesNotMatch(stdout + stderr, /marker-of-this-test/)
  })
})

describe('what it cannot do', () => {
  it('no folder: exit code 3 and a message', (t) => {
    const { status, stderr } = evaluate('--corpora', join(temporaryFolder(t), 'none'))
    assert.equal(status, 3)
    assert.match(stderr, /^no collections: /)
  })

  it('a folder without collections: the same', (t) => {
    const { status, stderr } = onlyCorpora(temporaryFolder(t))
    assert.equal(status, 3)
    assert.match(stderr, /^no collections: /)
  })

  it('an unknown option: exit code 2', () => {
    assert.equal(evaluate('--corpus', '.').status, 2)
  })
})
