// @ts-check
'use strict'

// What a library for Linux asks of the system, as `readelf` (binutils) tells it.

const { execFileSync } = require('node:child_process')
const { readFileSync, statSync } = require('node:fs')
const { homedir } = require('node:os')
const { join } = require('node:path')
const { ROOT, atLeast } = require('../lib/tools.js')
const { GLIBC } = require('./targets.js')

/**
 * Most that a library may have, in bytes. Linux on x64 has 9.5 million: 6.5 of code, 1.0 of tables, 1.0 of what unwinding
 * needs. JSON Schema is the largest part. The `jsonschema` crate is compiled twice, for documents of callgate and, as its
 * meta-schemas are always applied, for trees of `serde_json`; with it come a second pattern engine, the tables of Unicode
 * and numbers of any size. No switch leaves any of them out.
 */
const MAX_BYTES = 9_800_000

/** Folders whose files a compiler reads. Not the home folder itself: of root it has a name that callgate knows. */
const BUILD_FOLDERS = [
  ROOT,
  process.env.CARGO_HOME ?? join(homedir(), '.cargo'),
  process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
]

const MACHINES = { x64: 'Advanced Micro Devices X86-64', arm64: 'AArch64' }

/** The libraries that a target's system has, and nothing beyond them. */
const SYSTEM = {
  glibc: /^(lib(c|m|pthread|dl|rt)\.so\.\d+|ld-linux-[\w-]+\.so\.\d+)$/,
  musl: /^libc\.(so|musl-\w+\.so\.1)$/,
}

/** What Node and C programs look up. */
const EXPORTS = ['napi_register_module_v1', 'callgate_abi_version', 'callgate_audit_tool_args']

/**
 * @param {string} file
 * @param {string[]} args
 */
function readelf(file, ...args) {
  return execFileSync('readelf', ['-W', ...args, file], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: 'C' },
  })
}

/**
 * What is wrong with a library, one sentence each.
 *
 * @param {string} file
 * @param {Pick<import('./targets.js').Target, 'cpu' | 'libc'>} target
 * @returns {string[]}
 */
function faults(file, { cpu, libc }) {
  const found = []
  const machine = /Machine:\s+(.+)/.exec(readelf(file, '--file-header'))?.[1]
  if (machine !== MACHINES[/** @type {keyof typeof MACHINES} */ (cpu)]) {
    found.push(`it is for ${machine}`)
  }
  const needed = [...readelf(file, '--dynamic').matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name)
  if (needed.length === 0) {
    found.push('it names no library that it needs, not even the C library')
  }
  const system = SYSTEM[libc ?? 'musl']
  for (const name of needed.filter((name) => !system.test(name))) {
    found.push(`it needs ${name}, which a system with ${libc} need not have`)
  }
  // `readelf` tells of versions only where a library asks for some: a library for musl must ask for none.
  const versions = new Set(
    [...readelf(file, '--version-info').matchAll(/\bGLIBC_(\d[\d.]*)/g)].map(([, v]) => v),
  )
  for (const version of versions) {
    if (libc !== 'glibc' || !atLeast(GLIBC, version)) {
      found.push(`it needs glibc ${version}`)
    }
  }
  const symbols = readelf(file, '--dyn-syms')
  for (const name of EXPORTS.filter(
    (name) => !new RegExp(`GLOBAL +DEFAULT +\\d+ ${name}\\n`).test(symbols),
  )) {
    found.push(`it does not export ${name}`)
  }
  const bytes = readFileSync(file)
  for (const path of BUILD_FOLDERS.filter((path) => path !== '/' && bytes.includes(`${path}/`))) {
    found.push(`it names a folder of this machine: ${path}`)
  }
  const { size } = statSync(file)
  if (size > MAX_BYTES) {
    found.push(`it has ${size} bytes, more than ${MAX_BYTES}`)
  }
  return found
}

module.exports = { faults }
