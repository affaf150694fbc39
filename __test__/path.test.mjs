// Paths from Node: what is answered, what is thrown, and descriptors.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { CallgateError, Gate, ValidatedPath, validatePath } from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'
import { rooted } from './support/rooted.mjs'

const skip = process.platform === 'win32' && 'paths are not validated here'

/** The usual root with a file below a folder and a dangling link. */
function fixture(t, policy) {
  const made = rooted(t, policy)
  writeFileSync(join(made.root, 'sub', 'b.txt'), 'below')
  symlinkSync('../outside/new.txt', join(made.root, 'dangling'))
  return made
}

/** Uses a descriptor and closes it. */
function using(file, use) {
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

describe('resolvePath', { skip }, () => {
  it('answers a frozen ValidatedPath', (t) => {
    const { root, gate } = fixture(t)
    const found = gate.resolvePath('sub/../a.txt')
    assert.ok(found instanceof ValidatedPath && Object.isFrozen(found))
    assert.deepEqual(
      { ...found },
      { path: join(root, 'a.txt'), relative: 'a.txt', root, exists: true, kind: 'file', findings: [] },
    )
    assert.equal(gate.resolvePath('.').kind, 'directory')
  })

  it('throws the finding, and leaks no path', (t) => {
    const { temp, gate } = fixture(t)
    for (const [path, rule] of [
      ['../outside/secret.txt', 'path.traversal'],
      [join(temp, 'outside', 'secret.txt'), 'path.outside-root'],
      ['escape/secret.txt', 'path.symlink'],
      ['a.txt\0', 'path.nul'],
      ['', 'path.missing'],
      ['none.txt', 'path.missing'],
    ]) {
      const error = refusal(() => gate.resolvePath(path), rule, path)
      assert.equal(error.finding.rule, rule)
      assert.equal(error.finding.message, error.message)
      assert.ok(Object.isFrozen(error.finding))
      assert.ok(!error.message.includes(temp), error.message)
      assert.deepEqual(rulesOf(gate.checkPath(path)), [rule], path)
    }
  })

  it('may answer a file that does not exist, to write', (t) => {
    const { gate } = fixture(t)
    const found = gate.resolvePath('sub/new.txt', { intent: 'write' })
    assert.deepEqual([found.exists, found.kind, found.relative], [false, 'missing', 'sub/new.txt'])
  })

  it('counts from a base', (t) => {
    const { gate } = fixture(t)
    assert.equal(gate.resolvePath('b.txt', { base: 'sub' }).relative, 'sub/b.txt')
    assert.equal(gate.resolvePath('../a.txt', { base: 'sub' }).relative, 'a.txt')
    refusal(() => gate.resolvePath('../../outside/secret.txt', { base: 'sub' }), 'path.traversal')
  })

  it('hands over flags', (t) => {
    const { root, gate } = fixture(t, { rules: { 'path.blocked': 'flag' } })
    writeFileSync(join(root, '.env'), '')
    const found = gate.resolvePath('.env')
    assert.deepEqual(rulesOf(found), ['path.blocked'])
    assert.ok(Object.isFrozen(found.findings) && Object.isFrozen(found.findings[0]))
  })

  it('refuses everything without roots', () => {
    const gate = new Gate()
    for (const path of ['a.txt', '/etc/hostname', '.', process.cwd()]) {
      refusal(() => gate.resolvePath(path), 'path.outside-root', path)
      refusal(() => gate.openPath(path), 'path.outside-root', path)
    }
  })

  it('refuses text that is no text, as the policy says where it may', (t) => {
    const { gate, root } = fixture(t)
    for (const use of ['resolvePath', 'openPath']) {
      const error = refusal(() => gate[use]('a\ud800.txt'), 'json.surrogate')
      assert.equal(error.finding.rule, 'json.surrogate')
    }
    assert.deepEqual(rulesOf(gate.checkPath('a\ud800.txt')), ['json.surrogate'])
    const flagged = new Gate({ paths: { roots: [root] }, rules: { 'json.surrogate': 'flag' } })
    const verdict = flagged.checkPath('../\ud800')
    assert.deepEqual([verdict.action, ...rulesOf(verdict)], ['deny', 'json.surrogate', 'path.traversal'])
    assert.equal(flagged.checkPath('a\ud800.txt').findings[0].action, 'flag')
    const observed = new Gate({ paths: { roots: [root] }, mode: 'observe' })
    for (const { resolve, open } of [flagged, observed].map((gate) => ({
      resolve: () => gate.resolvePath('a\ud800.txt'),
      open: () => gate.openPath('a\ud800.txt'),
    }))) {
      for (const { message, finding } of [resolve, open].map((use) => refusal(use, 'json.surrogate'))) {
        assert.deepEqual([finding.action, finding.message], ['deny', message])
        assert.ok(!message.includes('not refused'), message)
      }
    }
    const off = new Gate({ paths: { roots: [root] }, rules: { 'json.surrogate': 'off' } })
    refusal(() => off.resolvePath('a\ud800.txt'), 'path.missing')
  })
})

describe('misuse is CallgateError input.type', { skip }, () => {
  const rows = [
    ['no path', undefined],
    ['a Buffer', Buffer.from('a.txt')],
    ['a URL', new URL('file:///a.txt')],
    ['options null', 'a.txt', null],
    ['options a string', 'a.txt', 'read'],
    ['options that inherit', 'a.txt', Object.create({ intent: 'write' })],
    ['an unknown option', 'a.txt', { intnet: 'write' }],
    ['an unknown intent', 'a.txt', { intent: 'execute' }],
    ['an inherited intent', 'a.txt', { intent: 'constructor' }],
    ['a base that is no string', 'a.txt', { base: 1 }],
    ['a base that is not well-formed', 'a.txt', { base: '\ud800' }],
  ]
  for (const [name, path, options] of rows) {
    it(name, (t) => {
      const { gate } = fixture(t)
      for (const use of ['resolvePath', 'checkPath', 'openPath']) {
        refusal(() => gate[use](path, options), 'input.type', `${use}: ${name}`)
      }
    })
  }

  it('options of openPath', (t) => {
    const { root, gate } = fixture(t)
    for (const options of [
      { create: 1 },
      { truncate: 'yes' },
      { append: null },
      { exclusive: 0 },
      { mode: 0o1000 },
      { mode: 0o10000 },
      { mode: -1 },
      { mode: 1.5 },
      { mode: '600' },
      { flags: 'w' },
    ]) {
      refusal(
        () => gate.openPath('new.txt', { intent: 'write', ...options }),
        'input.type',
        JSON.stringify(options),
      )
    }
    assert.ok(!existsSync(join(root, 'new.txt')))
  })

  it('what data put on Object.prototype is no option', (t) => {
    const { root, gate } = fixture(t)
    const polluted = { intent: 'write', create: true, truncate: true, base: 'sub' }
    Object.assign(Object.prototype, polluted)
    try {
      using(gate.openPath('a.txt', { intent: 'write' }), () => {})
      using(gate.openPath('a.txt', {}), (file) => assert.equal(readFileSync(file, 'utf8'), 'inside'))
      refusal(() => gate.openPath('new.txt', { intent: 'write' }), 'path.missing')
    } finally {
      for (const name of Object.keys(polluted)) {
        delete Object.prototype[name]
      }
    }
    assert.ok(!existsSync(join(root, 'new.txt')))
  })

  it('a ValidatedPath made by hand', () => {
    refusal(() => new ValidatedPath(), 'input.type')
    refusal(
      () => new ValidatedPath(Symbol('made by a gate'), ['/etc/passwd', 'passwd', '/etc', 'file']),
      'input.type',
    )
  })
})

describe('openPath', { skip }, () => {
  it('reads what was checked', (t) => {
    const { gate } = fixture(t)
    assert.equal(
      using(gate.openPath('sub/b.txt'), (file) => readFileSync(file, 'utf8')),
      'below',
    )
  })

  it('keeps the file although its name is taken by another', (t) => {
    const { temp, root, gate } = fixture(t)
    const file = gate.openPath('sub/b.txt')
    renameSync(join(root, 'sub'), join(root, 'moved'))
    symlinkSync(join(temp, 'outside'), join(root, 'sub'))
    assert.equal(
      using(file, (open) => readFileSync(open, 'utf8')),
      'below',
    )
  })

  it('creates, truncates and appends', (t) => {
    const { root, gate } = fixture(t)
    const write = (options, text) =>
      using(gate.openPath('new.txt', { intent: 'write', ...options }), (file) => writeFileSync(file, text))
    refusal(() => write({}, 'x'), 'path.missing')
    write({ create: true, mode: 0o640 }, 'first')
    assert.equal(statSync(join(root, 'new.txt')).mode & 0o777 & ~process.umask(), 0o640 & ~process.umask())
    write({ append: true }, ' second')
    assert.equal(readFileSync(join(root, 'new.txt'), 'utf8'), 'first second')
    write({ truncate: true }, 'third')
    assert.equal(readFileSync(join(root, 'new.txt'), 'utf8'), 'third')
    assert.throws(() => write({ create: true, exclusive: true }, 'x'), CallgateError)
    assert.equal(readFileSync(join(root, 'new.txt'), 'utf8'), 'third')
  })

  it('creates private files by default', (t) => {
    const { root, gate } = fixture(t)
    closeSync(gate.openPath('private.txt', { intent: 'write', create: true }))
    assert.equal(statSync(join(root, 'private.txt')).mode & 0o777, 0o600 & ~process.umask())
  })

  it('opens a folder to list', (t) => {
    const { gate } = fixture(t)
    using(gate.openPath('sub', { intent: 'list' }), (file) => assert.ok(fstatSync(file).isDirectory()))
    refusal(() => gate.openPath('a.txt', { intent: 'list' }), 'path.special-file')
  })

  it('neither creates nor cuts what it refuses', (t) => {
    const { temp, root, gate } = fixture(t)
    linkSync(join(root, 'a.txt'), join(root, 'twin.txt'))
    const write = { intent: 'write', create: true, truncate: true }
    for (const [path, rule] of [
      ['dangling', 'path.symlink'],
      ['escape/secret.txt', 'path.symlink'],
      ['../outside/new.txt', 'path.traversal'],
      ['twin.txt', 'path.hard-link'],
      ['.env', 'path.blocked'],
    ]) {
      refusal(() => gate.openPath(path, write), rule, path)
    }
    assert.deepEqual(readdirSync(join(temp, 'outside')), ['secret.txt'])
    assert.equal(readFileSync(join(temp, 'outside', 'secret.txt'), 'utf8'), 'outside')
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'inside')
    assert.ok(!existsSync(join(root, '.env')))
  })

  it('does not wait for a FIFO', (t) => {
    const { root, gate } = fixture(t)
    execFileSync('mkfifo', [join(root, 'pipe')])
    refusal(() => gate.openPath('pipe'), 'path.special-file')
    refusal(() => gate.openPath('pipe', { intent: 'write' }), 'path.special-file')
  })

  it('leaves no descriptor open when it refuses', { skip: process.platform !== 'linux' }, (t) => {
    const { gate } = fixture(t)
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    for (let round = 0; round < 200; round++) {
      for (const path of ['escape/secret.txt', 'none.txt', 'dangling', '../x', '.env']) {
        assert.throws(() => gate.openPath(path), CallgateError)
        assert.throws(
          () =>
            gate.openPath(path, {
              intent: 'write',
              create: path !== 'none.txt' && true,
              exclusive: false,
              base: 'none',
            }),
          CallgateError,
        )
      }
    }
    assert.equal(count(), before)
  })
})

