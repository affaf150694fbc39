// Who is told of verdicts, and the lines on standard error.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { nestedArray, refusal, rulesOf } from './support/callgate.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const INDEX = fileURLToPath(new URL('../index.js', import.meta.url))
const TWICE = '{"a":1,"a":2}'
const DIGITS = '[9007199254740993]'
const SECRET = 'hunter2'

/** A gate, and what it told. */
function listening(policy) {
  const gate = new Gate(policy)
  const events = []
  gate.onVerdict((event) => events.push(event))
  return { gate, events }
}

/** Runs a script against the package and gives what it printed. */
function script(source, options = {}) {
  const text = `const { Gate } = require(${JSON.stringify(INDEX)})\n${source}`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', text], {
    encoding: 'utf8',
    ...options,
  })
  assert.equal(status, 0, stderr)
  return { stdout, stderr }
}

describe('onVerdict', () => {
  const audits = [
    ['bytes', (gate) => gate.audit('t', Buffer.from(TWICE)), 'deny'],
    ['text', (gate) => gate.audit('t', TWICE), 'deny'],
    ['an ill-formed string', (gate) => gate.audit('t', '"\ud800"'), 'deny'],
    ['an object', (gate) => gate.audit('t', { constructor: { prototype: 1 } }), 'deny'],
    ['an object that is never text', (gate) => gate.audit('t', nestedArray(100)), 'deny'],
    ['a flag', (gate) => gate.audit('t', DIGITS), 'flag'],
    ['a snapshot', (gate) => gate.auditParsed('t', nestedArray(65)).verdict, 'deny'],
    ['bytes on the pool', (gate) => gate.auditAsync('t', Buffer.from(TWICE)), 'deny'],
    ['text on the pool', (gate) => gate.auditAsync('t', DIGITS), 'flag'],
    ['an ill-formed string for the pool', (gate) => gate.auditAsync('t', '"\ud800"'), 'deny'],
  ]
  for (const [name, audit, action] of audits) {
    it(`tells of ${name}`, async () => {
      const { gate, events } = listening()
      const before = Date.now()
      const verdict = await audit(gate)
      const [finding] = verdict.findings
      const [{ time, durationUs, ...event }] = events
      assert.equal(events.length, 1)
      const { rule, pointer, member } = finding
      assert.deepEqual(event, {
        surface: 'audit',
        tool: 't',
        mode: 'enforce',
        rule,
        ...(pointer !== '' && { pointer }),
        ...(member !== undefined && { member }),
        finding,
        verdict,
      })
      assert.equal(event.verdict, verdict)
      assert.ok(Date.parse(time) >= before && Date.parse(time) <= Date.now(), time)
      assert.ok(Number.isInteger(durationUs) && durationUs >= 0)
      assert.equal(verdict.action, action)
      assert.ok(Object.isFrozen(events[0]))
    })
  }

  for (const [name, path, call] of [
    ['a read', '.env', (files) => files.readFile('.env')],
    ['a read at once', '.env', async (files) => files.readFileSync('.env')],
    ['a listing', '../none', (files) => files.readDir('../none')],
    ['a path that is no text', '\ud800', (files) => files.stat('\ud800')],
    ['a stream', '.env', async (files) => files.createReadStream('.env')],
  ]) {
    it(`tells of a file operation that is refused: ${name}`, async (t) => {
      const root = temporaryFolder(t)
      writeFileSync(join(root, '.env'), '')
      const { gate, events } = listening({ paths: { roots: [root] } })
      await assert.rejects(call(gate.files), (error) => {
        assert.deepEqual(
          events.map(({ surface, path, verdict }) => [surface, path, verdict]),
          [['path', path, { action: 'deny', findings: [error.finding] }]],
        )
        return true
      })
    })
  }

  it('tells nothing of allowed calls', async (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'a.txt'), 'a')
    const { gate, events } = listening({ paths: { roots: [folder] } })
    gate.audit('t', '{}')
    gate.audit('t', Buffer.from('{}'))
    gate.auditParsed('t', {})
    await gate.auditAsync('t', '{}')
    gate.checkPath('a.txt')
    gate.resolvePath('a.txt')
    gate.checkUrl('https://example.com/')
    gate.checkAddress('example.com', '93.184.215.14')
    assert.deepEqual(events, [])
  })

  it('tells nothing of misuse', async () => {
    const { gate, events } = listening()
    refusal(() => gate.audit('t', 1), 'input.type')
    refusal(() => gate.audit(1, '{}'), 'input.type')
    refusal(() => gate.resolvePath(1), 'input.type')
    refusal(() => gate.openPath('a', { mode: -1 }), 'input.type')
    gate.close()
    refusal(() => gate.resolvePath('a'), 'gate.closed')
    await assert.rejects(gate.auditAsync('t', TWICE), { code: 'gate.closed' })
    assert.deepEqual(events, [])
  })

  for (const [name, path, rule] of [
    ['an escape', '../a', 'path.traversal'],
    ['an ill-formed path', 'a\ud800', 'json.surrogate'],
    ['a blocked name', '.env', 'path.blocked'],
  ]) {
    it(`tells of ${name}, once for each call`, (t) => {
      const { gate, events } = listening({ paths: { roots: [temporaryFolder(t)] } })
      const verdict = gate.checkPath(path)
      const errors = [() => gate.resolvePath(path), () => gate.openPath(path)].map((call) =>
        refusal(call, rule),
      )
      assert.deepEqual(
        events.map(({ surface, path, verdict }) => [surface, path, verdict]),
        [
          ['path', path, verdict],
          ...errors.map(({ finding }) => ['path', path, { action: 'deny', findings: [finding] }]),
        ],
      )
      assert.deepEqual(rulesOf(events[0].verdict), [rule])
      assert.ok(Object.isFrozen(events[1].verdict) && Object.isFrozen(events[1].verdict.findings))
    })
  }

  it('tells of what a resolved path was flagged for', (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, '.env'), '')
    const { gate, events } = listening({ mode: 'observe', paths: { roots: [folder] } })
    const { findings } = gate.resolvePath('.env')
    assert.deepEqual(
      events.map(({ surface, mode, verdict }) => [surface, mode, verdict]),
      [['path', 'observe', { action: 'flag', findings }]],
    )
    assert.deepEqual(rulesOf(events[0].verdict), ['path.blocked'])
  })

  it('tells of what was flagged of a path that was opened or used', async (t) => {
    const folder = temporaryFolder(t)
    const { gate, events } = listening({ mode: 'observe', paths: { roots: [folder] } })
    const { files } = gate
    for (const [name, call] of [
      ['writeFile', () => files.writeFile('.env', 'a')],
      ['writeFileSync', () => files.writeFileSync('.env', 'a')],
      ['openPath', () => closeSync(gate.openPath('.env'))],
      ['readFile', () => files.readFile('.env')],
      ['readFileSync', () => files.readFileSync('.env')],
      ['appendFile', () => files.appendFile('.env', 'b')],
      ['stat', () => files.stat('.env')],
      ['createReadStream', () => files.createReadStream('.env').destroy()],
      ['copyFile', () => files.copyFile('.env', 'copy')],
      ['rename', () => files.rename('.env', 'other')],
      ['makeDir', () => files.makeDir('.kube')],
      ['remove', () => files.remove('.kube')],
    ]) {
      events.length = 0
      await call()
      const told = events.map(({ rule, verdict, mode }) => [rule, verdict.action, mode])
      const expected = ['makeDir', 'remove'].includes(name) ? [] : [['path.blocked', 'flag', 'observe']]
      assert.deepEqual(told, expected, name)
    }
  })

  it('tells one event for each finding', () => {
    const { gate, events } = listening()
    gate.audit('t', '{"n":9007199254740993,"a":1,"a":2}')
    assert.deepEqual(
      events.map(({ rule, pointer, verdict }) => [rule, pointer, verdict.action, verdict.findings.length]),
      [
        ['json.number-range', '/n', 'flag', 1],
        ['json.duplicate-key', '/a', 'deny', 1],
      ],
    )
  })

  it('tells the id of a request and the mode of its tool', () => {
    const { gate, events } = listening({ tools: { t: { mode: 'observe' } } })
    const call = (id, name) =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":{"a":1,"a":2}}}`
    gate.auditMessage(call(7, 't'))
    gate.messageReader().read(Buffer.from(`${call('"x"', 'u')}\n`))
    assert.deepEqual(
      events.map(({ id, tool, mode, verdict }) => [id, tool, mode, verdict.action]),
      [
        [7, 't', 'observe', 'flag'],
        ['x', 'u', 'enforce', 'deny'],
      ],
    )
  })

  it('tells nothing of what file systems answer honest calls', async (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'a.txt'), 'a')
    const { gate, events } = listening({ paths: { roots: [folder] } })
    const { files } = gate
    for (const [rule, call] of [
      ['path.missing', async () => gate.openPath('none')],
      ['path.missing', () => files.readFile('none')],
      ['path.missing', () => files.readDir('none/below')],
      ['path.exists', () => files.makeDir('a.txt')],
      ['path.exists', () => files.writeFile('a.txt', 'b', { exclusive: true })],
      ['path.not-empty', () => files.makeDir('d/e', { recursive: true }).then(() => files.remove('d'))],
    ]) {
      await assert.rejects(call(), { code: rule })
    }
    assert.equal(gate.checkPath('none').findings[0].rule, 'path.missing')
    assert.deepEqual(events, [])
  })

  it('holds no values', () => {
    const { gate, events } = listening()
    gate.audit('t', `{"a":"${SECRET}","a":"${SECRET}"}`)
    refusal(() => gate.resolvePath(`../${SECRET}`), 'path.outside-root')
    assert.equal(events.length, 2)
    const [audit, { path, ...resolved }] = events
    assert.equal(path, `../${SECRET}`)
    assert.ok(!JSON.stringify([audit, resolved]).includes(SECRET))
  })

  it('calls several in the order of subscription, until each has ended', () => {
    const gate = new Gate()
    const calls = []
    const callback = () => calls.push('same')
    const ends = [
      gate.onVerdict(() => calls.push('first')),
      gate.onVerdict(callback),
      gate.onVerdict(callback),
    ]
    gate.audit('t', TWICE)
    ends[1]()
    ends[1]()
    gate.audit('t', TWICE)
    for (const end of ends) {
      end()
    }
    gate.audit('t', TWICE)
    assert.deepEqual(calls, ['first', 'same', 'same', 'first', 'same'])
  })

  it('may be ended, and begun, by a callback', () => {
    const gate = new Gate()
    const calls = []
    const end = gate.onVerdict(() => {
      end()
      gate.onVerdict(() => calls.push('inner'))
      calls.push('outer')
    })
    gate.audit('t', TWICE)
    gate.audit('t', TWICE)
    assert.deepEqual(calls, ['outer', 'inner'])
  })

  it('is one gate only', () => {
    const { events } = listening()
    new Gate().audit('t', TWICE)
    assert.deepEqual(events, [])
  })

  const throwing = {
    'throws an error': () => {
      throw new Error('of the callback\n\u001b[31m')
    },
    'throws nothing': () => {
      throw undefined
    },
    'throws what has no text': () => {
      throw Object.create(null)
    },
    rejects: async () => {
      throw new Error('of the promise')
    },
  }
  for (const [name, callback] of Object.entries(throwing)) {
    it(`changes nothing when a callback ${name}, and warns once`, async () => {
      const warnings = []
      const listen = (warning) => warnings.push(warning)
      process.on('warning', listen)
      const gate = new Gate()
      const told = []
      gate.onVerdict(callback)
      gate.onVerdict(() => told.push(1))
      assert.equal(gate.audit('t', TWICE).action, 'deny')
      assert.equal(gate.audit('t', DIGITS).action, 'flag')
      assert.equal((await gate.auditAsync('t', TWICE)).action, 'deny')
      refusal(() => gate.resolvePath('a'), 'path.outside-root')
      await turn()
      process.off('warning', listen)
      assert.equal(told.length, 4)
      assert.deepEqual(
        warnings.map(({ name, code }) => [name, code]),
        [['CallgateWarning', 'CALLGATE_ON_VERDICT']],
      )
      assert.match(warnings[0].message, /^a callback of onVerdict failed: [ -~]*$/)
    })
  }

  it('tells nothing of what a callback asks the gate', () => {
    const gate = new Gate()
    const actions = []
    gate.onVerdict(() => actions.push(gate.audit('inner', TWICE).action))
    gate.audit('outer', TWICE)
    gate.audit('outer', TWICE)
    assert.deepEqual(actions, ['deny', 'deny'])
  })

  it('goes on telling after a warning has failed, as at the end of the stack', (t) => {
    const gate = new Gate()
    let told = 0
    gate.onVerdict(() => {
      told++
      throw new Error('of the callback')
    })
    const { mock } = t.mock.method(process, 'emitWarning', () => {
      throw new RangeError('of the stack')
    })
    assert.throws(() => gate.audit('t', TWICE), RangeError)
    mock.restore()
    assert.equal(gate.audit('t', TWICE).action, 'deny')
    assert.equal(told, 2)
  })

  it('takes functions only', () => {
    for (const callback of [undefined, null, {}, 'log']) {
      refusal(() => new Gate().onVerdict(callback), 'input.type')
    }
  })
})

