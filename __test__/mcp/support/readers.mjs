// Programs that read lines and JSON as servers and clients of other languages do. What is not installed is left out, but
// not in CI.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('./readers', import.meta.url))
const has = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string | Uint8Array} input
 */
const answer = (program, args, input) =>
  JSON.parse(execFileSync(program, args, { input, maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'inherit'] }))

const python = has('python3', '--version')
const java = has('javac', '-version') && has('java', '-version')
const go = has('go', 'version')

const isRequired = process.env.CI === 'true' && process.platform === 'linux'

/**
 * @param {boolean} found
 * @param {string} why
 */
const leftOut = (found, why) => !found && !isRequired && why

/** @type {string | undefined} */
let folder
/** A folder for what is compiled. */
function compiled() {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'callgate-readers-'))
    process.on('exit', () => rmSync(/** @type {string} */ (folder), { recursive: true, force: true }))
  }
  return folder
}

/** The program of Go, and the folder of Java's class, compiled once. */
const made = { go: '', java: '' }
function goProgram() {
  if (made.go === '') {
    made.go = join(compiled(), 'read')
    const env = { ...process.env, GO111MODULE: 'off', GOFLAGS: '' }
    execFileSync('go', ['build', '-o', made.go, join(FOLDER, 'read.go')], { env, stdio: 'inherit' })
  }
  return made.go
}
function javaClasses() {
  if (made.java === '') {
    made.java = compiled()
    execFileSync('javac', ['-d', made.java, join(FOLDER, 'Lines.java')], { stdio: 'inherit' })
  }
  return made.java
}

/** The members that Go takes names for. */
export const membersOfGo = (names) => answer(goProgram(), ['members'], JSON.stringify(names))

/** By language: why it is left out, or what its readers find in bytes. */
export const READERS = {
  Node: {
    read: async (bytes) => {
      const lines = []
      for await (const line of createInterface({ input: Readable.from([bytes]), crlfDelay: Infinity })) {
        lines.push(line)
      }
      return { readline: lines }
    },
  },
  Python: {
    skip: leftOut(python, 'there is no python3'),
    read: (bytes) => answer('python3', ['-I', join(FOLDER, 'lines.py')], bytes),
  },
  Java: {
    skip: leftOut(java, 'there is no JDK (apt-get install default-jdk-headless)'),
    read: (bytes) => answer('java', ['-cp', javaClasses(), 'Lines'], bytes),
  },
  Go: {
    skip: leftOut(go, 'there is no Go (apt-get install golang-go)'),
    read: (bytes) => answer(goProgram(), [], bytes),
  },
}
