// Paths that servers read in several ways: what the gate lets through leads inside, whoever expands it.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'
import { rooted } from './support/rooted.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const skip = process.platform === 'win32' && 'paths are not validated here'
const noPython = spawnSync('python3', ['-c', '']).status !== 0 && 'there is no Python'

const require = createRequire(import.meta.url)
const { INSIDE } = require('../js/inside.js')
const { gateFrom } = require('../js/cli/launch.js')

const TOOLS = {
  '*': {
    arguments: {
      '/path': { kind: 'path' },
      '/to': { kind: 'path', intent: 'write' },
      '/gone': { kind: 'path', intent: 'delete' },
    },
  },
}

/** Paths of every kind that somebody expands, and of kinds that look so. */
function paths() {
  const starts = [
    '',
    '~',
    '~/',
    '~root/',
    '~nobody/',
    '~+/',
    '~-/',
    '$HOME/',
    '${HOME}/',
    '$SUB/',
    '${SUB}',
    '$UNSET/',
    '$UP/',
  ]
  const ends = [
    '',
    'a.txt',
    'sub/b.txt',
    '../outside/secret.txt',
    '.',
    '$SUB',
    '$UP',
    '~',
    'etc/passwd',
    '%7E',
    '%2e',
    '$',
  ]
  const urls = [
    'file:///',
    'file:/',
    'file:',
    'file://localhost/',
    'FILE:///',
    'file://~/',
    'file:///$HOME/',
    'file:///%7E/',
  ]
  return [...starts, ...urls].flatMap((start) => ends.map((end) => start + end)).filter((path) => path !== '')
}

const EXPAND = `
import json, os, sys
from urllib.parse import unquote, urlparse
for line in sys.stdin:
    path = json.loads(line)
    readings = [path, os.path.expanduser(path), os.path.expandvars(path)]
    readings.append(os.path.expanduser(os.path.expandvars(path)))
    readings.append(os.path.expandvars(os.path.expanduser(path)))
    if path.lower().startswith('file:'):
        readings += [urlparse(path).path, unquote(urlparse(path).path), path[5:], path[7:]]
    print(json.dumps([reading for reading in readings if reading]))
`

