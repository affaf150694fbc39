// What a project that installed the package can do with it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a program that must succeed, and answers what it printed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {string}
 */
export function run(program, args, options = {}) {
  // A runner of tests below this one must report as if it were alone.
  const { NODE_TEST_CONTEXT, ...env } = options.env ?? process.env
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...options,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${error ?? ''}\n${stdout}\n${stderr}`)
  return stdout
}

/**
 * Makes a project and installs tarballs into it, without a network.
 *
 * @param {string} project an empty folder
 * @param {string[]} tarballs
 * @param {NodeJS.ProcessEnv} [env]
 */
export function install(project, tarballs, env = process.env) {
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true }')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: project, env })
}

/**
 * One test for each way to use the package in `project`.
 *
 * @param {string} project
 * @param {NodeJS.ProcessEnv} [env]
 */
export function worksFor(project, env = process.env) {
  const node = (/** @type {string[]} */ args) => run(process.execPath, args, { cwd: project, env })

  it('loads by require', () => {
    const source = `const { Gate, auditToolArgs } = require('callgate')
      console.log(new Gate().audit('t', '{}').action, auditToolArgs('{"a":1,"a":2}').findings[0].rule)`
    assert.equal(node(['-e', source]), 'allow json.duplicate-key\n')
  })

  it('loads by import, with the same classes', () => {
    const source = `import { createRequire } from 'node:module'
      import { CallgateError, Gate } from 'callgate'
      const required = createRequire(import.meta.url)('callgate')
      console.log(required.CallgateError === CallgateError, required.Gate === Gate)`
    writeFileSync(join(project, 'check.mjs'), source)
    assert.equal(node(['check.mjs']), 'true true\n')
  })

  it('works in two worker threads and the main thread at once', () => {
    const source = `import { Worker, isMainThread, parentPort } from 'node:worker_threads'
      import { once } from 'node:events'
      import { Gate } from 'callgate'
      const { action } = new Gate().audit('t', '{"a":1,"a":2}')
      if (isMainThread) {
        const workers = [1, 2].map(() => new Worker(new URL(import.meta.url)))
        const answers = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
        console.log(action, ...answers)
      } else {
        parentPort.postMessage(action)
      }`
    writeFileSync(join(project, 'threads.mjs'), source)
    assert.equal(node(['threads.mjs']), 'deny deny deny\n')
  })

  it('opens no inner path', () => {
    const source = `try { require('callgate/js/path.js') } catch (error) { console.log(error.code) }`
    assert.equal(node(['-e', source]), 'ERR_PACKAGE_PATH_NOT_EXPORTED\n')
  })

  for (const [consumer, ...resolution] of [
    ['consumer.mts', '--module', 'NodeNext'],
    ['consumer.cts', '--module', 'NodeNext'],
    ['consumer.mts', '--module', 'Preserve', '--moduleResolution', 'Bundler'],
  ]) {
    it(`has types for ${consumer} with ${resolution.join(' ')}`, () => {
      const source = readFileSync(join(ROOT, '__test__', 'types', consumer), 'utf8')
      writeFileSync(join(project, consumer), source)
      // The compiler and Node's types are the repository's: the project is offline.
      const types = ['--typeRoots', join(ROOT, 'node_modules', '@types'), '--types', 'node']
      const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--target', 'ES2022']
      run(join(ROOT, 'node_modules', '.bin', 'tsc'), [...strict, ...resolution, ...types, consumer], {
        cwd: project,
        env,
      })
    })
  }
}
