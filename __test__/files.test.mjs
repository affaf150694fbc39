// gate.files from Node: what it answers, throws and leaves on the disk. The rules are tested in Rust
// (src/path/files) and by tests/vectors/files.json.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CallgateError } from '../index.mjs'
import { refusal } from './support/callgate.mjs'
import { rooted } from './support/rooted.mjs'

const skip = process.platform === 'win32' && 'paths are not validated here'

/** Asserts that both forms of an operation refuse. */
async function refusedTwice(files, operation, args, code) {
  const name = `${operation}(${JSON.stringify(args)})`
  const error = refusal(() => files[`${operation}Sync`](...args), code, name)
  const promise = files[operation](...args)
  assert.ok(promise instanceof Promise, `${name} rejects and does not throw`)
  await assert.rejects(promise, (rejected) => {
    assert.ok(rejected instanceof CallgateError, name)
    assert.deepEqual(
      [rejected.code, rejected.message, rejected.finding],
      [code, error.message, error.finding],
    )
    return true
  })
  return error
}

describe('files', { skip }, () => {
  it('is one object for each gate', (t) => {
    const { gate, files } = rooted(t)
    assert.equal(gate.files, files)
    assert.notEqual(rooted(t).files, files)
    refusal(() => new files.constructor(), 'input.type')
  })

  it('does each operation, at once or on the pool', async (t) => {
    for (const form of ['Sync', '']) {
      const { root, files } = rooted(t)
      const call = async (operation, ...args) => files[operation + form](...args)
      assert.equal(await call('writeFile', 'new.txt', 'näïve'), undefined)
      const bytes = await call('readFile', 'new.txt')
      assert.ok(Buffer.isBuffer(bytes) && bytes.equals(Buffer.from('näïve')))
      assert.equal(await call('readFile', 'new.txt', { encoding: 'utf8' }), 'näïve')
      assert.equal(await call('readFile', 'new.txt', { encoding: 'hex' }), bytes.toString('hex'))
      assert.equal(await call('appendFile', 'new.txt', new Uint8Array([33])), undefined)
      assert.equal(await call('copyFile', 'new.txt', 'sub/copy.txt'), undefined)
      assert.equal(await call('rename', 'new.txt', 'old.txt'), undefined)
      assert.equal(await call('makeDir', 'x/y', { recursive: true }), undefined)
      assert.deepEqual(await call('readDir', '.', { recursive: true }), [
        { name: 'a.txt', kind: 'file', size: 6 },
        { name: 'escape', kind: 'link', size: 0 },
        { name: 'old.txt', kind: 'file', size: 8 },
        { name: 'sub', kind: 'directory', size: 0 },
        { name: 'sub/copy.txt', kind: 'file', size: 8 },
        { name: 'x', kind: 'directory', size: 0 },
        { name: 'x/y', kind: 'directory', size: 0 },
      ])
      const { mtimeMs, mode } = statSync(join(root, 'old.txt'))
      const stat = await call('stat', 'old.txt')
      assert.ok(Math.abs(stat.modifiedMs - mtimeMs) < 0.01)
      assert.deepEqual(
        { ...stat, modifiedMs: 0 },
        { kind: 'file', size: 8, modifiedMs: 0, mode: mode & 0o7777 },
      )
      assert.equal(await call('remove', 'x', { recursive: true }), undefined)
      assert.equal(await call('remove', 'old.txt'), undefined)
      assert.deepEqual(readdirSync(root).sort(), ['a.txt', 'escape', 'sub'])
      assert.deepEqual(await call('readDir', 'sub', { hideBlocked: true, base: '.' }), [
        { name: 'copy.txt', kind: 'file', size: 8 },
      ])
      await call('remove', 'copy.txt', { base: 'sub' })
      assert.deepEqual(await call('readDir', 'sub'), [])
    }
  })

  it('refuses with the code of the rule and its finding, and leaks no path', async (t) => {
    const { temp, root, files } = rooted(t, { paths: { blocked: ['waiting/b.txt'] } })
    writeFileSync(join(root, '.env'), 'KEY')
    writeFileSync(join(root, 'sub', 'b.txt'), 'below')
    for (const [operation, args, code] of [
      ['readFile', ['../outside/secret.txt'], 'path.traversal'],
      ['readFile', [join(temp, 'outside', 'secret.txt')], 'path.outside-root'],
      ['readFile', ['escape/secret.txt'], 'path.symlink'],
      ['readFile', ['.env'], 'path.blocked'],
      ['readFile', ['a.txt', { maxBytes: 5 }], 'path.size'],
      ['readFile', ['none.txt'], 'path.missing'],
      ['readFile', ['a\ud800.txt'], 'json.surrogate'],
      ['writeFile', ['escape/new.txt', 'x'], 'path.symlink'],
      ['writeFile', ['a.txt', 'x', { exclusive: true }], 'path.exists'],
      ['writeFile', ['none.txt', 'x', { create: false }], 'path.missing'],
      ['appendFile', ['.env', 'x'], 'path.blocked'],
      ['readDir', ['escape'], 'path.symlink'],
      ['readDir', ['.', { maxEntries: 3 }], 'path.entries'],
      ['stat', ['.env'], 'path.blocked'],
      ['makeDir', ['sub'], 'path.exists'],
      ['makeDir', ['x/y'], 'path.missing'],
      ['remove', ['.', { recursive: true }], 'path.outside-root'],
      ['remove', ['escape/'], 'path.symlink'],
      ['remove', ['escape/secret.txt'], 'path.symlink'],
      ['rename', ['escape', 'elsewhere'], 'path.symlink'],
      ['rename', ['a.txt', 'sub/../../outside/x'], 'path.traversal'],
      ['rename', ['a.txt', 'sub'], 'path.exists'],
      ['rename', ['a.txt', 'a\udc00'], 'json.surrogate'],
      ['rename', ['sub', 'waiting'], 'path.blocked'],
      ['copyFile', ['.env', 'x'], 'path.blocked'],
      ['copyFile', ['a.txt', 'x', { maxBytes: 5 }], 'path.size'],
    ]) {
      const error = await refusedTwice(files, operation, args, code)
      assert.equal(error.finding.rule, code)
      assert.ok(Object.isFrozen(error.finding) && !error.message.includes(temp), error.message)
    }
    assert.deepEqual(readdirSync(root).sort(), ['.env', 'a.txt', 'escape', 'sub'])
    assert.deepEqual(readdirSync(join(temp, 'outside')), ['secret.txt'])
  })

  it('throws input.type for misuse', async (t) => {
    const { files } = rooted(t)
    for (const [operation, args] of [
      ['readFile', []],
      ['readFile', [Buffer.from('a.txt')]],
      ['readFile', ['a.txt', null]],
      ['readFile', ['a.txt', { encoding: 'utf9' }]],
      ['readFile', ['a.txt', { maxBytes: -1 }]],
      ['readFile', ['a.txt', { maxBytes: 1.5 }]],
      ['readFile', ['a.txt', { maxBytes: Number.NaN }]],
      ['readFile', ['a.txt', { maxbytes: 1 }]],
      ['readFile', ['a.txt', { base: 1 }]],
      ['readFile', ['a.txt', { base: '\ud800' }]],
      ['writeFile', ['a.txt']],
      ['writeFile', ['a.txt', 1]],
      ['writeFile', ['a.txt', { length: 1, 0: 1 }]],
      ['writeFile', ['a.txt', new Uint16Array(1)]],
      ['writeFile', ['a.txt', new DataView(new ArrayBuffer(1))]],
      ['writeFile', ['a.txt', new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))]],
      ['writeFile', ['a.txt', 'x', { mode: 0o1777 }]],
      ['writeFile', ['a.txt', 'x', { create: false, exclusive: true }]],
      ['writeFile', ['a.txt', 'x', { sync: 1 }]],
      ['readDir', ['.', { maxEntries: '1' }]],
      ['rename', ['a.txt']],
      ['copyFile', ['a.txt', 'b.txt', { recursive: true }]],
    ]) {
      await refusedTwice(files, operation, args, 'input.type')
    }
    const detached = new Uint8Array(1)
    structuredClone(detached, { transfer: [detached.buffer] })
    await refusedTwice(files, 'writeFile', ['a.txt', detached], 'input.type')
    assert.equal(files.readFileSync('a.txt', { encoding: 'utf8' }), 'inside')
  })

  it('takes no option from Object.prototype', async (t) => {
    const { root, files } = rooted(t)
    writeFileSync(join(root, 'sub', 'b.txt'), 'b')
    const polluted = {
      recursive: true,
      overwrite: true,
      create: false,
      max: 0,
      maxBytes: 0,
      base: 'sub',
      mode: 0,
    }
    const answers = { refused: '{}', failed: ['internal', ''], fd: 0, facts: [1], names: 'x', bytes: 'x' }
    Object.assign(Object.prototype, polluted, answers)
    try {
      await refusedTwice(files, 'remove', ['sub'], 'path.not-empty')
      await refusedTwice(files, 'rename', ['a.txt', 'sub/b.txt'], 'path.exists')
      await refusedTwice(files, 'copyFile', ['a.txt', 'sub/b.txt', {}], 'path.exists')
      files.writeFileSync('new.txt', 'new')
      assert.equal((await files.readFile('new.txt')).toString(), 'new')
      assert.equal(files.readFileSync('new.txt').toString(), 'new')
      assert.equal(files.statSync('new.txt').mode, 0o600)
      assert.deepEqual(readdirSync(join(root, 'sub')), ['b.txt'])
    } finally {
      for (const name of Object.keys({ ...polluted, ...answers })) {
        delete Object.prototype[name]
      }
    }
  })

  it('asks Node for no more at once than it counts', (t) => {
    const { root } = rooted(t)
    writeFileSync(join(root, 'large'), '')
    truncateSync(join(root, 'large'), 2 ** 32)
    // Node takes the length for a number of 32 bits, and 4 GiB for nothing. Neither memory nor disk is touched here.
    const script = `
      const fs = require('node:fs')
      const taken = (length) => length | 0
      fs.readSync = (fd, room, at, length) => taken(length)
      fs.read = (fd, room, at, length, position, done) => setImmediate(done, null, taken(length))
      const { files } = new (require(process.argv[1]).Gate)({ paths: { roots: [process.argv[2]] } })
      const limit = { maxBytes: Infinity }
      const lengths = [files.readFileSync('large', limit).length]
      files.readFile('large', limit).then(({ length }) => console.log(...lengths, length))`
    const main = fileURLToPath(new URL('../index.js', import.meta.url))
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, main, root])
    assert.equal(stdout.toString(), '4294967296 4294967296\n', stderr.toString())
  })

  it('copies the data before it returns', async (t) => {
    const { files } = rooted(t)
    const bytes = Buffer.alloc(1 << 20, 'a')
    const writing = files.writeFile('a.txt', bytes)
    bytes.fill('b')
    await writing
    assert.ok(files.readFileSync('a.txt').equals(Buffer.alloc(1 << 20, 'a')))
    const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(99)
    await files.writeFile('a.txt', shared)
    assert.equal(files.readFileSync('a.txt', { encoding: 'latin1' }), 'ccc')
    files.writeFileSync('a.txt', Buffer.from('abcdef').subarray(2, 4))
    assert.equal(files.readFileSync('a.txt', { encoding: 'latin1' }), 'cd')
  })

  it('reads files of any size, at once and on the pool', async (t) => {
    const { root, files } = rooted(t)
    for (const size of [0, 1, 65_535, 65_536, 65_537, 3 << 20]) {
      const content = Buffer.alloc(size, 'text')
      writeFileSync(join(root, 'b.txt'), content)
      for (const found of [files.readFileSync('b.txt'), await files.readFile('b.txt')]) {
        assert.ok(Buffer.isBuffer(found) && found.equals(content), `${size}`)
      }
      assert.equal((await files.readFile('b.txt', { maxBytes: size, encoding: 'latin1' })).length, size)
      if (size > 0) {
        await refusedTwice(files, 'readFile', ['b.txt', { maxBytes: size - 1 }], 'path.size')
      }
    }
  })

  it('replaces a file at once and keeps its permission bits', (t) => {
    const { root, files } = rooted(t)
    chmodSync(join(root, 'a.txt'), 0o640)
    const { ino } = statSync(join(root, 'a.txt'))
    files.writeFileSync('a.txt', 'other')
    const now = statSync(join(root, 'a.txt'))
    assert.notEqual(now.ino, ino)
    assert.equal(now.mode & 0o777, 0o640)
    files.writeFileSync('new.txt', '')
    assert.equal(statSync(join(root, 'new.txt')).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(root).sort(), ['a.txt', 'escape', 'new.txt', 'sub'])
  })

  it('shows names that are not UTF-8', {
    skip: process.platform !== 'linux' && 'made on Linux only',
  }, (t) => {
    const { root, files } = rooted(t)
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'sub/odd')), Buffer.from([0xff])]), 'x')
    assert.deepEqual(files.readDirSync('sub'), [{ name: 'odd\ufffd', kind: 'file', size: 1 }])
  })

  it('lists many and large', (t) => {
    const { root, files } = rooted(t)
    for (let index = 0; index < 10_000; index++) {
      writeFileSync(join(root, 'sub', `${index}`), '')
    }
    assert.equal(files.readDirSync('sub').length, 10_000)
    refusal(() => files.readDirSync('.', { recursive: true }), 'path.entries')
    assert.equal(
      files.readDirSync('.', { recursive: true, maxEntries: Number.POSITIVE_INFINITY }).length,
      10_003,
    )
  })

  it('ends what is under way when the gate is closed, and refuses the rest', async (t) => {
    const { gate, files } = rooted(t)
    const reading = files.readFile('a.txt', { encoding: 'utf8' })
    gate.close()
    assert.equal(await reading, 'inside')
    for (const [operation, ...args] of [
      ['readFile', 'a.txt'],
      ['writeFile', 'a.txt', 'x'],
      ['readDir', '.'],
      ['rename', 'a.txt', 'b.txt'],
    ]) {
      await refusedTwice(files, operation, args, 'gate.closed')
    }
    refusal(() => files.createReadStream('a.txt'), 'gate.closed')
  })

  it('only flags where the policy says so', async (t) => {
    const { root, files } = rooted(t, { mode: 'observe' })
    writeFileSync(join(root, '.env'), 'KEY')
    assert.equal(await files.readFile('.env', { encoding: 'utf8' }), 'KEY')
    await refusedTwice(files, 'readFile', ['escape/secret.txt'], 'path.symlink')
    await refusedTwice(files, 'readFile', ['.env', { maxBytes: 1 }], 'path.size')
  })
})

