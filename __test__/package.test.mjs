// The package as users get it: packed, installed into an empty project, loaded and type-checked there.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './support/temporary.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program and answers what it printed. */
function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options })
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

describe('the packed package', () => {
  /** @type {string[]} */
  let files

  const project = temporaryFolder({ after })

  before(() => {
    const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
      cwd: ROOT,
    })
    const [{ filename, files: listed }] = Object.values(JSON.parse(packed))
    files = listed.map(({ path }) => path)
    writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true }')
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(project, filename)], { cwd: project })
  })

  it('holds what is needed and nothing else', () => {
    const allowed =
      /^(index\.(js|mjs|d\.ts|d\.mts)|binding\.(js|d\.ts)|js\/(cli\/|http\/)?\w+\.js|js\/http\/index\.d\.ts|node_modules\/commander\/.+|presets\/\w+\.json|schemas\/policy\.schema\.json|callgate\.[\w-]+\.node|package\.json|README\.md|LICENSE-(MIT|APACHE))$/
    assert.deepEqual(
      files.filter((path) => !allowed.test(path)),
      [],
    )
    for (const path of [
      'index.js',
      'index.mjs',
      'index.d.ts',
      'index.d.mts',
      'binding.js',
      'js/bytes.js',
      'presets/coding.json',
      'js/http/index.d.ts',
      'schemas/policy.schema.json',
    ]) {
      assert.ok(files.includes(path), path)
    }
  })

  it('brings no other package', () => {
    assert.deepEqual(
      readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['callgate'],
    )
  })

  it('loads by require', () => {
    const source = `const { Gate, auditToolArgs } = require('callgate')
      console.log(new Gate().audit('t', '{}').action, auditToolArgs('{"a":1,"a":2}').findings[0].rule)`
    assert.equal(run(process.execPath, ['-e', source], { cwd: project }), 'allow json.duplicate-key\n')
  })

  it('loads by import, with the same classes', () => {
    const source = `import { createRequire } from 'node:module'
      import { CallgateError, Gate } from 'callgate'
      const required = createRequire(import.meta.url)('callgate')
      console.log(required.CallgateError === CallgateError, required.Gate === Gate)`
    writeFileSync(join(project, 'check.mjs'), source)
    assert.equal(run(process.execPath, ['check.mjs'], { cwd: project }), 'true true\n')
  })

  it('has callgate/http by require and import', () => {
    const source = `import { createRequire } from 'node:module'
      import { createLookup, guardedFetch } from 'callgate/http'
      const required = createRequire(import.meta.url)('callgate/http')
      console.log(required.createLookup === createLookup, required.guardedFetch === guardedFetch)`
    writeFileSync(join(project, 'http.mjs'), source)
    assert.equal(run(process.execPath, ['http.mjs'], { cwd: project }), 'true true\n')
  })

  it('opens no inner path', () => {
    const source = `try { require('callgate/js/path.js') } catch (error) { console.log(error.code) }`
    assert.equal(run(process.execPath, ['-e', source], { cwd: project }), 'ERR_PACKAGE_PATH_NOT_EXPORTED\n')
  })

  for (const consumer of ['consumer.mts', 'consumer.cts']) {
    it(`has types for ${consumer}`, () => {
      const source = readFileSync(join(ROOT, '__test__', 'types', consumer), 'utf8')
      writeFileSync(join(project, consumer), source)
      // The compiler and Node's types are the repository's: the project is offline.
      const types = ['--typeRoots', join(ROOT, 'node_modules', '@types'), '--types', 'node']
      const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--module', 'NodeNext']
      run(join(ROOT, 'node_modules', '.bin', 'tsc'), [...strict, '--target', 'ES2022', ...types, consumer], {
        cwd: project,
      })
    })
  }
})

describe('the loader', () => {
  const SCRIPT = `
    const { version } = require(${JSON.stringify(ROOT)})
    console.log(version, process.env.NAPI_RS_NATIVE_LIBRARY_PATH)`
  const elsewhere = {
    ...process.env,
    NAPI_RS_NATIVE_LIBRARY_PATH: '/nonexistent/other.node',
    NAPI_RS_FORCE_WASI: 'error',
    NAPI_RS_WASI_FLAVOR: 'other',
  }

  it('ignores a library that the environment names', () => {
    assert.match(
      run(process.execPath, ['-e', SCRIPT], { env: elsewhere }),
      /^\d+\.\d+\.\d+ \/nonexistent\/other\.node\n$/,
    )
  })

  it('ignores a library that polluted data names', (t) => {
    const library = join(temporaryFolder(t), 'other.cjs')
    writeFileSync(library, 'console.log("loaded")')
    const pollute = `
      Object.prototype.NAPI_RS_NATIVE_LIBRARY_PATH = ${JSON.stringify(library)}
      Object.prototype.CALLGATE_ALLOW_LIBRARY_OVERRIDE = '1'
      Object.prototype.NAPI_RS_FORCE_WASI = 'error'
      console.log(require(${JSON.stringify(ROOT)}).version, Object.keys(process.env).includes('NAPI_RS_FORCE_WASI'))`
    assert.match(run(process.execPath, ['-e', pollute]), /^\d+\.\d+\.\d+ false\n$/)
  })

  it('obeys when it is told to', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', SCRIPT], {
      encoding: 'utf8',
      env: { ...elsewhere, CALLGATE_ALLOW_LIBRARY_OVERRIDE: '1' },
    })
    assert.notEqual(status, 0)
    assert.match(stderr, /platform\.unsupported/)
  })

  it('refuses a native library of another version', (t) => {
    const folder = temporaryFolder(t)
    const other = { ...JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')), version: '999.0.0' }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(other))
    for (const name of readdirSync(ROOT).filter((name) => /^index\.js$|^binding\.js$|\.node$/.test(name))) {
      symlinkSync(join(ROOT, name), join(folder, name))
    }
    symlinkSync(join(ROOT, 'js'), join(folder, 'js'))
    const args = ['--preserve-symlinks', '-e', `require(${JSON.stringify(folder)})`]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    assert.notEqual(status, 0)
    assert.match(stderr, /callgate 999\.0\.0 found its native library in version/)
  })
})
