// Policies to live with: modes by tool, presets, and where a member came from.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { auditToolArgs, Gate } from '../index.mjs'
import { nestedArray, refusal, rulesOf } from './support/callgate.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const { binding } = createRequire(import.meta.url)('../js/loader.js')
const PRESETS = fileURLToPath(new URL('../presets/', import.meta.url))
const NAMES = readdirSync(PRESETS).map((file) => `callgate:${file.replace('.json', '')}`)

describe('the mode of a tool', () => {
  const OBSERVED = { tools: { t: { mode: 'observe' } } }
  const ALL = { tools: { '*': { mode: 'observe' }, strict: { mode: 'enforce' } } }
  const NONE_BUT = { mode: 'observe', tools: { strict: { mode: 'enforce' } } }
  const inputs = [
    ['bytes', Buffer.from('{"a":1,"a":2}'), 'json.duplicate-key'],
    ['text', '{', 'json.syntax'],
    ['an ill-formed string', '"\ud800"', 'json.surrogate'],
    ['an object', { ['__proto__']: 1 }, 'json.prototype-key'],
    ['an object that is too deep', nestedArray(65), 'limit.depth'],
    ['an object with too many items', [Array(70_000).fill(0)], 'limit.elements'],
    ['an object that is too long', ['x'.repeat(17 << 20)], 'limit.bytes'],
  ]
  for (const [name, args, rule] of inputs) {
    it(`holds for ${name}`, () => {
      for (const [policy, tool, action] of [
        [OBSERVED, 't', 'flag'],
        [OBSERVED, 'u', 'deny'],
        [ALL, 'any', 'flag'],
        [ALL, 'strict', 'deny'],
        [NONE_BUT, 'any', 'flag'],
        [NONE_BUT, 'strict', 'deny'],
      ]) {
        const verdict = new Gate(policy).audit(tool, args)
        assert.equal(verdict.action, action, `${tool} of ${JSON.stringify(policy)}`)
        assert.equal(verdict.findings[0].rule, rule)
        assert.equal(
          / not refused because .*mode is "observe"$/.test(verdict.findings[0].message),
          action === 'flag',
        )
      }
    })
  }

  it('lets an observed snapshot be used, and no other', () => {
    const gate = new Gate(OBSERVED)
    const deep = nestedArray(65)
    assert.deepEqual(gate.auditParsed('t', deep).value, deep)
    assert.equal(gate.auditParsed('u', deep).value, undefined)
  })

  it('is not that of a path, which no tool asks for', () => {
    const gate = new Gate({ tools: { '*': { mode: 'observe' } } })
    assert.equal(gate.checkPath('a').action, 'deny')
    assert.equal(gate.checkPath('a\ud800').action, 'deny')
    assert.equal(refusal(() => gate.resolvePath('a\ud800'), 'json.surrogate').finding.action, 'deny')
    assert.equal(new Gate({ mode: 'observe' }).checkPath('a\ud800').action, 'flag')
  })

  it('is enforce or observe', () => {
    const { message } = refusal(() => new Gate({ tools: { t: { mode: 'off' } } }), 'policy.invalid')
    assert.ok(message.startsWith('/tools/t/mode:'), message)
  })
})

