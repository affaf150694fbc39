// @ts-check
'use strict'

// The platform by the names that the generated loader uses.

const { readFileSync } = require('node:fs')

/** How the loader tells musl from glibc: by `ldd`, and where there is none by the report of the process. */
function isMusl() {
  try {
    return readFileSync('/usr/bin/ldd', 'utf8').includes('musl')
  } catch {
    const report = /** @type {any} */ (process.report?.getReport() ?? {})
    return !report.header?.glibcVersionRuntime
  }
}

/**
 * `gnu`, `musl`, `msvc`, or nothing where a system has one C library only.
 *
 * @returns {string | undefined}
 */
function abi() {
  if (process.platform === 'win32') {
    return 'msvc'
  }
  if (process.platform !== 'linux') {
    return undefined
  }
  const libc = isMusl() ? 'musl' : 'gnu'
  return process.arch === 'arm' ? `${libc}eabihf` : libc
}

/**
 * Such as `linux-x64-gnu` or `darwin-arm64`: the middle of `callgate.<name>.node`, the end of `callgate-<name>`.
 *
 * @returns {string}
 */
function platformName() {
  return [process.platform, process.arch, abi()].filter((part) => part !== undefined).join('-')
}

/** What cargo calls the library. */
function libraryName() {
  const names = { darwin: 'libcallgate.dylib', win32: 'callgate.dll' }
  return names[/** @type {keyof typeof names} */ (process.platform)] ?? 'libcallgate.so'
}

module.exports = { abi, libraryName, platformName }
