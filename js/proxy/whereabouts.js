// @ts-check
'use strict'

// The folder that a server works in: what was started may be a shell or a package runner that changes it, or a server that
// does so itself.

const { readFileSync, readdirSync, readlinkSync } = require('node:fs')

/** Processes that are looked at, and threads of each. */
const MAX_PROCESSES = 256
const MAX_THREADS = 64

/** The ends of the session in a process: its standard input and output. */
const ENDS = [0, 1]

/** Follows the processes of a server where the system tells of them (Linux). */
class Whereabouts {
  #pid
  #moved
  #proc
  /** The folders of the processes that speak with us. @type {Map<number, string | undefined>} */
  #folders = new Map()
  #told

  /**
   * @param {number} pid of what was started
   * @param {(folders: readonly (string | undefined)[]) => void} moved told in which folders the server may work, whenever
   *   they are others than before; `undefined` stands for one that cannot be read
   * @param {{ proc?: string, start?: string }} [options] `start`: the folder that it was started in
   */
  constructor(pid, moved, { proc = '/proc', start = process.cwd() } = {}) {
    this.#pid = pid
    this.#moved = moved
    this.#proc = proc
    this.#told = JSON.stringify([start])
  }

  /** Looks for the processes of the server. */
  look() {
    const pids = this.#servers()
    if (pids.length > 0) {
      this.#folders = new Map(pids.map((pid) => [pid, this.#link(pid, 'cwd')]))
      this.#tell()
    }
  }

  /** Looks at those that are known, which costs little. */
  glance() {
    for (const [pid, before] of this.#folders) {
      if (this.#link(pid, 'cwd') !== before) {
        this.look()
        return
      }
    }
  }

  #tell() {
    const folders = [...new Set(this.#folders.values())]
    const told = JSON.stringify(folders.map((folder) => folder ?? null))
    if (told !== this.#told) {
      this.#told = told
      this.#moved(folders)
    }
  }

  /** The processes that hold an end of the session and started none that does: the others only wait for them. */
  #servers() {
    const ends = ENDS.map((end) => this.#link(this.#pid, `fd/${end}`))
    /** @type {Map<number, number>} processes and who started them */
    const parents = new Map()
    const open = [[this.#pid, 0]]
    for (let next = open.shift(); next !== undefined && parents.size < MAX_PROCESSES; next = open.shift()) {
      const [pid = 0, parent = 0] = next
      if (this.#isThere(pid)) {
        parents.set(pid, parent)
        open.push(...this.#childrenOf(pid).map((child) => [child, pid]))
      }
    }
    const holders = [...parents.keys()].filter((pid) => pid === this.#pid || this.#holds(pid, ends))
    const waiting = new Set()
    for (const holder of holders) {
      for (let pid = parents.get(holder); pid !== undefined; pid = parents.get(pid)) {
        waiting.add(pid)
      }
    }
    return holders.filter((pid) => !waiting.has(pid))
  }

  /**
   * @param {number} pid
   * @param {(string | undefined)[]} ends
   */
  #holds(pid, ends) {
    return ENDS.some((end) => ends[end] !== undefined && this.#link(pid, `fd/${end}`) === ends[end])
  }

  /** @param {number} pid */
  #isThere(pid) {
    return this.#read(() => readFileSync(`${this.#proc}/${pid}/stat`)) !== undefined
  }

  /** @param {number} pid */
  #childrenOf(pid) {
    const tasks = `${this.#proc}/${pid}/task`
    const threads = this.#read(() => readdirSync(tasks)) ?? []
    return threads.slice(0, MAX_THREADS).flatMap((thread) => {
      const text = this.#read(() => readFileSync(`${tasks}/${thread}/children`, 'utf8')) ?? ''
      return text.split(' ').map(Number).filter(Boolean)
    })
  }

  /**
   * @param {number} pid
   * @param {string} name
   */
  #link(pid, name) {
    return this.#read(() => readlinkSync(`${this.#proc}/${pid}/${name}`))
  }

  /**
   * @template T
   * @param {() => T} read
   */
  #read(read) {
    try {
      return read()
    } catch {
      // It is gone, or another user's, or the system has no such file.
      return undefined
    }
  }
}

/** What names the folder that a program changes to, as an option of it. */
const OPTIONS = /^(?:--(?:directory|cwd|prefix|dir|chdir|project-dir)|-C)(?:=(.+))?$/s
/** The same in a line for a shell. */
const CHANGES = /(?:^|[;&|(]|\n)\s*(?:cd|pushd|chdir)\s+(?:\/d\s+)?(?:--\s+)?("[^"]+"|'[^']+'|[^\s;&|)]+)/

/**
 * The folder to which a command says that it changes, as it is written.
 *
 * @param {readonly string[]} command
 * @returns {string | undefined}
 */
function folderNamed(command) {
  for (const [index, word] of command.entries()) {
    const option = OPTIONS.exec(word)
    if (option !== null) {
      return option[1] ?? command[index + 1]
    }
    const change = CHANGES.exec(word)
    if (change?.[1] !== undefined) {
      return change[1].replace(/^["']|["']$/g, '')
    }
  }
  return undefined
}

module.exports = { Whereabouts, folderNamed }
