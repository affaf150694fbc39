// The vectors that Rust and C run too; tests/vectors/README.md says what they hold.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const VECTORS = fileURLToPath(new URL('../tests/vectors/', import.meta.url))

/** @param {string} name */
function vectors(name) {
  return JSON.parse(readFileSync(join(VECTORS, name), 'utf8'))
}

function bytesOf({ args, argsHex, argsRepeat }) {
  if (argsHex !== undefined) {
    return Buffer.from(argsHex, 'hex')
  }
  if (argsRepeat !== undefined) {
    const { before = '', unit, count, after = '' } = argsRepeat
    return Buffer.from(before + unit.repeat(count) + after)
  }
  return Buffer.from(args)
}

/** Of each finding, the members that the expectation names. */
function named(findings, expected) {
  return findings.map((finding, index) =>
    Object.fromEntries(Object.keys(expected[index] ?? finding).map((member) => [member, finding[member]])),
  )
}

for (const file of readdirSync(VECTORS).filter((name) => /^audit-.*\.json$/.test(name))) {
  describe(file, () => {
    for (const { name, policy, tool = 't', action, findings = [], ...input } of vectors(file)) {
      it(name, async () => {
        const gate = new Gate(policy)
        const bytes = bytesOf(input)
        const verdict = gate.audit(tool, bytes)
        assert.equal(verdict.action, action)
        assert.deepEqual(named(verdict.findings, findings), findings)
        assert.deepEqual(await gate.auditAsync(tool, bytes), verdict)
        if (Buffer.from(bytes.toString()).equals(bytes)) {
          assert.deepEqual(gate.audit(tool, bytes.toString()), verdict)
        }
      })
    }
  })
}

describe('secrets.json', () => {
  for (const { name, policy, input, redacted = input } of vectors('secrets.json')) {
    it(name, () => {
      const gate = new Gate(policy)
      const text = input.join('')
      assert.equal(gate.redact(text), redacted.join(''))
      assert.equal(gate.redact(Buffer.from(text)), redacted.join(''))
    })
  }
})

/** Makes the tree below `temp`. */
function plant(temp, tree) {
  for (const entry of tree) {
    const path = join(temp, entry.dir ?? entry.file ?? entry.link ?? entry.hardLink ?? entry.fifo)
    mkdirSync(entry.dir === undefined ? dirname(path) : path, { recursive: true })
    if (entry.file !== undefined) {
      writeFileSync(path, entry.text)
    } else if (entry.link !== undefined) {
      symlinkSync(placed(entry.target, temp), path)
    } else if (entry.hardLink !== undefined) {
      linkSync(join(temp, entry.of), path)
    } else if (entry.fifo !== undefined) {
      execFileSync('mkfifo', [path])
    }
  }
}

/** The value with both placeholders replaced, at any depth. */
function placed(value, temp) {
  const text = JSON.stringify(value).replaceAll('{root}', join(temp, 'root')).replaceAll('{temp}', temp)
  return JSON.parse(text)
}

describe('paths.json', { skip: process.platform === 'win32' && 'paths are not validated here' }, () => {
  it('every case', async (t) => {
    const temp = temporaryFolder(t)
    const { tree, cases } = vectors('paths.json')
    plant(temp, tree)
    for (const { name, path, intent, base, policy = {}, expect } of placed(cases, temp)) {
      await t.test(name, () => {
        const roots = policy.paths?.roots ?? [join(temp, 'root')]
        const gate = new Gate({ ...policy, paths: { ...policy.paths, roots } })
        const options = { intent, base }
        const verdict = gate.checkPath(path, options)
        if (expect.rule !== undefined) {
          const { finding, message } = refusal(() => gate.resolvePath(path, options), expect.rule, name)
          assert.equal(finding.rule, expect.rule)
          assert.ok(!message.includes(temp), message)
          const { check = 'deny' } = expect
          assert.equal(verdict.action, check)
          assert.equal(verdict.findings[0]?.rule, check === 'allow' ? undefined : expect.rule)
          return
        }
        const { relative, kind, root = join(temp, 'root'), flags = [] } = expect
        const found = gate.resolvePath(path, options)
        assert.deepEqual(
          { ...found, findings: rulesOf(found) },
          { path: join(root, relative), relative, root, exists: kind !== 'missing', kind, findings: flags },
        )
        assert.deepEqual(rulesOf(verdict), flags)
      })
    }
  })
})
