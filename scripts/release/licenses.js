// @ts-check
'use strict'

// The licences of the crates that are linked into the library for a target.

const { execFileSync } = require('node:child_process')
const { readFileSync, readdirSync } = require('node:fs')
const { dirname, join, sep } = require('node:path')
const { ROOT } = require('../lib/tools.js')

const HEAD = `The native library of callgate holds code of others, under the licences below.

Beside the crates: the standard library of Rust (MIT OR Apache-2.0) and, where zig linked the library, zig's compiler
runtime (MIT) and LLVM's libunwind (Apache-2.0 WITH LLVM-exception).
`

/**
 * @param {import('./targets.js').Target} target
 * @returns {any[]} packages of `cargo metadata`, callgate left out
 */
function linked({ triple }) {
  const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', triple]
  const text = execFileSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 })
  const { packages, resolve } = JSON.parse(text)
  const byId = new Map(packages.map((/** @type {any} */ one) => [one.id, one]))
  const nodes = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node]))
  const isMacro = (/** @type {string} */ id) =>
    byId.get(id).targets.some((/** @type {any} */ { kind }) => kind.includes('proc-macro'))
  const found = new Set([resolve.root])
  for (const id of found) {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      // A kind of null is an ordinary dependency: those of builds and tests, and macros, run before anything is linked.
      if (dep_kinds.some((/** @type {any} */ { kind }) => kind === null) && !isMacro(pkg)) {
        found.add(pkg)
      }
    }
  }
  found.delete(resolve.root)
  return [...found].map((id) => byId.get(id)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The texts that a package holds of its licences: files, or a folder of them.
 *
 * @param {string} folder
 */
function textsOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => /^(licen[cs]es?|copying|notice|unlicense)/i.test(name))
    .map((entry) => join(folder, entry.name) + (entry.isDirectory() ? sep : ''))
    .sort()
    .flatMap((path) => (path.endsWith(sep) ? readdirSync(path).map((name) => join(path, name)) : [path]))
    .map((path) => readFileSync(path, 'utf8').trim())
}

/** @param {import('./targets.js').Target} target */
function thirdPartyLicenses(target) {
  const parts = linked(target).map(({ name, version, license, repository, manifest_path }) => {
    const texts = textsOf(dirname(manifest_path))
    const head = `${name} ${version} (${license})\n${repository ?? ''}`.trim()
    return [head, ...(texts.length === 0 ? ['The package holds no text of its licence.'] : texts)].join(
      '\n\n',
    )
  })
  return [HEAD, ...parts].join(`\n${'-'.repeat(80)}\n\n`).concat('\n')
}

module.exports = { thirdPartyLicenses }
