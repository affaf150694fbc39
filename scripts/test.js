// @ts-check
'use strict'

// Runs every test, whatever failed before, and ends with a summary and one line of totals.
//   --node   only what concerns the npm package

const { spawn } = require('node:child_process')
const { copyFileSync, mkdirSync, readdirSync } = require('node:fs')
const { availableParallelism } = require('node:os')
const { join } = require('node:path')
const { libraryName } = require('../js/platform.js')
const { setup } = require('./setup.js')
const { ROOT } = require('./lib/tools.js')

const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target')
const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name)

/**
 * How a step tells what it counted, and what failed. A step without counts is one test: it passed or it failed.
 *
 * @typedef {{ passed: RegExp, failed: RegExp, failure: RegExp }} Counts
 */

/** @type {Counts} */
const CARGO = {
  passed: /^test result: .*?(\d+) passed/gm,
  failed: /^test result: .*?(\d+) failed/gm,
  failure: /^---- .* stdout ----\n(?:.+\n)*/gm,
}
/** @type {Counts} */
const NODE = {
  passed: /^\W*pass (\d+)$/gm,
  failed: /^\W*fail (\d+)$/gm,
  // A test in TAP, with what follows it. A suite that holds one says nothing more.
  failure:
    /^ *not ok \d+ - .*\n *---\n(?!(?: .*\n){0,4}? *failureType: 'subtestsFailed')(?: .*\n)*? *\.\.\.$/gm,
}

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {[string, ...string[]]} command
 * @property {Counts} [counts]
 * @property {() => void} [after]
 * @property {'all' | 'node'} [only] where one of the two runs has no use for it
 */

/** By name: Node 20 takes a folder and no pattern, later ones a pattern and no folder. */
const NODE_TESTS = ['__test__', '__test__/mcp', '__test__/proxy'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => `${folder}/${name}`),
)

/** @type {Step[]} */
const STEPS = [
  { name: 'Rust format', command: ['cargo', 'fmt', '--check'], only: 'all' },
  {
    name: 'Rust lints',
    command: ['cargo', 'clippy', '--all-targets', '--features', 'test-hooks', '--', '-D', 'warnings'],
    only: 'all',
  },
  {
    name: 'Rust and C tests',
    command: ['cargo', 'test', '--no-fail-fast', '--features', 'test-hooks'],
    counts: CARGO,
    after: keepHooks,
    only: 'all',
  },
  {
    name: 'Generated bindings and header',
    command: ['cargo', 'run', '--quiet', '--package', 'callgate-codegen', '--', '--check'],
    only: 'all',
  },
  {
    name: 'Code generation',
    command: ['cargo', 'test', '--quiet', '--package', 'callgate-codegen'],
    counts: CARGO,
    only: 'all',
  },
  { name: 'JavaScript format and lints', command: [bin('biome'), 'check', '.'] },
  { name: 'JavaScript types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'Example types', command: [bin('tsc'), '-p', 'examples/notes-server'] },
  {
    name: 'Library with test hooks',
    command: ['cargo', 'build', '--lib', '--features', 'test-hooks'],
    after: keepHooks,
    only: 'node',
  },
  {
    name: 'Node tests',
    // By itself Node leaves one processor idle.
    command: [
      process.execPath,
      '--test',
      '--test-timeout=600000',
      `--test-concurrency=${availableParallelism()}`,
      ...NODE_TESTS,
    ],
    counts: NODE,
  },
]

/** Puts the library with test hooks, which cargo has just built, where the Node tests look for it. */
function keepHooks() {
  mkdirSync(join(ROOT, 'target', 'test-hooks'), { recursive: true })
  copyFileSync(
    join(TARGET, 'debug', 'deps', libraryName()),
    join(ROOT, 'target', 'test-hooks', 'callgate.node'),
  )
}

/**
 * @param {Step} step
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function execute({ command: [program, ...args] }) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32'
    const child = spawn(program, args, { cwd: ROOT, shell, stdio: ['inherit', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      output += chunk
    })
    child.on('error', () => resolve({ ok: false, output }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

/** @typedef {{ name: string, passed: number, failed: number, failures: string[] }} Result */

/**
 * @param {string} output
 * @param {RegExp} pattern
 */
function total(output, pattern) {
  return [...output.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0)
}

/**
 * @param {Step} step
 * @returns {Promise<Result>}
 */
async function test(step) {
  console.log(`\n== ${step.name}`)
  let { ok, output } = await execute(step)
  try {
    step.after?.()
  } catch (error) {
    console.error(error)
    ok = false
  }
  const passed = step.counts === undefined ? Number(ok) : total(output, step.counts.passed)
  const failed = step.counts === undefined ? Number(!ok) : total(output, step.counts.failed)
  // A step that broke before it counted anything must not pass for one without failures.
  const failures = step.counts === undefined || ok ? [] : (output.match(step.counts.failure) ?? [])
  return { name: step.name, passed, failed: ok ? failed : Math.max(failed, 1), failures }
}

async function main() {
  const changed = setup()
  const name = 'Set-up, and binding.js as built'
  /** @type {Result[]} */
  const results = [{ name, passed: Number(changed.length === 0), failed: changed.length, failures: [] }]
  for (const path of changed) {
    console.error(`${path} was not what the build makes; it has been written anew: commit it`)
  }
  const run = process.argv.includes('--node') ? 'node' : 'all'
  for (const step of STEPS.filter(({ only = run }) => only === run)) {
    results.push(await test(step))
  }
  for (const failure of results.flatMap(({ failures }) => failures)) {
    console.log(`\n== Failed\n${failure}`)
  }
  console.log('\n== Summary')
  for (const { name, passed, failed } of results) {
    console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed`)
  }
  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    results.reduce((all, result) => all + result[key], 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
}

main()
