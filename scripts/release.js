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
const { GLIBC, LINUX, TARGETS, isWhole } = require('./release/targets.js')
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
 * Packs the main package and those of the targets.
 *
 * @param {Target[]} targets
 * @returns {Row[]}
 */
function packAll(targets) {
  const missing = targets.filter((target) => !existsSync(libraryOf(target)))
  if (missing.length > 0) {
    throw new Error(`no library for ${missing.map(({ name }) => name).join(', ')}`)
  }
  // What an earlier run left must not be published with this one's.
  rmSync(PACKAGES, { recursive: true, force: true })
  const rows = targets.map((target) => {
    const library = libraryOf(target)
    const { size } = packPlatform(target, library, PACKAGES, thirdPartyLicenses(target))
    return { name: `callgate-${target.name}`, library: statSync(library).size, tarball: size }
  })
  return [{ name: 'callgate', tarball: packMain(targets, PACKAGES).size }, ...rows]
}

/**
 * The sizes of a package in bytes.
 *
 * @typedef {{ name: string, library?: number, tarball: number }} Row
 */

/** @param {Row[]} rows */
function tableOf(rows) {
  const megabytes = (/** @type {number | undefined} */ bytes) =>
    bytes === undefined ? '' : `${(bytes / 1e6).toFixed(2)} MB`
  const lines = rows.map(
    ({ name, library, tarball }) => `| ${name} | ${megabytes(library)} | ${megabytes(tarball)} |`,
  )
  return ['| package | .node | tarball |', '|---|---:|---:|', ...lines].join('\n')
}

/** The page, and where its table of packages begins and ends. */
function page() {
  const text = readFileSync(DOCS, 'utf8')
  const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)]
  if (from < BEGIN.length || to < from) {
    throw new Error(`${DOCS} has no ${BEGIN} and ${END}`)
  }
  return { text, from, to }
}

/** @param {string} table */
function writeDocs(table) {
  const { text, from, to } = page()
  writeFileSync(DOCS, `${text.slice(0, from)}\n${table}\n${text.slice(to)}`)
}

/**
 * Fails where the page tells another size than was built, by more than a tenth.
 *
 * @param {Row[]} rows
 */
function checkDocs(rows) {
  const { text, from, to } = page()
  for (const { name, ...sizes } of rows) {
    const line = text
      .slice(from, to)
      .split('\n')
      .find((line) => line.startsWith(`| ${name} |`))
    const told = [...(line ?? '').matchAll(/([\d.]+) MB/g)].map((match) => Number(match[1]) * 1e6)
    const built = Object.values(sizes)
    const isClose = built.every((bytes, at) => Math.abs(bytes - (told[at] ?? 0)) <= bytes / 10)
    if (!isClose || told.length !== built.length) {
      throw new Error(
        `docs/benchmarks.md does not tell the sizes of ${name}: ${built} bytes; npm run build:release writes them`,
      )
    }
  }
}

function main() {
  const [what = 'all'] = process.argv.slice(2)
  if (what === 'all' || what === 'libraries') {
    makeLibraries()
    console.log(`release: ${LINUX.length} libraries, for glibc ${GLIBC} and for musl, need nothing else`)
  }
  if (what === 'all' || what === 'pack') {
    const rows = packAll(what === 'all' ? LINUX : TARGETS)
    console.log(tableOf(rows))
    if (what === 'all') {
      // A check must leave the tree as it found it, and some of the packages are not the whole table.
      if (process.env.CI === undefined && isWhole) {
        writeDocs(tableOf(rows))
      } else {
        checkDocs(rows)
      }
    }
  }
}

main()
