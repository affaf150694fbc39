// @ts-check
'use strict'

const { read } = require('../lib/tools.js')

/** The oldest glibc that the published libraries run with. */
const GLIBC = '2.17'

/**
 * @typedef {object} Target
 * @property {string} triple Rust's name
 * @property {string} name the loader's name, such as `linux-x64-gnu`
 * @property {string} os as `process.platform`
 * @property {string} cpu as `process.arch`
 * @property {'glibc' | 'musl'} [libc] as npm names it
 * @property {string} library what cargo calls the file
 */

/**
 * @param {string} triple
 * @returns {Target}
 */
function target(triple) {
  const cpu = triple.startsWith('aarch64-') ? 'arm64' : 'x64'
  if (triple.endsWith('-apple-darwin')) {
    return { triple, name: `darwin-${cpu}`, os: 'darwin', cpu, library: 'libcallgate.dylib' }
  }
  if (triple.endsWith('-pc-windows-msvc')) {
    return { triple, name: `win32-${cpu}-msvc`, os: 'win32', cpu, library: 'callgate.dll' }
  }
  const [, abi] = /-unknown-linux-(gnu|musl)$/.exec(triple) ?? []
  if (abi === undefined) {
    throw new Error(`${triple} is no target that this script knows`)
  }
  const libc = abi === 'gnu' ? 'glibc' : 'musl'
  return { triple, name: `linux-${cpu}-${abi}`, os: 'linux', cpu, libc, library: 'libcallgate.so' }
}

/** Every target that package.json names. */
const TARGETS = /** @type {string[]} */ (JSON.parse(read('package.json')).napi.targets).map(target)

/** The names of the targets to build, where not all are wanted. */
const WANTED = (process.env.CALLGATE_RELEASE_TARGETS ?? '').split(' ').filter((name) => name !== '')

/** Those that one Linux machine cross-builds. */
const LINUX = TARGETS.filter(
  ({ os, name }) => os === 'linux' && (WANTED.length === 0 || WANTED.includes(name)),
)
if (LINUX.length < WANTED.length) {
  throw new Error(`CALLGATE_RELEASE_TARGETS names a target that is not for Linux: ${WANTED.join(' ')}`)
}

/** Whether all targets for Linux are built. */
const isWhole = WANTED.length === 0

module.exports = { GLIBC, LINUX, TARGETS, isWhole }
