// Every Linux package on its own platform: arm64 under qemu-user, musl in a root without glibc. The packed package is
// unpacked beside the tests of the repository, which then run against it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { run } from '../support/consumer.mjs'
import { temporaryFolder } from '../support/temporary.mjs'
import { ROOT, tarball } from './support.mjs'

const require = createRequire(import.meta.url)
const { faults } = require('../../scripts/release/elf.js')
const { glibcNode, muslRoot } = require('../../scripts/release/nodes.js')
const { LINUX } = require('../../scripts/release/targets.js')
const { compile, prepare } = require('../../scripts/release/toolchain.js')

/** Tests that need nothing but the package. */
const SUITES = ['vectors', 'gate', 'input', 'path'].map((name) => `__test__/${name}.test.mjs`)

/** What every platform must answer before anything else. */
const SMOKE = `
  const { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
  const { Gate } = require('callgate')
  const folder = mkdtempSync('/tmp/callgate-smoke-')
  writeFileSync(folder + '/file', 'content')
  const gate = new Gate({ paths: { roots: [folder] } })
  const fd = gate.openPath('file')
  console.log(JSON.stringify({
    allowed: gate.audit('t', '{"a":[1,2,3]}').action,
    denied: gate.audit('t', '{"a":1,"a":2}').findings[0].rule,
    resolved: gate.resolvePath('file').relative,
    opened: readFileSync(fd, 'utf8'),
    outside: gate.checkPath('../x').findings[0].rule,
    node: process.arch,
    libraries: process.report.getReport().sharedObjects.filter((name) => /callgate[^/]*[.]node$/.test(name)).length,
  }))
  closeSync(fd)
  rmSync(folder, { recursive: true })`

/**
 * @typedef {object} Runner
 * @property {string} node the program, as it is called on the platform
 * @property {string[]} command what comes before it
 * @property {(folder: string) => string} place brings a folder where the platform sees it; answers its name there
 */

/**
 * How Node runs on a platform, or why it cannot.
 *
 * @returns {Runner | string}
 */
function runner({ cpu, libc }, context) {
  const native = cpu === process.arch
  const emulator = cpu === 'arm64' ? 'qemu-aarch64' : 'qemu-x86_64'
  if (!native && spawnSync(emulator, ['--version']).status !== 0) {
    return `${emulator} is not installed`
  }
  const same = (/** @type {string} */ folder) => folder
  if (libc === 'glibc') {
    const system = cpu === 'arm64' ? '/usr/aarch64-linux-gnu' : '/usr/x86_64-linux-gnu'
    if (native) {
      return { command: [], node: process.execPath, place: same }
    }
    return existsSync(join(system, 'lib', 'libstdc++.so.6'))
      ? { command: [emulator, '-L', system], node: glibcNode('22', `linux-${cpu}`), place: same }
      : `the C++ library for ${cpu} is not installed`
  }
  prepare()
  const root = muslRoot(cpu)
  if (root === undefined) {
    return "Debian's packages of musl cannot be had here"
  }
  const node = join(root, 'opt', 'node', 'bin', 'node')
  if (!native) {
    // The emulator looks below its root first, so that the loader finds the `ldd` of musl there.
    return { command: [emulator, '-L', root], node, place: same }
  }
  const unshare = [
    'unshare',
    '--map-root-user',
    '--mount',
    '--pid',
    '--fork',
    '--mount-proc',
    `--root=${root}`,
    '--wd=/',
  ]
  // Some systems let only root do this.
  const command = [unshare, ['sudo', '-n', ...unshare]].find(
    ([program, ...args]) => spawnSync(program, [...args, '/opt/node/bin/node', '--version']).status === 0,
  )
  if (command === undefined) {
    return 'no root of its own can be had'
  }
  // A root of its own, as a container has: what needs glibc cannot run there.
  compile(cpu, [join(ROOT, '__test__/release/mkfifo.c'), '-o', join(root, 'usr', 'bin', 'mkfifo')])
  const inner = '/suite'
  context.after(() => rmSync(join(root, inner), { recursive: true, force: true }))
  return {
    command,
    node: '/opt/node/bin/node',
    place(folder) {
      rmSync(join(root, inner), { recursive: true, force: true })
      cpSync(folder, join(root, inner), { recursive: true })
      return inner
    },
  }
}

/** Unpacks main and platform package, with the tests beside them: `../index.mjs` is then the packed one. */
function unpack(name, folder) {
  const place = join(folder, 'node_modules', `callgate-${name}`)
  mkdirSync(place, { recursive: true })
  run('tar', ['-xzf', tarball('callgate'), '--strip-components=1', '-C', folder])
  run('tar', ['-xzf', tarball(`callgate-${name}`), '--strip-components=1', '-C', place])
  cpSync(join(ROOT, '__test__'), join(folder, '__test__'), { recursive: true })
  cpSync(join(ROOT, 'tests', 'vectors'), join(folder, 'tests', 'vectors'), { recursive: true })
}