describe('a gate', { skip }, () => {
  it('holds its root although another takes its name', (t) => {
    const { temp, root, gate } = fixture(t)
    renameSync(root, join(temp, 'moved'))
    mkdirSync(root)
    writeFileSync(join(root, 'a.txt'), 'impostor')
    assert.equal(
      using(gate.openPath('a.txt'), (file) => readFileSync(file, 'utf8')),
      'inside',
    )
  })

  it('closes its roots', { skip: process.platform !== 'linux' }, (t) => {
    const { root } = fixture(t)
    const before = readdirSync('/proc/self/fd').length
    for (let round = 0; round < 50; round++) {
      new Gate({ paths: { roots: [root] } }).close()
    }
    assert.equal(readdirSync('/proc/self/fd').length, before)
  })

  it('resolves path arguments in an audit', (t) => {
    const { gate: plain, root } = fixture(t)
    const gate = new Gate({
      paths: { roots: [root] },
      tools: { read: { arguments: { '/files/*': { kind: 'path' } } } },
    })
    const args = { files: ['a.txt', '../outside/secret.txt', 'none.txt'] }
    const [finding, ...more] = gate.audit('read', args).findings
    assert.deepEqual([finding.rule, finding.pointer, more.length], ['path.traversal', '/files/1', 0])
    // Without a kind only what surely leads out is refused.
    const { action, findings } = plain.audit('read', args)
    assert.deepEqual([action, rulesOf({ findings })], ['deny', ['path.outside-root', 'path.traversal']])
    assert.equal(plain.audit('read', { files: ['../outside/no/such.txt'] }).action, 'flag')
    assert.equal(plain.audit('read', { files: ['escape/secret.txt'] }).action, 'deny')
    assert.equal(plain.audit('read', { files: ['escape/new.txt'] }).action, 'deny')
    assert.equal(plain.audit('read', { files: ['sub/new.txt'] }).action, 'allow')
  })
})

describe('validatePath', { skip }, () => {
  it('opens the root at every call', (t) => {
    const { temp, root } = fixture(t)
    assert.equal(validatePath(root, 'a.txt').path, join(root, 'a.txt'))
    renameSync(root, join(temp, 'moved'))
    refusal(() => validatePath(root, 'a.txt'), 'policy.invalid')
    mkdirSync(root)
    refusal(() => validatePath(root, 'a.txt'), 'path.missing')
    assert.equal(validatePath(root, 'a.txt', { intent: 'write' }).kind, 'missing')
  })

  it('takes strings only', () => {
    for (const root of [undefined, null, 1, Buffer.from('/tmp'), '/tmp/\ud800']) {
      refusal(() => validatePath(root, 'a.txt'), 'input.type')
    }
  })

  it('leaves no descriptor open', { skip: process.platform !== 'linux' }, (t) => {
    const { root } = fixture(t)
    const before = readdirSync('/proc/self/fd').length
    for (let round = 0; round < 50; round++) {
      validatePath(root, 'a.txt')
      assert.throws(() => validatePath(root, '../x'), CallgateError)
    }
    assert.equal(readdirSync('/proc/self/fd').length, before)
  })
})
