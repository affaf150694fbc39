// @ts-check
'use strict'

// Makes a fresh clone ready: checks the tools, installs packages, builds the addon. Each step is left out
// when nothing that it depends on has changed.

const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { ROOT, missing, read, run } = require('./lib/tools.js')

const PACKAGES_STAMP = 'node_modules/.callgate-stamp'
const ADDON_STAMP = 'target/addon.stamp'
/** What the addon is made of, and the generated files beside it. */
const ADDON_INPUTS = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'package.json', 'src', 'c_src']
const GENERATED = ['binding.js', 'binding.d.ts']

/**
 * @param {string[]} paths files and folders
 * @returns {string}
 */
function hashOf(paths) {
  const hash = createHash('sha256')
  /** @param {string} path */
  const add = (path) => {
    const full = join(ROOT, path)
    if (!existsSync(full)) {
      hash.update(`${path}\0absent\0`)
    } else if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        add(join(path, name))
      }
    } else {
      hash.update(`${path}\0`).update(readFileSync(full)).update('\0')
    }
  }
  paths.forEach(add)
  return hash.digest('hex')
}

/**
 * @param {string} stamp
 * @param {string} value
 */
function isStamped(stamp, value) {
  return existsSync(join(ROOT, stamp)) && read(stamp) === value
}

/** @param {string[]} lines */
function fail(lines) {
  for (const line of lines) {
    console.error(`set-up: ${line}`)
  }
  process.exit(1)
}

function installPackages() {
  const wanted = hashOf(['package-lock.json'])
  if (isStamped(PACKAGES_STAMP, wanted)) {
    return
  }
  console.log('set-up: installing packages')
  // Not `npm ci`: it refuses a lock that lacks packages of other platforms, which not every registry has.
  // The locked versions are installed all the same, and the lock stays as it is.
  if (!run('npm', ['install', '--no-save', '--no-audit', '--no-fund'])) {
    fail(['npm could not install the packages that package-lock.json names; its message is above'])
  }
  writeFileSync(join(ROOT, PACKAGES_STAMP), wanted)
}

function buildAddon() {
  const inputs = [...ADDON_INPUTS, ...GENERATED]
  const built = readdirSync(ROOT).some((name) => /^callgate\..+\.node$/.test(name))
  if (built && isStamped(ADDON_STAMP, hashOf(inputs))) {
    return
  }
  console.log('set-up: building the addon')
  if (!run('npm', ['run', '--silent', 'build'])) {
    fail(['the addon could not be built; the message of cargo is above'])
  }
  mkdirSync(join(ROOT, 'target'), { recursive: true })
  writeFileSync(join(ROOT, ADDON_STAMP), hashOf(inputs))
}

/**
 * @returns {string[]} committed files that the build made anew with other content
 */
function setup() {
  const faults = missing()
  if (faults.length > 0) {
    fail(faults)
  }
  installPackages()
  const before = GENERATED.map((path) => hashOf([path]))
  buildAddon()
  return GENERATED.filter((path, index) => hashOf([path]) !== before[index])
}

if (require.main === module) {
  setup()
}

module.exports = { setup }
