// The command line: what is printed, and the exit codes that scripts rely on.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const require = createRequire(import.meta.url)
const { run } = require('../js/cli/program.js')
const { excerpt, lineAndColumn, shown } = require('../js/cli/place.js')
const MAIN = fileURLToPath(new URL('../js/cli/main.js', import.meta.url))

/** What a terminal obeys or does not show: every control and format character but the line feed. */
const HIDDEN = /[^\P{C}\n]/u

function sink() {
  const chunks = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString() })
}

/** Runs a command line with `input` on standard input. */
async function cli(argv, input = '') {
  const io = { stdin: Readable.from([Buffer.from(input)]), stdout: sink(), stderr: sink() }
  const code = await run(argv, io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

describe('a failure of callgate itself', () => {
  it('is no refusal', async () => {
    const stdin = new Readable({ read() {} })
    stdin.destroy(new Error('broken \u001b[2J'))
    const io = { stdin, stdout: sink(), stderr: sink() }
    assert.equal(await run(['audit'], io), 3)
    assert.match(io.stderr.text(), /^callgate: Error: broken \\u\{1b\}\[2J/)
  })
})

describe('exit codes', () => {
  const flagged = '[9007199254740993]'
  for (const [name, argv, input, code] of [
    ['clean', ['audit'], '{"a":1}', 0],
    ['an empty object on each of three lines', ['audit'], '{}\n\n{}\n{}\n', 0],
    ['a flag', ['audit'], flagged, 0],
    ['a flag with --strict', ['audit', '--strict'], flagged, 1],
    ['clean with --strict', ['audit', '--strict'], '{}', 0],
    ['a denial', ['audit'], '{"a":1,"a":2}', 1],
    ['a denial on the second of two lines', ['audit'], '{}\n{"a":1,"a":2}\n', 1],
    ['no input at all is no JSON', ['audit'], '', 1],
    ['an unknown option', ['audit', '--nope'], '{}', 2],
    ['an unknown command', ['frobnicate'], '', 2],
    ['no command', [], '', 2],
    ['standard input twice', ['audit', '-', '-'], '{}', 2],
    ['no root', ['path', 'a'], '', 2],
    ['an intent that is none', ['path', '--root', '.', '--intent', 'eat', '--', 'a'], '', 2],
    ['a root and a policy', ['path', '--root', '.', '--policy', 'p.json', '--', 'a'], '', 2],
    ['no path', ['path', '--root', '.'], '', 2],
    ['a file that is missing', ['audit', 'missing.json'], '', 3],
    ['a file that is a folder', ['audit', '.'], '', 3],
    ['a policy that is missing', ['audit', '--policy', 'missing.json'], '{}', 3],
    ['a root that is missing', ['path', '--root', './missing', '--', 'a'], '', 3],
    ['no server', ['proxy'], '', 2],
    ['no server behind --', ['proxy', '--'], '', 2],
    ['a grant that is none', ['proxy', '--allow', 'everything', '--', 'server'], '', 2],
    ['a time that is none', ['proxy', '--grace', '-1', '--', 'server'], '', 2],
    ['no server to pin', ['pin'], '', 2],
    ['no server to write a policy for', ['init'], '', 2],
    ['a lock that is missing', ['proxy', '--lock', 'missing.lock', '--', 'server'], '', 3],
    ['a policy of the proxy that is missing', ['proxy', '--policy', 'missing.json', '--', 'server'], '', 3],
    ['a server to pin that is missing', ['pin', '--', 'no-such-program'], '', 3],
    ['a configuration that is missing', ['init', '--config', 'missing.json', '--', 'server'], '', 3],
    ['help of the proxy', ['proxy', '--help'], '', 0],
    ['help', ['--help'], '', 0],
    ['help of a command', ['audit', '--help'], '', 0],
    ['the version', ['--version'], '', 0],
  ]) {
    it(name, async () => {
      const answer = await cli(argv, input)
      assert.equal(answer.code, code, answer.out + answer.err)
      assert.equal(answer.err !== '', code >= 2, 'what keeps a command from running is told on stderr')
    })
  }
})

describe('audit', () => {
  it('points at the place', async () => {
    const { out } = await cli(['audit'], '{\n  "path": "a",\n  "path": "b"\n}\n')
    assert.deepEqual(out.split('\n').slice(0, 3), [
      '-:3:3: denied json.duplicate-key (high) at /path',
      '    "path": "b"',
      '    ^^^^^^',
    ])
    assert.match(out, /\n1 input: 0 allowed, 0 flagged, 1 denied\n$/)
  })

  it('names the line of JSON lines', async () => {
    const { out } = await cli(['audit'], '{"a":1}\n{"b":1,"b":2}\n[1e999]\n')
    assert.match(out, /^-:2:8: denied json\.duplicate-key /m)
    assert.match(out, /^-:3:2: denied json\.number-range /m)
    assert.match(out, /3 inputs: 1 allowed, 0 flagged, 2 denied/)
  })

  it('takes a document over several lines for one document', async () => {
    const { out } = await cli(['audit'], '[\n1,\n2\n]\n')
    assert.match(out, /^1 input: 1 allowed/)
  })

  it('explains the rule', async () => {
    const { out } = await cli(['audit', '--explain'], '[[')
    assert.match(out, /not one RFC 8259 JSON text/)
    assert.match(out, /No policy weakens this rule/)
    const { out: other } = await cli(['audit', '--explain'], '{"__proto__":1}')
    assert.match(other, /^ {2}policy: rules\["json\.prototype-key"\]$/m)
    assert.match(other, /Where a policy says nothing the rule denies/)
  })

  it('prints JSON', async () => {
    const { out } = await cli(['audit', '--json'], '{}\n{"a":1,"a":2}')
    const { results, denied, flagged } = JSON.parse(out)
    assert.deepEqual([results.length, denied, flagged], [2, 1, 0])
    assert.equal(results[1].line, 2)
    assert.equal(results[1].findings[0].rule, 'json.duplicate-key')
  })

  it('enforces a policy and the rules of a tool', async (t) => {
    const folder = temporaryFolder(t)
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, '{ "tools": { "flat": { "limits": { "depth": 1 } } } } // flat')
    const calls = join(folder, 'calls.jsonl')
    writeFileSync(calls, '[[]]\n{}\n')
    assert.equal((await cli(['audit', '--policy', policy, '--tool', 'flat', calls])).code, 1)
    assert.equal((await cli(['audit', '--policy', policy, '--tool', 'other', calls])).code, 0)
    writeFileSync(policy, '{ "limits": { "dept": 1 } }')
    const { code, err } = await cli(['audit', '--policy', policy, calls])
    assert.equal(code, 3)
    assert.match(err, /^callgate: .*policy\.json: \/limits\/dept: /)
    assert.ok(!err.includes('    at '), err)
  })

  it('shows hostile input without obeying it', async () => {
    const { out } = await cli(['audit'], '{"a":"\u001b[2J\u202e\u200b","a":1}')
    assert.ok(!HIDDEN.test(out), JSON.stringify(out))
    assert.match(out, /\\u\{1b\}\[2J/)
  })
})

describe('hostile names', () => {
  const name = 'x\u001b[2J\u009b31m\u202e'
  for (const [what, argv] of [
    ['a file that is missing', ['audit', name]],
    ['a policy that is missing', ['audit', '--policy', name]],
    ['a policy that is missing, shown', ['policy', 'show', name]],
    ['an option', ['audit', `--${name}`]],
    ['a command', [name]],
    ['a choice', ['path', '--root', '.', '--intent', name, '--', 'a']],
    ['a path as JSON', ['path', '--root', '.', '--json', '--', name]],
    ['a key as JSON', ['audit', '--json']],
  ]) {
    it(`obeys nothing in the name of ${what}`, async () => {
      const { code, out, err } = await cli(argv, `{"${name.slice(5)}":1,"${name.slice(5)}":1}`)
      assert.ok(code > 0, what)
      assert.ok(!HIDDEN.test(out + err), JSON.stringify(out + err))
      assert.match(out + err, /\\u\{9b\}31m|\\u009b31m/)
    })
  }

  it('obeys nothing in a policy', async (t) => {
    const file = join(temporaryFolder(t), 'policy.json')
    for (const [tool, code] of [
      [{ nope: 1 }, 3],
      [{}, 0],
    ]) {
      writeFileSync(file, JSON.stringify({ tools: { [name]: tool } }))
      for (const options of [[], ['--json']]) {
        const shown = await cli(['policy', 'show', ...options, file])
        assert.equal(shown.code, code)
        assert.ok(!HIDDEN.test(shown.out + shown.err), JSON.stringify(shown))
      }
    }
  })
})

describe('path', () => {
  it('says where a path leads, or why not', async (t) => {
    const root = join(temporaryFolder(t), 'root')
    mkdirSync(root)
    writeFileSync(join(root, 'a.md'), '')
    symlinkSync('/etc', join(root, 'out'))
    const { code, out } = await cli(['path', '--root', root, '--', 'a.md', 'out/passwd', '../x', '.env'])
    assert.equal(code, 1)
    assert.match(out, /^a\.md: file \//)
    assert.match(out, /^out\/passwd: denied path\.symlink /m)
    assert.match(out, /^\.\.\/x: denied path\.traversal /m)
    assert.match(out, /^\.env: denied path\.blocked /m)
    assert.match(out, /4 paths: 1 allowed, 0 flagged, 3 denied/)
    const { out: json } = await cli(['path', '--root', root, '--json', '--intent', 'write', '--', 'new.md'])
    assert.equal(JSON.parse(json).results[0].resolved.kind, 'missing')
  })

  it('shows a hostile name without obeying it', async (t) => {
    const { out } = await cli(['path', '--root', temporaryFolder(t), '--', 'a\u001b]0;x\u0007\n\u202eb'])
    assert.ok(!HIDDEN.test(out), JSON.stringify(out))
  })
})

describe('policy infer', () => {
  const definition = {
    name: 'read',
    inputSchema: {
      properties: { file_path: { type: 'string' }, mode: { enum: ['r', 'w'] }, n: { type: 'integer' } },
    },
  }

  it('prints the tools of a policy', async (t) => {
    const file = join(temporaryFolder(t), 'tools.json')
    const openai = {
      type: 'function',
      function: { name: 'a\u202e', parameters: { properties: { url: { type: 'string' } } } },
    }
    const nothing = { name: 'none', input_schema: { properties: { n: { type: 'integer' } } } }
    for (const [input, tools] of [
      [definition, ['read']],
      [
        [definition, openai, nothing],
        ['read', 'a\u202e'],
      ],
      [{ tools: [definition] }, ['read']],
      [{ jsonrpc: '2.0', id: 1, result: { tools: [definition] } }, ['read']],
      [[], []],
    ]) {
      writeFileSync(file, JSON.stringify(input))
      const { code, out } = await cli(['policy', 'infer', file])
      assert.equal(code, 0)
      assert.ok(!HIDDEN.test(out), JSON.stringify(out))
      const policy = JSON.parse(out)
      assert.deepEqual(Object.keys(policy.tools), tools)
      new Gate(policy).close()
      if (tools.length > 0) {
        // The closed set is left out: without the schema nothing holds to it.
        assert.deepEqual(policy.tools.read, { arguments: { '/file_path': { kind: 'path', inferred: true } } })
      }
    }
  })

  it('says what a tool will do, and that all of it is a guess', async (t) => {
    const file = join(temporaryFolder(t), 'tools.json')
    const strings = (/** @type {string[]} */ ...names) => ({
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    })
    const tools = [
      { name: 'move_file', inputSchema: strings('source', 'destination') },
      { name: 'run_select_query', description: 'Read-only SQL', inputSchema: strings('sql') },
    ]
    writeFileSync(file, JSON.stringify(tools))
    const { code, out } = await cli(['policy', 'infer', file])
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(out).tools, {
      move_file: {
        arguments: {
          '/destination': { kind: 'path', intent: 'write', inferred: true },
          '/source': { kind: 'path', intent: 'delete', inferred: true },
        },
      },
      run_select_query: { arguments: { '/sql': { kind: 'sql', statements: 'read', inferred: true } } },
    })
  })

  it('tells what it cannot read', async (t) => {
    const file = join(temporaryFolder(t), 'tools.json')
    for (const text of [
      '',
      '{',
      '3',
      'null',
      '{}',
      '{"name":"a"}',
      '[{"inputSchema":{}}]',
      '{"name":"a","inputSchema":[]}',
    ]) {
      writeFileSync(file, text)
      const { code, out } = await cli(['policy', 'infer', file])
      assert.equal(code, 3, text)
      assert.equal(out, '')
    }
  })
})

describe('policy show', () => {
  it('prints a policy that says where each member came from, and is one again', async (t) => {
    const file = join(temporaryFolder(t), 'policy.json')
    writeFileSync(
      file,
      '{ "extends": "callgate:strict", "limits": { "depth": 9 }, "tools": { "a/~\u202eb": { "limits": {} } } }',
    )
    const { code, out } = await cli(['policy', 'show', file])
    assert.equal(code, 0)
    assert.ok(!HIDDEN.test(out), JSON.stringify(out))
    assert.match(out, /"depth": 9, \/\/ file$/m)
    assert.match(out, /"mode": "enforce", \/\/ default$/m)
    assert.match(out, /"hardLinks": "deny", \/\/ callgate:strict$/m)
    writeFileSync(file, out)
    const { out: again } = await cli(['policy', 'show', '--json', file])
    const { policy, origins } = JSON.parse(again)
    assert.equal(policy.limits.depth, 9)
    assert.deepEqual(Object.keys(policy.tools).includes('a/~\u202eb'), true)
    assert.deepEqual(new Set(Object.values(origins)), new Set(['file']))
  })

  it('tells what is wrong with a policy', async (t) => {
    const file = join(temporaryFolder(t), 'policy.json')
    for (const [text, message] of [
      ['{ "extends": "callgate:nope" }', /\/extends: /],
      ['{ "limits": { "depth": "deep" } }', /\/limits\/depth: /],
      ['{', /\(root\)|EOF/],
    ]) {
      writeFileSync(file, text)
      const { code, err } = await cli(['policy', 'show', file])
      assert.equal(code, 3, text)
      assert.match(err, message)
    }
  })
})

describe('places', () => {
  it('counts lines and columns from 1, in code points', () => {
    const bytes = Buffer.from('a\n😀b\nc')
    for (const [at, line, column] of [
      [0, 1, 1],
      [1, 1, 2],
      [2, 2, 1],
      [6, 2, 2],
      [8, 3, 1],
      [9, 3, 2],
    ]) {
      assert.deepEqual(lineAndColumn(bytes, at), { line, column }, `byte ${at}`)
    }
  })

  it('cuts a line to what can be shown', () => {
    const long = Buffer.from(`${'a'.repeat(100)}XY${'b'.repeat(100)}`)
    assert.deepEqual(excerpt(long, 100, 102), [
      `…${'a'.repeat(32)}XY${'b'.repeat(32)}…`,
      `${' '.repeat(33)}^^`,
    ])
    const [text, mark] = excerpt(long, 0, 202)
    assert.equal(text, `${'a'.repeat(48)}…`)
    assert.equal(mark, '^'.repeat(49))
  })

  it('marks the end of the text, and a place behind a line', () => {
    assert.deepEqual(excerpt(Buffer.from('[1'), 2, 2), ['[1', '  ^'])
    assert.deepEqual(excerpt(Buffer.from(''), 0, 0), ['', '^'])
    assert.deepEqual(excerpt(Buffer.from('a\nb'), 1, 2), ['a', ' ^'])
  })

  it('writes out what a terminal would obey or hide', () => {
    assert.equal(
      shown('a\u0000\u009b\u202e\u{e0041}\ufe0f\u2028é😀'),
      'a\\u{0}\\u{9b}\\u{202e}\\u{e0041}\\u{fe0f}\\u{2028}é😀',
    )
  })
})

describe('the process', () => {
  it('answers with the exit code', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'audit'], { input: '{"a":1,"a":1}' })
    assert.equal(status, 1)
    assert.match(stdout.toString(), /json\.duplicate-key/)
  })

  it('answers so where nobody takes its messages', { skip: !existsSync('/dev/full') }, () => {
    const script = '"$0" "$1" audit /nowhere 2> /dev/full'
    assert.equal(spawnSync('sh', ['-c', script, process.execPath, MAIN]).status, 3)
  })

  it('ends quietly when its reader stops', () => {
    const lines = '{"a":1,"a":1}\n'.repeat(20_000)
    const script = '"$0" "$1" audit | head -n 1'
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, MAIN], { input: lines })
    assert.deepEqual([status, stderr.toString()], [0, ''])
  })
})
