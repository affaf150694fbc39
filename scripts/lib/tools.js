// @ts-check
'use strict'

// Set-up uses Node's own modules only: it runs before anything is installed.

const { spawnSync } = require('node:child_process')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '..', '..')

/** @param {string} path */
function read(path) {
  return readFileSync(join(ROOT, path), 'utf8')
}

/**
 * Whether a dotted version is at least another.
 *
 * @param {string} version
 * @param {string} least
 */
function atLeast(version, least) {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number))
  for (const [index, part] of want.entries()) {
    if ((have[index] ?? 0) !== part) {
      return (have[index] ?? 0) > part
    }
  }
  return true
}

/**
 * The version that a program prints first, or undefined when it cannot be run.
 *
 * @param {string} program
 */
function versionOf(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return status === 0 ? (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? '') : undefined
}

/**
 * What is missing to build callgate, one sentence each.
 *
 * @returns {string[]}
 */
function missing() {
  const faults = []
  const node = /\d+/.exec(JSON.parse(read('package.json')).engines.node)?.[0] ?? ''
  if (!atLeast(process.versions.node, node)) {
    faults.push(`Node.js ${node} or newer is needed, this is ${process.versions.node}: https://nodejs.org`)
  }
  const rust = /^rust-version = "(.+)"$/m.exec(read('Cargo.toml'))?.[1] ?? ''
  const rustc = versionOf('rustc')
  if (rustc === undefined || versionOf('cargo') === undefined) {
    faults.push(`Rust ${rust} or newer is needed, and no rustc and cargo were found: https://rustup.rs`)
  } else if (!atLeast(rustc, rust)) {
    faults.push(`Rust ${rust} or newer is needed, this is ${rustc}: run \`rustup update stable\``)
  }
  const compilers = process.env.CC === undefined ? ['cc', 'gcc', 'clang'] : [process.env.CC]
  if (process.platform !== 'win32' && compilers.every((compiler) => versionOf(compiler) === undefined)) {
    faults.push(`a C compiler is needed, and none of ${compilers.join(', ')} was found: install gcc or clang`)
  }
  return faults
}

/**
 * Runs a program in the repository, showing what it prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {boolean} whether it succeeded
 */
function run(program, args, env) {
  const options = { cwd: ROOT, stdio: /** @type {const} */ ('inherit'), env: { ...process.env, ...env } }
  // npm and its tools are scripts on Windows, which only a shell starts.
  const shell = process.platform === 'win32'
  return spawnSync(program, args, { ...options, shell }).status === 0
}

/**
 * Runs a program that an installed package brings.
 *
 * @param {string} name
 * @param {string[]} args
 */
function runInstalled(name, args) {
  return run(join(ROOT, 'node_modules', '.bin', name), args)
}

module.exports = { ROOT, atLeast, missing, read, run, runInstalled }
