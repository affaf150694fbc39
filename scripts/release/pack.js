// @ts-check
'use strict'

// The packages as they are published: one with the sources and the JavaScript, and one library each for the platforms.

const { execFileSync } = require('node:child_process')
const { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')
const { ROOT, read, run } = require('../lib/tools.js')

/** @typedef {import('./targets.js').Target} Target */
/** @typedef {{ file: string, size: number, files: string[] }} Packed bytes of the tarball, and what it holds */

const MANIFEST = JSON.parse(read('package.json'))
const LICENSES = ['LICENSE-MIT', 'LICENSE-APACHE']

/**
 * @param {string[]} args
 * @param {string} folder
 */
function npmPack(args, folder) {
  const text = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...args], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // A list in npm 10, an object by name in later ones.
  const [{ filename, size, files }] = /** @type {any[]} */ (Object.values(JSON.parse(text)))
  return { filename, size, files: files.map((/** @type {{ path: string }} */ { path }) => path) }
}

/**
 * Packs what `fill` puts into an empty folder.
 *
 * @param {string} destination
 * @param {(folder: string) => void} fill
 * @returns {Packed}
 */
function packed(destination, fill) {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-pack-'))
  try {
    fill(folder)
    mkdirSync(destination, { recursive: true })
    const { filename, size, files } = npmPack(['--pack-destination', destination], folder)
    return { file: join(destination, filename), size, files }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The manifest without what only a clone can use, and with the platforms: a library that does not fit is left out. */
function mainManifest(/** @type {Target[]} */ targets) {
  const { scripts, devDependencies, napi, ...manifest } = MANIFEST
  const platforms = targets.map(({ name }) => [`${MANIFEST.name}-${name}`, MANIFEST.version])
  return { ...manifest, optionalDependencies: Object.fromEntries(platforms) }
}

/** Cargo refuses benches, tests and members of a workspace that are not there, and a package below a workspace of others. */
function mainCargo() {
  return read('Cargo.toml')
    .replace(/^\[\[(?:bench|test)\]\]\n(?:[^[\n].*\n|\n)*/gm, '')
    .replace(/^\[workspace\]\n(?:[^[\n].*\n)*/m, '[workspace]\n')
}

/**
 * Takes from the lock what only other members of the workspace need: with `--locked` cargo refuses one that has more.
 *
 * @param {string} folder
 */
function trimLock(folder) {
  const args = ['update', '--workspace', '--quiet', '--manifest-path', join(folder, 'Cargo.toml')]
  // All that stays is known already, unless nothing was built here yet.
  if (!run('cargo', [...args, '--offline']) && !run('cargo', args)) {
    throw new Error('cargo cannot read the packed sources; its message is above')
  }
}

/**
 * @param {Target[]} targets the platforms that it names
 * @param {string} destination
 */
function packMain(targets, destination) {
  const { files } = npmPack(['--dry-run'], ROOT)
  return packed(destination, (folder) => {
    for (const path of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      copyFileSync(join(ROOT, path), join(folder, path))
    }
    writeFileSync(join(folder, 'package.json'), json(mainManifest(targets)))
    writeFileSync(join(folder, 'Cargo.toml'), mainCargo())
    trimLock(folder)
  })
}

/**
 * @param {Target} target
 * @param {string} library
 * @param {string} destination
 * @param {string} [thirdParty] the licences of what is linked into the library
 */
function packPlatform({ name, os, cpu, libc }, library, destination, thirdParty) {
  const { version, license, repository, engines } = MANIFEST
  const file = `${MANIFEST.name}.${name}.node`
  const manifest = {
    name: `${MANIFEST.name}-${name}`,
    version,
    description: `The native library of ${MANIFEST.name} for ${name}`,
    license,
    repository,
    type: 'commonjs',
    main: file,
    files: [file, ...LICENSES, ...(thirdParty === undefined ? [] : ['THIRD-PARTY-LICENSES'])],
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
  }
  return packed(destination, (folder) => {
    writeFileSync(join(folder, 'package.json'), json(manifest))
    writeFileSync(
      join(folder, 'README.md'),
      `The native library of [${MANIFEST.name}](https://www.npmjs.com/package/${MANIFEST.name}) for ${name}.\n`,
    )
    copyFileSync(library, join(folder, file))
    for (const license of LICENSES) {
      copyFileSync(join(ROOT, license), join(folder, license))
    }
    if (thirdParty !== undefined) {
      writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), thirdParty)
    }
  })
}

module.exports = { packMain, packPlatform }