describe('paths that servers expand', { skip }, () => {
  const environment = (temp) => ({
    HOME: join(temp, 'home'),
    SUB: 'sub',
    UP: '..',
    PATH: process.env.PATH,
  })

  /** A gate that knows a server in `cwd`, and what that server may reach. */
  function guarded(t, cwd) {
    const made = rooted(t, { tools: TOOLS })
    mkdirSync(join(made.temp, 'home'))
    const env = environment(made.temp)
    made.gate.setServerProcess({ cwd: cwd(made), home: env.HOME, env })
    const isInside = (path) => {
      const absolute = isAbsolute(path) ? resolve(path) : resolve(cwd(made), path)
      const real = existsSync(absolute) ? realpathSync(absolute) : absolute
      return real === made.root || real.startsWith(`${made.root}/`)
    }
    const allows = (path) => made.gate.audit('t', { path }).action === 'allow'
    return { ...made, env, isInside, allows }
  }

  it('lets through only what Python reads inside', { skip: noPython }, (t) => {
    const { root, env, isInside, allows } = guarded(t, ({ root }) => root)
    const input = paths()
      .map((path) => `${JSON.stringify(path)}\n`)
      .join('')
    const lines = execFileSync('python3', ['-c', EXPAND], { input, env, cwd: root, encoding: 'utf8' })
    const readings = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    let [let_through, refused] = [0, 0]
    for (const [index, path] of paths().entries()) {
      if (allows(path)) {
        let_through++
        for (const reading of readings[index]) {
          assert.ok(isInside(reading), `${path} is ${reading} to Python`)
        }
      } else {
        refused++
        const own = readings[index].every((reading) => isInside(reading))
        // What a shell, a program in Go or a URL parser makes of it may be refused too; a plain path is not.
        assert.ok(!own || /[~$%]|file:/i.test(path), `${path} is refused`)
      }
    }
    assert.ok(let_through > 20 && refused > 100, `${let_through} let through, ${refused} refused`)
  })

  it('lets through only what fileURLToPath reads inside', (t) => {
    const { root, isInside, allows } = guarded(t, ({ root }) => root)
    const urls = [...paths(), `file://${root}/a.txt`, `file://${root}/%61.txt`, `file://${root}/sub/../a.txt`]
    let read = 0
    for (const path of urls.filter((path) => /^file:/i.test(path) && allows(path))) {
      let reading
      try {
        reading = fileURLToPath(path)
      } catch {
        continue
      }
      read++
      assert.ok(isInside(reading), `${path} is ${reading} to Node`)
    }
    assert.ok(read >= 3, `${read} were read`)
  })

  it('lets through only what a shell reads inside', (t) => {
    const { root, env, isInside, allows } = guarded(t, ({ root }) => root)
    for (const path of paths().filter((path) => allows(path))) {
      const quoted = path.replaceAll(/["\\`]/g, '\\$&')
      for (const word of [path.replaceAll(/[^\w~$+./{}-]/g, ''), `"${quoted}"`]) {
        const { stdout } = spawnSync('bash', ['-c', `printf %s ${word}`], {
          env,
          cwd: root,
          encoding: 'utf8',
        })
        assert.ok(stdout === '' || isInside(stdout), `${path} is ${stdout} to a shell`)
      }
    }
  })

  it('counts relative paths from the working directory', (t) => {
    const { root, allows } = guarded(t, ({ root }) => join(root, 'sub'))
    assert.deepEqual(['b.txt', '../a.txt', '../../outside/secret.txt', join(root, 'a.txt')].map(allows), [
      true,
      true,
      false,
      true,
    ])
    const elsewhere = guarded(t, ({ temp }) => temp)
    assert.deepEqual(['a.txt', 'root/a.txt', 'outside/secret.txt'].map(elsewhere.allows), [
      false,
      true,
      false,
    ])
  })

  it('tells whether relative paths lead into a root', (t) => {
    const { root, temp, gate } = rooted(t, { tools: TOOLS })
    assert.equal(gate.setServerProcess({ cwd: root }), true)
    assert.equal(gate.setServerProcess({ cwd: temp }), false)
    assert.equal(gate.setServerProcess(), false)
    const joining = new Gate({ paths: { roots: [root], relative: 'root' }, tools: TOOLS })
    assert.equal(joining.setServerProcess({ cwd: temp }), true)
    assert.equal(joining.audit('t', { path: 'a.txt' }).action, 'allow')
    for (const wrong of [{ cwd: 1 }, { pwd: '/' }, { env: { a: 1 } }, null]) {
      refusal(() => gate.setServerProcess(wrong), 'input.type')
    }
  })

  it('names what the operator can change', (t) => {
    const { temp, gate } = rooted(t, { tools: TOOLS })
    gate.setServerProcess({ cwd: temp })
    const [finding] = gate.audit('t', { path: 'a.txt' }).findings
    assert.deepEqual([finding.rule, finding.member], ['path.ambiguous', 'paths.relative'])
    assert.match(finding.message, /absolute path/)
  })
})

describe('files of callgate itself', { skip }, () => {
  it('are not written, moved or deleted, by any name', (t) => {
    const temp = temporaryFolder(t)
    mkdirSync(join(temp, 'conf'))
    writeFileSync(
      join(temp, 'conf', 'policy.json'),
      JSON.stringify({ paths: { roots: ['..'], hardLinks: 'allow' }, tools: TOOLS }),
    )
    const gate = Gate.load(join(temp, 'conf', 'policy.json'))
    const { files } = gate
    linkSync(join(temp, 'conf', 'policy.json'), join(temp, 'twin.json'))
    symlinkSync('conf/policy.json', join(temp, 'link.json'))
    writeFileSync(join(temp, 'other.json'), '{}')
    for (const path of [
      'conf/policy.json',
      'conf/../conf/policy.json',
      'twin.json',
      'link.json',
      join(temp, 'conf/policy.json'),
    ]) {
      assert.deepEqual(rulesOf(gate.audit('t', { to: path })), ['path.protected'], path)
      assert.equal(gate.audit('t', { path }).action, 'allow', path)
      refusal(() => files.writeFileSync(path, '{}'), 'path.protected', path)
      refusal(() => gate.openPath(path, { intent: 'write' }), 'path.protected', path)
      if (path !== 'link.json') {
        // What is deleted by the name of a link is the link.
        refusal(() => gate.resolvePath(path, { intent: 'delete' }), 'path.protected', path)
      }
      assert.deepEqual(rulesOf(gate.audit('t', { gone: path })), ['path.protected'], path)
      assert.deepEqual(rulesOf(gate.checkPath(path, { intent: 'write' })), ['path.protected'], path)
      refusal(() => files.appendFileSync(path, ' '), 'path.protected', path)
      refusal(() => files.copyFileSync('other.json', path, { overwrite: true }), 'path.protected', path)
    }
    // On file systems that fold names this is one of it, too.
    assert.equal(gate.audit('t', { to: 'conf/POLICY.json' }).action, 'deny')
    refusal(() => files.writeFileSync('conf/POLICY.json', '{}'), 'path.protected')
    refusal(() => files.removeSync('conf', { recursive: true }), 'path.protected')
    refusal(() => files.renameSync('conf', 'elsewhere'), 'path.protected')
    refusal(() => files.renameSync('other.json', 'conf/policy.json', { overwrite: true }), 'path.protected')
    assert.ok(readFileSync(join(temp, 'conf', 'policy.json'), 'utf8').includes('roots'))
  })

  it('are not taken away by the link that they were found by', (t) => {
    const temp = temporaryFolder(t)
    const outside = temporaryFolder(t)
    writeFileSync(join(outside, 'real.json'), JSON.stringify({ paths: { roots: [temp] }, tools: TOOLS }))
    symlinkSync(join(outside, 'real.json'), join(temp, 'policy.json'))
    symlinkSync('policy.json', join(temp, 'other'))
    writeFileSync(join(temp, 'new.json'), '{}')
    const gate = Gate.load(join(temp, 'policy.json'))
    const { files } = gate
    assert.equal(gate.audit('t', { gone: 'policy.json' }).action, 'deny')
    refusal(() => files.removeSync('policy.json'), 'path.protected')
    assert.throws(() => files.renameSync('new.json', 'policy.json', { overwrite: true }))
    assert.throws(() => files.writeFileSync('policy.json', '{}'))
    // Another link is no name that it was found by.
    files.removeSync('other')
    assert.ok(readFileSync(join(temp, 'policy.json'), 'utf8').includes('roots'))
  })

  it('follow from the file, whatever is added to its policy', (t) => {
    const temp = temporaryFolder(t)
    writeFileSync(join(temp, 'policy.json'), JSON.stringify({ tools: TOOLS, rules: { 'path.*': 'off' } }))
    const gate = gateFrom(join(temp, 'policy.json'), [temp])
    t.after(() => gate.close())
    assert.deepEqual(rulesOf(gate.audit('t', { to: 'policy.json' })), ['path.protected'])
    refusal(() => gate.files.removeSync('policy.json'), 'path.protected')
    const learnt = gate[INSIDE].learn(JSON.stringify({ u: { schema: {} } }), 'off')
    assert.deepEqual(rulesOf(learnt.audit('t', { gone: 'policy.json' })), ['path.protected'])
    assert.throws(() => gateFrom(join(temp, 'policy.json'), [join(temp, 'nothing')]), /--root: /)
  })

  it('are protected whatever the policy says', (t) => {
    const temp = temporaryFolder(t)
    const policy = {
      mode: 'observe',
      paths: { roots: [temp], unblocked: ['**'] },
      rules: { 'path.*': 'off' },
      tools: TOOLS,
    }
    const gate = new Gate(policy)
    assert.equal(gate.protect(join(temp, 'callgate.lock')), true)
    writeFileSync(join(temp, 'sign.key'), 'k')
    assert.equal(gate.protect(join(temp, 'sign.key'), { secret: true }), true)
    assert.equal(gate.protect(join(temp, 'nothing', 'x')), false)
    assert.equal(gate.audit('t', { to: 'callgate.lock' }).action, 'deny')
    assert.equal(gate.audit('t', { path: 'sign.key' }).action, 'deny')
    const read = (uri) => `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"${uri}"}}`
    for (const uri of [
      `file://${temp}/sign.key`,
      `FILE:${temp}/%73ign.key`,
      `file://localhost${temp}/./sign.key`,
    ]) {
      assert.deepEqual(rulesOf(gate.auditMessage(read(uri))), ['path.protected'], uri)
    }
    assert.equal(gate.auditMessage(read(`file://${temp}/other.key`)).action, 'allow')
    symlinkSync('sign.key', join(temp, 'to_key'))
    linkSync(join(temp, 'sign.key'), join(temp, 'twin_of_key'))
    for (const path of ['sign.key', 'to_key', 'twin_of_key']) {
      assert.equal(gate.audit('t', { path }).action, 'deny', path)
      assert.throws(() => gate.openPath(path), path)
      assert.throws(() => gate.files.readFileSync(path), path)
      assert.throws(() => gate.files.copyFileSync(path, 'copy'), path)
    }
    assert.equal(gate.audit('t', { to: 'other' }).action, 'allow')
    refusal(() => new Gate({ rules: { 'path.protected': 'off' } }), 'policy.invalid')
  })

  it('are protected without roots too', (t) => {
    const temp = temporaryFolder(t)
    const gate = new Gate({ tools: TOOLS })
    writeFileSync(join(temp, 'callgate.lock'), '{}')
    gate.protect(join(temp, 'callgate.lock'))
    symlinkSync('callgate.lock', join(temp, 'link'))
    for (const name of ['callgate.lock', 'link', './/callgate.lock']) {
      assert.deepEqual(rulesOf(gate.audit('t', { to: `${temp}/${name}` })), ['path.protected'], name)
    }
    assert.equal(gate.audit('t', { to: join(temp, 'other') }).action, 'allow')
  })
})
