// What Node developers expect: errors that say which option and which member, encodings as `node:fs` takes them, worker
// threads without warnings, and the reason why a library could not be loaded.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const INDEX = fileURLToPath(new URL('../index.js', import.meta.url))

function rooted(t) {
  const root = temporaryFolder(t)
  writeFileSync(join(root, 'a.txt'), 'größe')
  writeFileSync(join(root, 'big.txt'), 'x'.repeat(200_000))
  return { root, gate: new Gate({ paths: { roots: [root] } }) }
}

describe('options', () => {
  it('may be an encoding', async (t) => {
    const { files } = rooted(t).gate
    assert.equal(await files.readFile('a.txt', 'utf8'), 'größe')
    assert.equal(files.readFileSync('a.txt', 'latin1'), Buffer.from('größe').toString('latin1'))
    let text = ''
    for await (const chunk of files.createReadStream('a.txt', 'utf8')) {
      text += chunk
    }
    assert.equal(text, 'größe')
  })

  for (const [name, use, message] of [
    [
      'unknown',
      ({ files }) => files.readFileSync('a.txt', { encodng: 'utf8' }),
      /options\.encodng .*encoding/,
    ],
    [
      'of another type',
      ({ files }) => files.readFileSync('a.txt', { maxBytes: '5' }),
      /options\.maxBytes is an integer/,
    ],
    ['no encoding', ({ files }) => files.readFileSync('a.txt', 'utf-9'), /options\.encoding is/],
    [
      'no option at all',
      ({ files }) => files.readFileSync('a.txt', 5),
      /plain object with any of base, maxBytes/,
    ],
    ['of openPath', (gate) => gate.openPath('a.txt', { creat: true }), /options\.creat .*create/],
    ['with a strange name', (gate) => gate.openPath('a.txt', { 'a\n\u202e': 1 }), /options\."a\\n\\u202e" /],
  ]) {
    it(`are named where they are ${name}`, (t) => {
      assert.throws(() => use(rooted(t).gate), { code: 'input.type', message })
    })
  }
})

describe('a policy that is an object', () => {
  for (const [policy, pointer] of [
    [{ limits: { depth: 'x' } }, '/limits/depth'],
    [{ limits: { depth: -1 } }, '/limits/depth'],
    [{ limits: { dpeth: 1 } }, '/limits/dpeth'],
    [{ mode: 'obsreve' }, '/mode'],
    [{ paths: { roots: 'x' } }, '/paths/roots'],
    [{ paths: { roots: [5] } }, '/paths/roots/0'],
    [{ tools: { t: { arguments: { '/p': { kind: 'pth' } } } } }, '/tools/t/arguments/~1p/kind'],
    [{ tools: { t: { access: 'maybe' } } }, '/tools/t/access'],
    [{ rules: { 'json.syntax': 'of' } }, '/rules/json.syntax'],
    [{ unknown: 1 }, '/unknown'],
  ]) {
    it(`is told by the pointer of its fault: ${pointer}`, () => {
      assert.throws(
        () => new Gate(policy),
        ({ code, message }) => {
          assert.equal(code, 'policy.invalid')
          assert.ok(message.startsWith(`${pointer}: `), message)
          assert.ok(!/line \d+ column/.test(message), message)
          return true
        },
      )
    })
  }
})

it('a worker thread reads files without a warning', (t) => {
  const { root } = rooted(t)
  const source = `
    const { Worker, isMainThread } = require('node:worker_threads')
    if (isMainThread) {
      new Worker(__filename)
    } else {
      const { Gate } = require(${JSON.stringify(INDEX)})
      const { files } = new Gate({ paths: { roots: [${JSON.stringify(root)}] } })
      console.log(files.readFileSync('big.txt').length, files.readFileSync('a.txt', 'utf8'))
      files.readFile('big.txt').then(({ length }) => console.log(length))
    }`
  const file = join(root, 'worker.cjs')
  writeFileSync(file, source)
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.equal(stdout, '200000 größe\n200000\n')
  assert.equal(stderr, '')
})

it('a library that cannot be loaded says why', { skip: process.platform !== 'linux' }, (t) => {
  const folder = temporaryFolder(t)
  for (const name of ['index.js', 'binding.js', 'package.json', 'js']) {
    cpSync(join(INDEX, '..', name), join(folder, name), { recursive: true })
  }
  for (const libc of ['gnu', 'musl']) {
    writeFileSync(join(folder, `callgate.${process.platform}-${process.arch}-${libc}.node`), 'no library')
  }
  const source = `
    try { require(${JSON.stringify(folder)}) } catch (error) {
      const told = require('node:util').inspect(error, { depth: 20 })
      console.log(error.code, /invalid ELF|too short|Exec format/i.test(told))
    }`
  const { stdout } = spawnSync(process.execPath, ['-e', source], { encoding: 'utf8' })
  assert.equal(stdout, 'platform.unsupported true\n')
})