describe('extends', () => {
  it('knows the presets that the package brings', () => {
    assert.equal(NAMES.length, 6)
    for (const name of NAMES) {
      assert.ok(new Gate({ extends: name }))
    }
    assert.ok(new Gate({ extends: NAMES }))
  })

  const deep = (depth) => '['.repeat(depth) + ']'.repeat(depth)
  for (const [name, policy, depth] of [
    ['nothing', { extends: [] }, 64],
    ['one', { extends: 'callgate:fetch' }, 16],
    ['an array of one', { extends: ['callgate:fetch'] }, 16],
    ['the later of two', { extends: ['callgate:fetch', 'callgate:database'] }, 32],
    ['the later of two, turned', { extends: ['callgate:database', 'callgate:fetch'] }, 16],
    [
      'its own member over all',
      { extends: ['callgate:database', 'callgate:fetch'], limits: { depth: 20 } },
      20,
    ],
  ]) {
    it(`takes ${name}`, () => {
      assert.equal(auditToolArgs(deep(depth), policy).action, 'allow')
      assert.deepEqual(rulesOf(auditToolArgs(deep(depth + 1), policy)), ['limit.depth'])
    })
  }

  it('works in a file, with relative roots', (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    writeFileSync(
      join(folder, 'gate.json'),
      '{ "extends": "callgate:coding", "paths": { "roots": ["."] } } // here',
    )
    const gate = Gate.load(join(folder, 'gate.json'))
    assert.equal(
      gate.resolvePath('package-lock.json', { intent: 'write' }).path,
      join(folder, 'package-lock.json'),
    )
    assert.deepEqual(rulesOf(gate.checkPath('.cursor/mcp.json')), ['path.blocked'])
    assert.deepEqual(rulesOf(gate.audit('any', '{"file_path":"../x"}')), ['path.traversal'])
  })

  it('replaces arrays', () => {
    const roots = ['.']
    for (const [paths, rules] of [
      [{ roots }, []],
      [{ roots, unblocked: ['*.local'] }, ['path.blocked']],
    ]) {
      const gate = new Gate({ extends: 'callgate:coding', paths })
      assert.deepEqual(rulesOf(gate.checkPath('.gitlab-ci.yml', { intent: 'write' })), rules)
    }
  })

  for (const [name, extended, pointer] of [
    ['an unknown preset', 'callgate:none', '/extends: '],
    ['a file', './base.json', '/extends: '],
    ['the second of an array', ['callgate:fetch', 'callgate:none'], '/extends/1: '],
    ['no string', [1], '/extends/0: '],
    ['one twice', ['callgate:fetch', 'callgate:fetch'], '/extends: '],
    ['null', null, '/extends: '],
    ['an object', { 'callgate:fetch': {} }, '/extends: '],
  ]) {
    it(`refuses ${name}`, () => {
      const { message } = refusal(() => new Gate({ extends: extended }), 'policy.invalid')
      assert.ok(message.startsWith(pointer), message)
      if (JSON.stringify(extended).includes('none')) {
        assert.ok(
          NAMES.every((known) => message.includes(known)),
          message,
        )
      }
    })
  }
})

describe('policyExplain', () => {
  const explain = (text) => JSON.parse(binding.policyExplain(text))

  it('fills every default in and says where each member came from', () => {
    const { policy, origins } = explain(
      '{ "extends": ["callgate:fetch", "callgate:strict"], "limits": { "depth": 9 } } // x',
    )
    assert.equal(policy.limits.depth, 9)
    assert.equal(policy.mode, 'enforce')
    assert.deepEqual(policy.paths.roots, [])
    assert.equal(origins['/limits/depth'], 'file')
    assert.equal(origins['/limits/nodes'], 'callgate:strict')
    assert.equal(origins['/mode'], 'default')
    assert.equal(origins['/rules/json.number-range'], 'callgate:strict')
    // What it shows is a policy that does the same.
    assert.deepEqual(explain(JSON.stringify(policy)).policy, policy)
  })

  it('shows every preset', () => {
    for (const name of NAMES) {
      const { origins } = explain(JSON.stringify({ extends: name }))
      assert.ok(Object.values(origins).includes(name), name)
      assert.ok(!Object.values(origins).includes('file'), name)
      const text = readFileSync(join(PRESETS, `${name.replace('callgate:', '')}.json`), 'utf8')
      assert.deepEqual(
        Object.values(explain(text).origins).filter((origin) => origin === 'file').length - 1,
        Object.values(origins).filter((origin) => origin === name).length,
        'all but $schema',
      )
    }
  })

  it('finds what is wrong', () => {
    for (const [text, pointer] of [
      ['{', '(root)'],
      ['{"extends":"callgate:none"}', '/extends'],
      ['{"rules":{"json.nope":"off"}}', '/rules/json.nope'],
      ['{"paths":{"unblocked":["a//b"]}}', '/paths/unblocked/0'],
    ]) {
      assert.throws(
        () => binding.policyExplain(text),
        ({ code, message }) => {
          assert.equal(code, 'policy.invalid')
          return message.startsWith(`${pointer}:`)
        },
      )
    }
  })
})