describe('streams of files', { skip }, () => {
  it('read a part, and write in place', async (t) => {
    const { root, files } = rooted(t)
    assert.equal(await text(files.createReadStream('a.txt')), 'inside')
    const part = files.createReadStream('a.txt', { start: 2, end: 3, encoding: 'utf8', highWaterMark: 1 })
    assert.deepEqual(await part.toArray(), ['s', 'i'])
    await pipeline(['one', 'two'], files.createWriteStream('sub/new.txt', { mode: 0o640 }))
    assert.equal(readFileSync(join(root, 'sub/new.txt'), 'utf8'), 'onetwo')
    await pipeline(['!'], files.createWriteStream('sub/new.txt', { append: true }))
    assert.equal(readFileSync(join(root, 'sub/new.txt'), 'utf8'), 'onetwo!')
    await pipeline(['x'], files.createWriteStream('sub/new.txt'))
    assert.equal(readFileSync(join(root, 'sub/new.txt'), 'utf8'), 'x')
  })

  it('throw before there is a stream, and leave no descriptor open', (t) => {
    const { temp, root, files } = rooted(t)
    const open = () => readdirSync('/proc/self/fd').length
    const before = process.platform === 'linux' ? open() : 0
    for (const [call, code] of [
      [() => files.createReadStream('escape/secret.txt'), 'path.symlink'],
      [() => files.createReadStream('sub'), 'path.special-file'],
      [() => files.createReadStream('a.txt', { start: -1 }), 'input.type'],
      [() => files.createReadStream('a.txt', { start: 3, end: 2 }), 'input.type'],
      [() => files.createReadStream('a.txt', { flags: 'w' }), 'input.type'],
      [() => files.createReadStream('a.txt', { fd: 1 }), 'input.type'],
      [() => files.createWriteStream('escape/new.txt'), 'path.symlink'],
      [() => files.createWriteStream('a.txt', { exclusive: true }), 'path.exists'],
      [() => files.createWriteStream('none.txt', { create: false }), 'path.missing'],
      [() => files.createWriteStream('a.txt', { highWaterMark: 0 }), 'input.type'],
      [() => files.createReadStream('a.txt', { highWaterMark: 2 ** 31 }), 'input.type'],
    ]) {
      refusal(call, code, String(call))
    }
    if (process.platform === 'linux') {
      assert.equal(open(), before)
    }
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'inside')
    assert.ok(!existsSync(join(temp, 'outside/new.txt')))
  })
})

