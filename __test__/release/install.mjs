// The release packages as users get them: installed into an empty project on a machine without Rust or a C compiler,
// and built from the shipped sources where no binary fits.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { install, run, worksFor } from '../support/consumer.mjs'
import { temporaryFolder } from '../support/temporary.mjs'
import { ROOT, tarball } from './support.mjs'

const require = createRequire(import.meta.url)
const { platformName } = require('../../js/platform.js')
const { LINUX } = require('../../scripts/release/targets.js')
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const NO_COMMAND = bin === undefined && 'the package has no command yet'

/** Whether the sources are whole does not show in how well they are compiled. */
const QUICK = {
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
}

/** What `PATH` says a program is. */
function which(name) {
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** An environment with Node, npm and a shell, and nothing to compile with. */
function bareEnvironment() {
  const home = temporaryFolder({ after })
  const programs = join(home, 'bin')
  mkdirSync(programs)
  for (const name of ['node', 'npm', 'npx', 'sh', 'env']) {
    symlinkSync(name === 'node' ? process.execPath : String(which(name)), join(programs, name))
  }
  return { PATH: programs, HOME: home }
}

describe('installed without Rust and a C compiler', () => {
  const env = bareEnvironment()
  const project = temporaryFolder({ after })

  before(() => {
    for (const tool of ['cargo', 'rustc', 'cc', 'gcc', 'clang']) {
      assert.equal(run('sh', ['-c', `command -v ${tool} || echo absent`], { env }), 'absent\n')
    }
    install(project, [tarball('callgate'), tarball(`callgate-${platformName()}`)], env)
  })

  worksFor(project, env)

  it('has a command', { skip: NO_COMMAND }, () => {
    assert.match(run('npx', ['--offline', 'callgate', '--help'], { cwd: project, env }), /callgate/)
  })
})

describe('built from the shipped sources', () => {
  const folder = temporaryFolder({ after })
  const project = join(folder, 'project')

  it('has no library before, and one after', () => {
    // The project lies in a workspace of cargo that knows nothing of the package.
    writeFileSync(join(folder, 'Cargo.toml'), '[workspace]\nmembers = []\n')
    mkdirSync(project)
    install(project, [tarball('callgate')])
    const audit = `console.log(require('callgate').auditToolArgs('{"a":1,"a":2}').action)`
    const before = spawnSync(process.execPath, ['-e', audit], { cwd: project, encoding: 'utf8' })
    assert.match(before.stderr, /platform\.unsupported/)
    const build = `process.exitCode = require('./node_modules/callgate/js/cli/build.js').build()`
    const [program, args] =
      bin === undefined ? [process.execPath, ['-e', build]] : ['npx', ['--offline', 'callgate', 'build']]
    run(program, args, { cwd: project, env: { ...process.env, ...QUICK } })
    assert.equal(run(process.execPath, ['-e', audit], { cwd: project }), 'deny\n')
    assert.ok(
      !existsSync(join(project, 'node_modules', 'callgate', 'target', 'callgate-build')),
      'left its work behind',
    )
  })
})

describe('the tarballs', () => {
  const command = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name)

  for (const name of ['callgate', ...LINUX.map(({ name }) => `callgate-${name}`)]) {
    it(`${name}: publint has nothing to say`, () => {
      assert.match(run(command('publint'), ['run', '--strict', tarball(name)]), /All good!/)
    })
  }

  it('callgate: the types are right for every way to import it', () => {
    assert.match(run(command('attw'), [tarball('callgate')]), /No problems found/)
  })
})
