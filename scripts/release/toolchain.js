// @ts-check
'use strict'

// zig and cargo-zigbuild, from PyPI, in a folder of their own. zig is a C compiler and linker for every target that
// brings the C libraries: any version of glibc, and musl. The usual linker would link this machine's glibc into a
// library for musl without a word.

const { existsSync } = require('node:fs')
const { delimiter, join } = require('node:path')
const { ROOT, run } = require('../lib/tools.js')
const { GLIBC } = require('./targets.js')

const TOOLS = join(ROOT, 'target', 'release-tools')
const BIN = join(TOOLS, 'venv', 'bin')
const PACKAGES = ['ziglang==0.17.1', 'cargo-zigbuild==0.24.0']

/** zig keeps what it builds, such as the C libraries: below `target`, not in the home folder. */
const CACHES = {
  ZIG_GLOBAL_CACHE_DIR: join(TOOLS, 'zig-cache'),
  ZIG_LOCAL_CACHE_DIR: join(TOOLS, 'zig-cache'),
  CARGO_ZIGBUILD_CACHE_DIR: join(TOOLS, 'zigbuild-cache'),
}

/** @returns {NodeJS.ProcessEnv} */
function environment() {
  return { ...CACHES, PATH: `${BIN}${delimiter}${process.env.PATH}` }
}

/**
 * Runs a program; a failure ends the script.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function must(program, args, env) {
  if (!run(program, args, env)) {
    throw new Error(`${program} ${args.join(' ')} failed; its message is above`)
  }
}

/** Installs what is missing. */
function prepare() {
  if (!existsSync(join(BIN, 'cargo-zigbuild')) || !existsSync(join(BIN, 'python-zig'))) {
    must('python3', ['-m', 'venv', join(TOOLS, 'venv')])
    must(join(BIN, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
  }
}

/**
 * Builds the library for a Linux target.
 *
 * @param {import('./targets.js').Target} target
 * @returns {string} the library
 */
function build({ triple, libc, library }) {
  const folder = join(ROOT, 'target', 'release-build')
  // Paths of the machine that builds have no place in what is published.
  const flags = [
    `--remap-path-prefix=${ROOT}=/callgate`,
    `--remap-path-prefix=${process.env.CARGO_HOME ?? join(process.env.HOME ?? '/', '.cargo')}=/cargo`,
    ...(libc === 'musl' ? ['-Ctarget-feature=-crt-static'] : []),
  ]
  // No rustup: then the standard library of the target must be there already, and cargo says so where it is not.
  run('rustup', ['target', 'add', triple])
  const wanted = libc === 'glibc' ? `${triple}.${GLIBC}` : triple
  must('cargo', ['zigbuild', '--release', '--lib', '--locked', '--target', wanted, '--target-dir', folder], {
    ...environment(),
    CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
  })
  return join(folder, triple, 'release', library)
}

/**
 * Compiles a C program with zig, statically for musl, so that it needs nothing of the system it runs on.
 *
 * @param {string} cpu as `process.arch`
 * @param {string[]} args
 */
function compile(cpu, args) {
  const target = `${cpu === 'arm64' ? 'aarch64' : 'x86_64'}-linux-musl`
  must(join(BIN, 'python-zig'), ['cc', '-target', target, '-static', '-O2', '-std=c11', ...args], CACHES)
}

module.exports = { TOOLS, build, compile, must, prepare }