describe('files under a race', { skip }, () => {
  it('reads nothing from outside while a folder is swapped; reading by path does', async (t) => {
    const { root, files } = rooted(t)
    mkdirSync(join(root, 'race'))
    writeFileSync(join(root, 'race/secret.txt'), 'inside')
    symlinkSync('../outside', join(root, 'race-link'))
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const code = `
      const { renameSync } = require('node:fs')
      const { parentPort, workerData: { root, stop } } = require('node:worker_threads')
      const move = (from, to) => renameSync(root + '/' + from, root + '/' + to)
      parentPort.postMessage('ready')
      while (Atomics.load(stop, 0) === 0) {
        move('race', 'aside'); move('race-link', 'race'); move('race', 'race-link'); move('aside', 'race')
      }`
    const worker = new Worker(code, { eval: true, workerData: { root, stop } })
    try {
      await new Promise((resolve) => worker.once('message', resolve))
      let [leaks, read] = [0, 0]
      // As long as the control has not leaked the race is not yet one.
      const end = Date.now() + 60_000
      for (let round = 0; (round < 500 || leaks === 0 || read === 0) && Date.now() < end; round++) {
        const found = await files.readFile('race/secret.txt', { encoding: 'utf8' }).catch(() => undefined)
        assert.notEqual(found, 'outside')
        read += Number(found === 'inside')
        await files.writeFile('race/new.txt', 'x').catch(() => {})
        try {
          leaks += Number(readFileSync(join(root, 'race/secret.txt'), 'utf8') === 'outside')
        } catch {
          // The folder is away.
        }
      }
      assert.ok(leaks > 0 && read > 0, `${leaks} leaks, ${read} reads`)
    } finally {
      Atomics.store(stop, 0, 1)
      await new Promise((resolve) => worker.once('exit', resolve))
    }
    renameSync(join(root, 'race-link'), join(root, 'race-link-again'))
    assert.deepEqual(readdirSync(join(root, 'escape')), ['secret.txt'])
  })
})
