// @ts-check
'use strict'

// `callgate build`: makes the native library from the sources in the package, where no binary fits. It must work
// before there is a library, so it needs nothing that loads it.

const { spawnSync } = require('node:child_process')
const { copyFileSync, existsSync, readFileSync, renameSync, rmSync } = require('node:fs')
const { join } = require('node:path')
const { abi, libraryName, platformName } = require('../platform.js')
const { EXIT } = require('./exit.js')

const PACKAGE = join(__dirname, '..', '..')

/** @param {string} program */
function runs(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}

/**
 * Why the library cannot be built here, or undefined.
 *
 * @returns {string | undefined}
 */
function obstacle() {
  if (!existsSync(join(PACKAGE, 'Cargo.toml'))) {
    return 'this package holds no sources'
  }
  if (!runs('cargo') || !runs('rustc')) {
    const rust = /^rust-version = "(.+)"$/m.exec(readFileSync(join(PACKAGE, 'Cargo.toml'), 'utf8'))?.[1]
    return `Rust ${rust} or newer is needed, and no cargo and rustc were found: https://rustup.rs`
  }
  const compilers = process.env.CC === undefined ? ['cc', 'gcc', 'clang'] : [process.env.CC]
  if (process.platform !== 'win32' && !compilers.some(runs)) {
    return `a C compiler is needed, and none of ${compilers.join(', ')} was found`
  }
  return undefined
}

/** What cargo is told through the environment, which overrides every file. */
function environment() {
  // A musl toolchain links statically by default, and makes no shared library then.
  const dynamic = abi()?.startsWith('musl') ? '-C target-feature=-crt-static' : ''
  return { ...process.env, RUSTFLAGS: `${process.env.RUSTFLAGS ?? ''} ${dynamic}`.trim() }
}

/**
 * Builds the native library into the package's own folder, where the loader looks first. Needs Rust, a C compiler, and
 * the crates of `Cargo.lock` from cargo's registry or cache. Prints what cargo prints.
 *
 * @returns {number} the exit code: 0 when the library is in place, 3 when it could not be built
 */
function build() {
  const fault = obstacle()
  if (fault !== undefined) {
    console.error(`callgate build: ${fault}`)
    return EXIT.failed
  }
  const target = join(PACKAGE, 'target', 'callgate-build')
  const { status } = spawnSync(
    'cargo',
    // Its own folder: neither a workspace around the package nor CARGO_TARGET_DIR moves the library elsewhere.
    ['build', '--release', '--lib', '--locked', '--manifest-path', 'Cargo.toml', '--target-dir', target],
    { cwd: PACKAGE, stdio: 'inherit', env: environment() },
  )
  // A target in cargo's configuration moves the library one folder down, and it is not for this machine then.
  const library = join(target, 'release', libraryName())
  if (status !== 0 || !existsSync(library)) {
    console.error('callgate build: cargo did not make the library; what it said is above')
    return EXIT.failed
  }
  const name = `callgate.${platformName()}.node`
  // Renamed into place: a process that has the old one open keeps it, and none sees half a file.
  copyFileSync(library, join(PACKAGE, `${name}.new`))
  renameSync(join(PACKAGE, `${name}.new`), join(PACKAGE, name))
  rmSync(target, { recursive: true, force: true })
  console.error(`callgate build: made ${name}`)
  return EXIT.clean
}

module.exports = { build }