/** The rungs of the index that this processor has, as `tests/c/rungs.c` names them. */
function rungs() {
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? []
  const has = (/** @type {string[]} */ names) => names.every((name) => flags.includes(name))
  const common = ['avx2', 'pclmulqdq', 'bmi1', 'bmi2', 'abm', 'popcnt']
  return [
    ...(has(common) ? ['avx2'] : []),
    ...(has([...common, 'avx512f', 'avx512bw', 'avx512vbmi', 'avx512_vbmi2']) ? ['avx512'] : []),
  ]
}

/** `tests/c/rungs.c` with the C helper, compiled by zig as the libraries are. */
function rungsProgram(cpu, folder) {
  const wide = ['-mpclmul', '-mbmi', '-mbmi2', '-mlzcnt', '-mpopcnt']
  const flags = {
    avx2: ['-mavx2', ...wide],
    avx512: ['-mavx2', '-mavx512f', '-mavx512bw', '-mavx512vbmi', '-mavx512vbmi2', ...wide],
  }
  const sources = readdirSync(join(ROOT, 'c_src')).filter((name) =>
    /^(json_index|text_marks|rungs).*\.c$/.test(name),
  )
  const objects = [...sources.map((name) => `c_src/${name}`), 'tests/c/rungs.c'].map((source) => {
    const object = join(folder, `${source.replaceAll('/', '_')}.o`)
    const rung = /(?:json_index|text_marks)_(\w+)\.c$/.exec(source)?.[1]
    compile(cpu, [...(flags[rung] ?? []), '-I', join(ROOT, 'c_src'), '-c', join(ROOT, source), '-o', object])
    return object
  })
  compile(cpu, [...objects, '-o', join(folder, 'rungs')])
  return join(folder, 'rungs')
}

for (const target of LINUX) {
  describe(target.name, () => {
    const how = runner(target, { after })
    if (typeof how === 'string') {
      // Said where it is read: the reason is in the output of the tests, and CI is told what it lacks.
      it(`runs: ${how}`, { skip: how })
      return
    }
    const folder = temporaryFolder({ after })
    unpack(target.name, folder)
    const place = how.place(folder)
    const { command, node } = how
    const [program, ...args] = [...command, node]
    const inside = (/** @type {string[]} */ more) => run(program, [...args, ...more], { cwd: folder })

    it('loads the library of the platform package, audits, resolves and opens', () => {
      const script = SMOKE.replace("require('callgate')", `require(${JSON.stringify(place)})`)
      assert.deepEqual(JSON.parse(inside(['-e', script])), {
        allowed: 'allow',
        denied: 'json.duplicate-key',
        resolved: 'file',
        opened: 'content',
        outside: 'path.traversal',
        node: target.cpu,
        libraries: 1,
      })
    })

    for (const suite of SUITES) {
      it(`passes ${suite}`, () => {
        const report = inside(['--test-reporter=tap', `${place}/${suite}`])
        const count = (/** @type {string} */ word) =>
          Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(report)?.[1])
        assert.ok(count('pass') > 10, report)
        assert.equal(count('fail'), 0)
      })
    }
  })
}

describe('the index as zig compiles it', {
  skip: process.arch !== 'x64' && 'rungs are found by CPUID only',
}, () => {
  it('finds and agrees on the vectors of the processor', (t) => {
    prepare()
    run(rungsProgram('x64', temporaryFolder(t)), rungs())
  })
})

describe('the check of libraries', () => {
  const library = (/** @type {string} */ name) =>
    join(ROOT, 'target', 'release-libraries', `callgate.${name}.node`)

  for (const [what, file, target, expected] of [
    [
      'a library for glibc as one for musl',
      'linux-x64-gnu',
      { cpu: 'x64', libc: 'musl' },
      /it needs libc\.so\.6/,
    ],
    [
      'a library for musl as one for glibc',
      'linux-x64-musl',
      { cpu: 'x64', libc: 'glibc' },
      /it needs libc\.so,/,
    ],
    ['another processor', 'linux-arm64-gnu', { cpu: 'x64', libc: 'glibc' }, /it is for AArch64/],
    [
      'versions of glibc below musl',
      'linux-arm64-gnu',
      { cpu: 'arm64', libc: 'musl' },
      /it needs glibc 2\.17/,
    ],
  ]) {
    const skip = !LINUX.some(({ name }) => name === file) && `the library for ${file} is not built`
    it(`refuses ${what}`, { skip }, () => assert.match(faults(library(file), target).join('\n'), expected))
  }

  it('refuses a library that needs a newer glibc, and one that exports nothing', () => {
    const found = faults('/proc/self/exe', { cpu: process.arch, libc: 'glibc' }).join('\n')
    assert.match(found, /it needs glibc 2\.(1[89]|[2-9]\d)/)
    assert.match(found, /it does not export callgate_abi_version/)
    assert.match(found, /bytes, more than/)
  })

  for (const target of LINUX) {
    it(`lets ${target.name} pass`, () => assert.deepEqual(faults(library(target.name), target), []))
  }
})