describe('logRefusals', () => {
  /** The lines that a script's gate writes, and nothing on standard output. */
  function lines(source) {
    const { stdout, stderr } = script(source)
    assert.equal(stdout, '')
    return stderr.split('\n').slice(0, -1)
  }

  it('writes one line for a refusal, and none for what goes on', () => {
    const [line, ...rest] = lines(`
      const gate = new Gate()
      gate.logRefusals()
      gate.audit('read_note', '{"id":1,"id":2}')
      gate.audit('read_note', '[9007199254740993]')
      gate.audit('read_note', '{}')`)
    assert.match(
      line,
      /^callgate: denied read_note: json\.duplicate-key at \/id: .* \(json\.duplicate-key\); policy: rules\["json\.duplicate-key"\]$/,
    )
    assert.deepEqual(rest, [])
  })

  it('writes no more lines than anybody reads, and counts the others', () => {
    const found = lines(`
      const gate = new Gate()
      gate.logRefusals()
      for (let at = 0; at < 2000; at++) {
        gate.audit('t', '{"a":1,"a":2}')
      }
      gate.audit('t', '{"__proto__":1}')
      setTimeout(() => {}, 5500)`)
    assert.ok(found.length >= 50 && found.length < 70, String(found.length))
    assert.equal(found.filter((line) => line.includes('json.prototype-key')).length, 1)
    const [, left] = /^callgate: audit json\.duplicate-key: (\d+) more$/.exec(found.at(-1)) ?? []
    assert.equal(found.length - 2 + Number(left), 2000)
  })

  it('writes one line for a rule that a call breaks in many places, and tells each as an event', () => {
    for (const [count, more] of [
      [1, /policy: [^;]*$/],
      [3, /policy: [^;]*$/],
      [4, /; 3 more of this rule in the same message$/],
      [9, /; 8 more of this rule in the same message$/],
      [200, /; at least \d+ more of this rule in the same message$/],
    ]) {
      const cells = JSON.stringify(Array.from({ length: count }, () => '\u202e and __proto__'))
      const found = lines(`
        const gate = new Gate({ rules: { 'text.bidi': 'flag' } })
        let events = 0
        gate.onVerdict(({ rule }) => { events += rule === 'text.bidi' ? 1 : 0 })
        gate.logRefusals({ flags: true })
        gate.audit('t', ${JSON.stringify(cells)})
        console.error(String(events))`)
      const bidi = found.filter((line) => line.includes('text.bidi'))
      assert.equal(bidi.length, count <= 3 ? count : 1, found.join('\n'))
      assert.match(bidi[0], more)
      assert.equal(Number(found.at(-1)), Math.min(count, 32))
    }
  })

  it('writes a line for an ill-formed path where the policy only flags', () => {
    for (const policy of [{ mode: 'observe' }, { rules: { 'json.surrogate': 'flag' } }]) {
      const [line, ...rest] = lines(`
        const gate = new Gate(${JSON.stringify(policy)})
        gate.logRefusals()
        try { gate.resolvePath('a\\ud800') } catch {}`)
      assert.equal(
        line,
        'callgate: denied a path: json.surrogate: the text is not well-formed UTF-16 (json.surrogate)',
      )
      assert.deepEqual(rest, [])
    }
  })

  it('writes lines for flags when it is asked to', () => {
    const found = lines(`
      const gate = new Gate({ tools: { t: { mode: 'observe' } } })
      gate.logRefusals({ flags: true })
      gate.audit('t', '{"a":1,"a":2}')
      gate.audit('u', '[9007199254740993]')`)
    assert.match(
      found[0],
      /^callgate: flagged t: json\.duplicate-key at \/a: .* not refused because tools\["t"\]\.mode is "observe"; policy: .*$/,
    )
    assert.match(found[1], /^callgate: flagged u: json\.number-range at \/0: /)
    assert.equal(found.length, 2)
  })

  it('writes a line for a path, without it', () => {
    const found = lines(`
      const gate = new Gate()
      gate.logRefusals()
      gate.checkPath('${SECRET}')
      try { gate.resolvePath('${SECRET}') } catch {}
      try { gate.openPath('${SECRET}') } catch {}`)
    assert.equal(found.length, 3)
    for (const line of found) {
      assert.match(line, /^callgate: denied a path: path\.outside-root: no root is configured /)
      assert.ok(!line.includes(SECRET), line)
    }
  })

  it('tells of URLs and addresses', () => {
    const found = lines(`
      const gate = new Gate()
      gate.logRefusals()
      gate.onVerdict(({ surface, tool }) => process.stderr.write(surface + ' ' + tool + '\\n'))
      gate.checkUrl('http://10.0.0.1/')
      gate.checkUrl('http://\\ud800/')
      gate.checkAddress('example.com', '::1')`)
    const rules = ['url.private', 'json.surrogate', 'url.private']
    assert.deepEqual(
      found.filter((_, index) => index % 2 === 1),
      rules.map(() => 'url undefined'),
    )
    for (const [index, rule] of rules.entries()) {
      assert.ok(found[2 * index].startsWith(`callgate: denied a URL: ${rule}: `), found[2 * index])
    }
  })

  it('writes a line for each finding that denies', () => {
    const found = lines(`
      const gate = new Gate()
      gate.logRefusals()
      gate.audit('t', '{"n":9007199254740993,"a":1,"a":2,"b":1,"b":2}')`)
    assert.match(found[0], /^callgate: denied t: json\.duplicate-key at \/a: /)
    assert.match(found[1], /^callgate: denied t: json\.duplicate-key at \/b: /)
    assert.equal(found.length, 2)
  })

  const names = [
    ['a plain name', 'ns/read-note_2.v1', 'ns/read-note_2.v1'],
    ['an empty name', '', '""'],
    ['a line break', 'x\ncallgate: denied y', '"x\\u000acallgate: denied y"'],
    ['a terminal sequence', '\u001b[2J', '"\\u001b[2J"'],
    ['another part of a line', 'x: path.nul at /a', '"x: path.nul at /a"'],
    ['quotes and backslashes', '"\\"', '"\\"\\\\\\""'],
    ['a text that looks escaped', '\\u0041', '"\\\\u0041"'],
    ['a direction override', 'a\u202eb', '"a\\u202eb"'],
    ['half a surrogate pair', '\ud800', '"\\ud800"'],
    ['a long name', 'x'.repeat(100), `"${'x'.repeat(64)}..."`],
  ]
  for (const [name, tool, shown] of names) {
    it(`shows ${name} as a name`, () => {
      const [line, ...rest] = lines(`
        const gate = new Gate()
        gate.logRefusals()
        gate.audit(${JSON.stringify(tool)}, '{')`)
      assert.ok(line.startsWith(`callgate: denied ${shown}: json.syntax`), line)
      assert.match(line, /^[ -~]*$/)
      assert.deepEqual(rest, [])
    })
  }

  it('escapes and cuts the pointer', () => {
    const found = lines(`
      const gate = new Gate()
      gate.logRefusals()
      for (const key of ['\\\\n\\\\u001b"'.replace('"', ''), 'k'.repeat(1000)]) {
        gate.audit('t', \`{"\${key}":1,"\${key}":2}\`)
      }`)
    assert.match(found[0], / at "\/\\u000a\\u001b": /)
    assert.match(found[1], / at "\/k{255}\.\.\.": /)
    assert.equal(found.length, 2)
  })

  it('ends', () => {
    assert.deepEqual(
      lines(`
        const gate = new Gate()
        const end = gate.logRefusals()
        end()
        gate.audit('t', '{')`),
      [],
    )
  })

  it('survives that nobody reads, and leaves standard output alone', () => {
    const source = `
      require('node:fs').closeSync(2)
      const gate = new Gate()
      gate.logRefusals()
      console.error = console.log
      for (let round = 0; round < 100; round++) gate.audit('t', '{')
      setTimeout(() => console.log(gate.audit('t', '{').action), 10)`
    assert.equal(script(source).stdout, 'deny\n')
  })

  it('takes its option only', () => {
    for (const options of [null, [], 1, { flag: true }, { flags: 1 }]) {
      refusal(() => new Gate().logRefusals(options), 'input.type')
    }
  })
})
