// The package as users get it: packed, installed into an empty project, loaded and type-checked there.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { install, run, worksFor } from './support/consumer.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const { platformName } = require('../js/platform.js')
const { packMain, packPlatform } = require('../scripts/release/pack.js')
const { TARGETS } = require('../scripts/release/targets.js')

const HERE = TARGETS.find(({ name }) => name === platformName())
const LIBRARY = join(ROOT, `callgate.${platformName()}.node`)

/** The manifest that a tarball holds. */
function manifestOf({ file }) {
  return JSON.parse(run('tar', ['-xzOf', file, 'package/package.json']))
}

/** Runs Node where it must fail, and answers what it said. */
function failure(args, options = {}) {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...options })
  assert.notEqual(status, 0)
  return stderr
}

describe('the packed packages', {
  skip: HERE === undefined && 'no package is made for this platform',
}, () => {
  let main
  let platform

  const tarballs = temporaryFolder({ after })
  const project = temporaryFolder({ after })

  before(() => {
    main = packMain(TARGETS, tarballs)
    platform = packPlatform(HERE, LIBRARY, tarballs, 'licences')
    // As with a registry: the platform's package is there, those of other platforms are left out.
    install(project, [main.file, platform.file])
  })

  it('hold what is needed and nothing else', () => {
    const allowed =
      /^(index\.(js|mjs|d\.ts|d\.mts)|binding\.(js|d\.ts)|js\/[\w/]+\.js|js\/(http|mcp)\/index\.d\.ts|node_modules\/commander\/.+|presets\/[\w-]+\.json|schemas\/policy\.schema\.json|package\.json|README\.md|LICENSE-(MIT|APACHE)|Cargo\.(toml|lock)|build\.rs|src\/[\w/]+\.(rs|txt)|c_src\/\w+\.[ch]|include\/callgate\.h)$/
    assert.deepEqual(
      main.files.filter((path) => !allowed.test(path)),
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
      'presets/database-read.json',
      'js/cli/build.js',
      'js/http/index.d.ts',
      'js/mcp/index.d.ts',
      'schemas/policy.schema.json',
      'LICENSE-MIT',
      'LICENSE-APACHE',
      'Cargo.lock',
      'src/lib.rs',
      'src/path/blocked/names.txt',
      'c_src/json_index.c',
    ]) {
      assert.ok(main.files.includes(path), path)
    }
    const own = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'THIRD-PARTY-LICENSES', 'package.json']
    assert.deepEqual(platform.files.sort(), [...own, `callgate.${HERE.name}.node`].sort())
  })

  it('run nothing when they are installed', () => {
    for (const packed of [main, platform]) {
      const { name, scripts, dependencies = {}, bundleDependencies = [] } = manifestOf(packed)
      assert.equal(scripts, undefined, name)
      // Nothing is fetched with it: what it depends on is in it.
      assert.deepEqual(Object.keys(dependencies), bundleDependencies, name)
      // npm runs node-gyp where it finds this file, scripts or not.
      assert.ok(!packed.files.includes('binding.gyp'), name)
    }
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
      assert.equal(scripts[name], undefined, name)
    }
  })

  it('hold sources that cargo can read and a lock that fits', () => {
    const manifest = join(project, 'node_modules', 'callgate', 'Cargo.toml')
    const args = ['tree', '--locked', '--offline', '--depth', '0', '--manifest-path', manifest]
    assert.match(run('cargo', args), /^callgate v/)
  })

  it('name each other in one version', () => {
    const { version, optionalDependencies } = manifestOf(main)
    assert.deepEqual(
      optionalDependencies,
      Object.fromEntries(TARGETS.map(({ name }) => [`callgate-${name}`, version])),
    )
    const { name, os, cpu, version: own } = manifestOf(platform)
    assert.deepEqual(
      { name, os, cpu, own },
      {
        name: `callgate-${HERE.name}`,
        os: [process.platform],
        cpu: [process.arch],
        own: version,
      },
    )
  })

  it('bring no other package', () => {
    assert.deepEqual(
      readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['callgate', `callgate-${HERE.name}`],
    )
  })

  worksFor(project)

  it('say what to do where no library fits', (t) => {
    const bare = temporaryFolder(t)
    install(bare, [main.file])
    const said = failure(['-e', `require('callgate')`], { cwd: bare })
    assert.match(said, /platform\.unsupported/)
    assert.match(said, new RegExp(`no native library of callgate for ${HERE.name} .*\`npx callgate build\``))
    // A library that is there and broken is no other case.
    writeFileSync(join(bare, 'node_modules', 'callgate', `callgate.${HERE.name}.node`), 'no library')
    assert.match(failure(['-e', `require('callgate')`], { cwd: bare }), /npx callgate build/)
  })

  it('have callgate/http by require and import', () => {
    const source = `import { createRequire } from 'node:module'
      import { createLookup, guardedFetch } from 'callgate/http'
      const required = createRequire(import.meta.url)('callgate/http')
      console.log(required.createLookup === createLookup, required.guardedFetch === guardedFetch)`
    writeFileSync(join(project, 'http.mjs'), source)
    assert.equal(run(process.execPath, ['http.mjs'], { cwd: project }), 'true true\n')
  })

  it('have callgate/mcp by require and import, without either SDK', () => {
    const code = `
      import { Gate } from 'callgate'
      import * as mcp from 'callgate/mcp'
      import { createRequire } from 'node:module'
      const required = createRequire(import.meta.url)('callgate/mcp')
      const { guardServer } = mcp
      const same = guardServer === required.guardServer
      console.log(same, Object.keys(required).sort().join(), new Gate().refuse('no').isError)`
    const output = run(process.execPath, ['--input-type=module', '--eval', code], { cwd: project })
    const names = [
      'GuardedStdioServerTransport',
      'answerRefusedBody',
      'guardApp',
      'guardFetch',
      'guardRequests',
      'guardServer',
    ]
    assert.equal(output.trim(), `true ${[...names, 'stdinFilter', 'verifyBody', 'wrapTool'].join()} true`)
  })

  it('say what is missing to build a library', (t) => {
    const bare = temporaryFolder(t)
    install(bare, [main.file])
    const source = `process.exitCode = require('./node_modules/callgate/js/cli/build.js').build()`
    const { status, stderr } = spawnSync(process.execPath, ['-e', source], {
      cwd: bare,
      encoding: 'utf8',
      env: { ...process.env, PATH: bare },
    })
    assert.deepEqual(
      { status, said: /Rust [\d.]+ or newer is needed/.test(stderr) },
      { status: 3, said: true },
    )
  })
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
