// Gates: policies, verdicts, closing, several of them.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import * as callgate from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const { CallgateError, Gate, auditToolArgs } = callgate
const require = createRequire(import.meta.url)

describe('the package', () => {
  it('exports the same by import and require', () => {
    const [required, imported] = [require('../index.js'), { ...callgate }]
    assert.deepEqual(Object.keys(required).sort(), Object.keys(imported).sort())
    for (const [name, value] of Object.entries(required)) {
      assert.equal(imported[name], value, name)
    }
  })

  it('knows its version', () => {
    assert.equal(callgate.version, require('../package.json').version)
  })
})

describe('a policy', () => {
  const rows = [
    ['an unknown member', { limit: {} }, '/limit'],
    ['a wrong type', { limits: { depth: 'deep' } }, '/limits/depth'],
    ['a negative limit', { limits: { depth: -1 } }, '/limits/depth'],
    ['an unknown rule', { rules: { 'json.nope': 'off' } }, '/rules/json.nope'],
    ['a rule that cannot be weakened', { rules: { 'json.syntax': 'off' } }, '/rules/json.syntax'],
    ['a reserved member', { rate: { calls: 1 } }, '/rate'],
    ['a schema of no draft', { tools: { 'a/b': { schema: { type: 'text' } } } }, '/tools/a~1b/schema/type'],
    [
      'a schema with look-ahead',
      { tools: { t: { schema: { pattern: '(?=/srv)' } } } },
      '/tools/t/schema/pattern',
    ],
    ['a schema elsewhere', { tools: { t: { schema: { $ref: 'file:///srv/x.json' } } } }, '/tools/t/schema'],
    ['a schema that is a string', { tools: { '*': { schema: '/srv/x.json' } } }, '/tools/*/schema'],
    ['a Map', { tools: new Map() }, '/tools'],
    ['a function', { tools: { t: () => 1 } }, '/tools/t'],
    ['a root that does not exist', { paths: { roots: ['/nonexistent/callgate'] } }, '/paths/roots/0'],
    ['null', null, ''],
    ['a string', '{}', ''],
    ['an array', [], '(root)'],
  ]
  for (const [name, policy, pointer] of rows) {
    it(`${name} is policy.invalid with its place`, () => {
      const { message } = refusal(() => new Gate(policy), 'policy.invalid', name)
      assert.ok(message.startsWith(pointer), message)
      assert.ok(!/nonexistent|srv/.test(message), message)
      refusal(() => auditToolArgs('{}', policy), 'policy.invalid', name)
    })
  }

  it('with undefined members is the default policy', () => {
    assert.equal(
      new Gate({ limits: undefined, rules: { 'json.surrogate': undefined } }).audit('t', '{}').action,
      'allow',
    )
  })

  it('is the default one where none is given: content is judged', () => {
    const args = `{"q":"' OR 1=1 --"}`
    for (const input of [args, Buffer.from(args), JSON.parse(args)]) {
      const verdicts = [new Gate().audit('t', input), new Gate({}).audit('t', input), auditToolArgs(input)]
      assert.deepEqual(
        verdicts.map(({ findings }) => findings.map(({ rule }) => rule)),
        [['injection.sql'], ['injection.sql'], ['injection.sql']],
      )
    }
  })

  it('is read anew by every auditToolArgs', () => {
    const policy = { limits: { depth: 1 } }
    assert.equal(auditToolArgs('[[]]', policy).action, 'deny')
    policy.limits.depth = 2
    assert.equal(auditToolArgs('[[]]', policy).action, 'allow')
  })

  it('holds by tool', () => {
    const gate = new Gate({ tools: { '*': { limits: { depth: 2 } }, deep: { limits: { depth: 3 } } } })
    assert.deepEqual(
      ['deep', 'other', '', '*'].map((tool) => gate.audit(tool, '[[[]]]').action),
      ['allow', 'deny', 'deny', 'deny'],
    )
    assert.equal(gate.audit('deep', Buffer.from('[[[]]]')).action, 'allow')
    assert.equal(gate.audit('deep', [[[]]]).action, 'allow')
  })
})

