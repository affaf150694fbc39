// @ts-check
'use strict'

// Makes what would be published, in target/release-packages: the main package and one for each platform.
//
//   node scripts/release.js             cross-builds the Linux libraries, checks them, packs them
//   node scripts/release.js libraries   cross-builds and checks them only
//   node scripts/release.js pack        packs the libraries that lie there; those of every platform must

const {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const { join } = require('node:path')
const { ROOT } = require('./lib/tools.js')
const { faults } = require('./release/elf.js')
const { thirdPartyLicenses } = require('./release/licenses.js')
const { packMain, packPlatform } = require('./release/pack.js')
const { GLIBC, LINUX, TARGETS } = require('./release/targets.js')
const { build, prepare } = require('./release/toolchain.js')

/** @typedef {import('./release/targets.js').Target} Target */

const PACKAGES = join(ROOT, 'target', 'release-packages')
const LIBRARIES = join(ROOT, 'target', 'release-libraries')
const DOCS = join(ROOT, 'docs', 'benchmarks.md')
const [BEGIN, END] = ['<!-- packages:begin -->', '<!-- packages:end -->']

/** @param {Target} target */
function libraryOf({ name }) {
  return join(LIBRARIES, `callgate.${name}.node`)
}

/** Builds the Linux libraries; one that would not load elsewhere ends the script. */
function makeLibraries() {
  prepare()
  mkdirSync(LIBRARIES, { recursive: true })
  for (const target of LINUX) {
    console.log(`release: building ${target.name}`)
    copyFileSync(build(target), libraryOf(target))
    const found = faults(libraryOf(target), target)
    if (found.length > 0) {
      throw new Error(`the library for ${target.name} cannot be published: ${found.join('; ')}`)
    }
  }
}

/**
 * @param {Target[]} targets
 * @returns {string} the sizes as a table
 */
function packAll(targets) {
  const missing = targets.filter((target) => !existsSync(libraryOf(target)))
  if (missing.length > 0) {
    throw new Error(`no library for ${missing.map(({ name }) => name).join(', ')}`)
  }
  // What an earlier run left must not be published with this one's.
  rmSync(PACKAGES, { recursive: true, force: true })
  const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`
  const rows = targets.map((target) => {
    const library = libraryOf(target)
    const { size } = packPlatform(target, library, PACKAGES, thirdPartyLicenses(target))
    return `| callgate-${target.name} | ${megabytes(statSync(library).size)} | ${megabytes(size)} |`
  })
  const main = packMain(targets, PACKAGES)
  return [
    '| package | .node | tarball |',
    '|---|---:|---:|',
    `| callgate | | ${megabytes(main.size)} |`,
    ...rows,
  ].join('\n')
}

/** @param {string} table */
function writeDocs(table) {
  const text = readFileSync(DOCS, 'utf8')
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) {
    throw new Error(`docs/benchmarks.md has no ${BEGIN} and ${END}`)
  }
  writeFileSync(DOCS, `${before}${BEGIN}\n${table}\n${END}${after}`)
}

function main() {
  const [what = 'all'] = process.argv.slice(2)
  if (what === 'all' || what === 'libraries') {
    makeLibraries()
    console.log(`release: ${LINUX.length} libraries, for glibc ${GLIBC} and for musl, need nothing else`)
  }
  if (what === 'all' || what === 'pack') {
    const table = packAll(what === 'all' ? LINUX : TARGETS)
    console.log(table)
    // A check must leave the tree as it found it; a table of some packages is not the one of the page.
    if (what === 'all' && process.env.CI === undefined && !process.env.CALLGATE_RELEASE_TARGETS) {
      writeDocs(table)
    }
  }
}

main()