describe('a schema', () => {
  const schema = {
    type: 'object',
    required: ['path'],
    properties: {
      path: { type: 'string', maxLength: 8 },
      tags: { type: 'array', items: { type: 'string' } },
    },
    additionalProperties: false,
  }
  const gate = new Gate({ tools: { read: { schema } } })

  it('judges bytes, text, objects and the pool alike', async () => {
    for (const [args, rules] of [
      [{ path: 'a', tags: ['x'] }, []],
      [{ path: 1 }, ['schema.type']],
      [{ path: 'a', other: 1 }, ['schema.additionalProperties']],
      [{}, ['schema.required']],
    ]) {
      const text = JSON.stringify(args)
      assert.deepEqual(rulesOf(gate.audit('read', args)), rules)
      assert.deepEqual(rulesOf(gate.audit('read', text)), rules)
      assert.deepEqual(rulesOf(gate.audit('read', Buffer.from(text))), rules)
      assert.deepEqual(rulesOf(gate.auditParsed('read', args).verdict), rules)
      assert.deepEqual(rulesOf(await gate.auditAsync('read', text)), rules)
    }
    assert.equal(gate.audit('other', {}).action, 'allow')
  })

  it('is named by keyword and place, never by value', () => {
    const { findings } = gate.audit('read', { path: 'secret-value', tags: ['x', { 'secret-value': 1 }] })
    assert.deepEqual(
      findings.map(({ rule, pointer }) => [rule, pointer]),
      [
        ['schema.maxLength', '/path'],
        ['schema.type', '/tags/1'],
      ],
    )
    for (const { message, member, rule } of findings) {
      assert.ok(!message.includes('secret'), message)
      assert.equal(member, `rules["${rule}"]`)
    }
    assert.deepEqual(
      findings.map(({ message, expected }) => [message, expected]),
      [
        ['expected at most 8 characters (schema.maxLength)', 'at most 8 characters'],
        ['expected string (schema.type)', 'string'],
      ],
    )
  })
})

describe('Gate.load', () => {
  it('reads comments, and roots relative to the file', (t) => {
    const folder = temporaryFolder(t)
    mkdirSync(join(folder, 'notes'))
    writeFileSync(join(folder, 'notes', 'a.txt'), 'a')
    writeFileSync(join(folder, 'gate.json'), '{ "paths": { "roots": ["notes"] } /* here */ } // end')
    const gate = Gate.load(join(folder, 'gate.json'))
    assert.equal(gate.resolvePath('a.txt').path, join(folder, 'notes', 'a.txt'))
  })

  it('tells a missing file from a bad one', (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'bad.json'), '{ "limits": { "depth": 1, "depth": 2 } }')
    const { message } = refusal(() => Gate.load(join(folder, 'none.json')), 'policy.unreadable')
    assert.ok(!message.includes(folder), message)
    refusal(() => Gate.load(join(folder, 'bad.json')), 'policy.invalid')
    for (const file of [undefined, 1, null, Buffer.from('x'), 'a\ud800']) {
      refusal(() => Gate.load(file), 'input.type')
    }
  })
})

describe('a verdict', () => {
  const gate = new Gate()

  it('is one frozen object for every allowed call', () => {
    const verdict = gate.audit('t', '{}')
    assert.equal(gate.audit('u', Buffer.from('[]')), verdict)
    assert.equal(new Gate().audit('t', {}), verdict)
    assert.ok(Object.isFrozen(verdict) && Object.isFrozen(verdict.findings))
  })

  it('is frozen throughout when it has findings', () => {
    const verdict = gate.audit('t', '{"a":1,"a":2}')
    assert.ok(Object.isFrozen(verdict) && Object.isFrozen(verdict.findings))
    assert.ok(verdict.findings.every(Object.isFrozen))
  })

  it('tells where, what and how bad', () => {
    const [finding] = gate.audit('t', '{"list":[{"a/b":1,"a/b":2}]}').findings
    const { message, start, end, ...rest } = finding
    assert.deepEqual(rest, {
      rule: 'json.duplicate-key',
      action: 'deny',
      severity: 'high',
      pointer: '/list/0/a~1b',
      member: 'rules["json.duplicate-key"]',
    })
    assert.equal('{"list":[{"a/b":1,"a/b":2}]}'.slice(start, end).includes('a/b'), true)
    assert.match(message, / \(json\.duplicate-key\)$/)
  })

  it('leaks no values', () => {
    const secret = 'hunter2'
    for (const args of [`{"a":"${secret}","a":"${secret}"}`, `{"a":"${secret}`, `{"a":"${secret}\\ud800"}`]) {
      const verdict = gate.audit('t', args)
      assert.equal(verdict.action, 'deny')
      assert.ok(!JSON.stringify(verdict).includes(secret), args)
    }
  })
})

describe('auditParsed', () => {
  const gate = new Gate()

  it('gives the snapshot that was audited', () => {
    const args = { a: [1, { b: 'x' }], gone: undefined }
    const { verdict, value } = gate.auditParsed('t', args)
    assert.equal(verdict.action, 'allow')
    assert.deepEqual(value, { a: [1, { b: 'x' }] })
    args.a[1].b = 'changed'
    assert.equal(value.a[1].b, 'x')
  })

  it('fixes what a getter answers', () => {
    let reads = 0
    const { value } = gate.auditParsed('t', {
      get a() {
        return reads++
      },
    })
    const fixed = value.a
    assert.equal(value.a, fixed)
    assert.equal(typeof fixed, 'number')
  })

  it('cannot be made to show what was not audited', () => {
    // Harmless on the first look, a prototype key on the second.
    let looks = 0
    const args = new Proxy(
      {},
      {
        ownKeys: () => (looks++ === 0 ? ['a'] : ['__proto__']),
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
        get: (_, key) => (key === 'toJSON' ? undefined : 1),
      },
    )
    const { verdict, value } = gate.auditParsed('t', args)
    assert.deepEqual(rulesOf(verdict), Object.hasOwn(value, '__proto__') ? ['json.prototype-key'] : [])
    assert.equal(looks, 2)
  })

  it('has no snapshot of what exceeds a limit', () => {
    const { verdict, value } = gate.auditParsed('t', { a: Array(70_000).fill(0) })
    assert.deepEqual(rulesOf(verdict), ['limit.elements'])
    assert.equal(value, undefined)
  })

  it('takes objects only', () => {
    for (const args of ['{}', Buffer.from('{}'), 1, null, undefined]) {
      refusal(() => gate.auditParsed('t', args), 'input.type')
    }
  })
})

describe('auditAsync', () => {
  const gate = new Gate({ tools: { flat: { limits: { depth: 1 } } } })
  const inputs = ['{}', '[[]]', '', '{"a":1,"a":2}', '"\ud800"', '"\\ud800"', '9007199254740993']

  it('answers as audit does', async () => {
    for (const tool of ['flat', 'other']) {
      for (const text of inputs) {
        assert.deepEqual(await gate.auditAsync(tool, text), gate.audit(tool, text), text)
        const bytes = Buffer.from(text)
        assert.deepEqual(await gate.auditAsync(tool, bytes), gate.audit(tool, bytes), text)
      }
    }
  })

  it('judges the bytes as they were', async () => {
    const bytes = Buffer.from(`{"a":1,"a":"${'x'.repeat(1 << 20)}"}`)
    const pending = gate.auditAsync('t', bytes)
    bytes.fill(0x20)
    assert.deepEqual(rulesOf(await pending), ['json.duplicate-key'])
  })

  it('judges shared memory as it was', async () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(13))
    bytes.set(Buffer.from('{"a":1,"a":2}'))
    const pending = gate.auditAsync('t', bytes)
    bytes.fill(0x20)
    assert.deepEqual(rulesOf(await pending), ['json.duplicate-key'])
  })

  it('rejects misuse', async () => {
    const views = [new Float64Array(1), new DataView(new ArrayBuffer(1))]
    for (const args of [undefined, null, 1, {}, [], ...views]) {
      await assert.rejects(gate.auditAsync('t', args), { code: 'input.type' })
    }
  })

  it('finishes although the gate is closed', async () => {
    const closing = new Gate()
    const pending = closing.auditAsync('t', Buffer.from('{"a":1,"a":2}'))
    closing.close()
    assert.deepEqual(rulesOf(await pending), ['json.duplicate-key'])
    await assert.rejects(closing.auditAsync('t', '{}'), { code: 'gate.closed' })
  })
})

describe('close', () => {
  const uses = {
    'audit of bytes': (gate) => gate.audit('t', Buffer.from('{}')),
    'audit of text': (gate) => gate.audit('t', '{}'),
    'audit of an ill-formed string': (gate) => gate.audit('t', '"\ud800"'),
    'audit of an object': (gate) => gate.audit('t', {}),
    'audit of an object that is too deep': (gate) =>
      gate.audit('t', JSON.parse('['.repeat(99) + ']'.repeat(99))),
    auditParsed: (gate) => gate.auditParsed('t', {}),
    resolvePath: (gate) => gate.resolvePath('a'),
    checkPath: (gate) => gate.checkPath('a'),
    openPath: (gate) => gate.openPath('a'),
  }
  for (const [name, use] of Object.entries(uses)) {
    it(`ends ${name}`, () => {
      const gate = new Gate()
      gate.close()
      gate.close()
      refusal(() => use(gate), 'gate.closed', name)
    })
  }

  it('ends one gate only', () => {
    const [first, second] = [new Gate(), new Gate()]
    first.close()
    assert.equal(second.audit('t', '{}').action, 'allow')
  })

  it('cannot be reached around', () => {
    for (const use of [Gate.prototype.audit, Gate.prototype.close, Gate.prototype.resolvePath]) {
      assert.throws(() => use.call({}, 't'), TypeError)
      assert.throws(() => use.call(Object.create(Gate.prototype), 't'), TypeError)
    }
  })
})

describe('threads', () => {
  it('each have gates of their own', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads')
      const { Gate } = require(${JSON.stringify(require.resolve('../index.js'))})
      const gates = Array.from({ length: 8 }, (_, index) => new Gate({ limits: { depth: index + 1 } }))
      let denied = 0
      for (let round = 0; round < 2000; round++) {
        for (const gate of gates) denied += gate.audit('t', Buffer.from('[[[[]]]]')).action === 'deny' ? 1 : 0
      }
      gates[0].close()
      parentPort.postMessage(denied)`
    const results = Array.from({ length: 4 }, () => {
      const worker = new Worker(source, { eval: true })
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    })
    assert.deepEqual(await Promise.all(results), [6000, 6000, 6000, 6000])
  })

  it('may be ended while they audit', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads')
      const { Gate } = require(${JSON.stringify(require.resolve('../index.js'))})
      const gate = new Gate()
      const bytes = Buffer.from(JSON.stringify(Array(60000).fill('x')))
      parentPort.postMessage('ready')
      for (;;) { gate.auditAsync('t', bytes); gate.audit('t', bytes) }`
    const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 512 } })
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    assert.equal(new Gate().audit('t', '{}').action, 'allow')
  })
})

describe('CallgateError', () => {
  it('is an Error with a code', () => {
    const error = refusal(() => new Gate().audit('t', 1), 'input.type')
    assert.ok(error instanceof Error && error instanceof CallgateError)
    assert.equal(error.name, 'CallgateError')
    assert.match(error.stack, /^CallgateError: /)
    assert.ok(!Object.hasOwn(error, 'finding'))
  })
})

describe('who says what an argument is', () => {
  const args = '{"ref":"a b"}'
  const members = (argument) => {
    const gate = new Gate({ tools: { t: { arguments: { '/ref': argument } } } })
    const [{ inferred, member }] = gate.audit('t', args).findings
    return { inferred, member }
  }

  it('is told with a finding, and which member changes it', () => {
    const member = 'tools["t"].arguments["/ref"].kind'
    assert.deepEqual(members({ kind: 'word' }), { inferred: undefined, member })
  })

  it('names the place of an argument that nobody says anything of', () => {
    const [finding] = new Gate({ tools: { t: {} } }).audit('t', '{"a/b":["{{7*7}}"]}').findings
    assert.equal(finding.member, 'tools["t"].arguments["/a~1b/0"].kind')
    assert.equal(Object.hasOwn(finding, 'inferred'), false)
  })

  it('is refused where statements are named for another kind', () => {
    const policy = { tools: { t: { arguments: { '/a': { kind: 'word', statements: 'read' } } } } }
    assert.throws(() => new Gate(policy), { code: 'policy.invalid', message: /\/statements: only/ })
  })
})
