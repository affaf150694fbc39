// @ts-check
'use strict'

// The server's process: started in a group of its own, so that what it starts ends with it.

const { spawn } = require('node:child_process')

/** @import { ChildProcessByStdio } from 'node:child_process' */
/** @import { Readable, Writable } from 'node:stream' */

/** Milliseconds that the server has after a signal before it is killed. */
const AFTER_SIGNAL = 2000

const HAS_GROUPS = process.platform !== 'win32'

/**
 * How a server ended.
 *
 * @typedef {object} End
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {boolean} asked whether it was told to end
 * @property {Error} [error] why it could not be started
 */

class Child {
  #process
  #grace
  #asked = false
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  /** @type {Promise<End>} */
  ended

  /**
   * @param {string[]} command
   * @param {number} grace milliseconds that the server has after its input ends before it is told to end
   */
  constructor([program, ...args], grace) {
    this.#grace = grace
    /** @type {ChildProcessByStdio<Writable, Readable, null>} */
    this.#process = spawn(/** @type {string} */ (program), args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: HAS_GROUPS,
      windowsHide: true,
    })
    const child = this.#process
    // A server that ended takes no more; its end is told elsewhere.
    child.stdin?.on('error', () => {})
    child.stdout?.on('error', () => {})
    this.ended = new Promise((resolve) => {
      child.on(
        'error',
        (error) => child.pid === undefined && resolve({ code: null, signal: null, asked: false, error }),
      )
      child.on('exit', (code, signal) => {
        clearTimeout(this.#timer)
        // What it started must not outlive it, nor keep its output open.
        this.#kill('SIGKILL')
        resolve({ code, signal, asked: this.#asked })
      })
    })
  }

  /** Of what was started; none where it could not be. */
  get pid() {
    return this.#process.pid
  }

  get stdin() {
    return this.#process.stdin
  }

  get stdout() {
    return this.#process.stdout
  }

  /** Ends its input, upon which a server ends; and sees to it that it does. */
  finish() {
    this.#process.stdin?.end()
    this.#later(this.#grace, () => this.signal('SIGTERM'))
  }

  /** Its input is about to end, once it has read what there is: it has as long for that as to end. */
  expire() {
    this.#later(this.#grace, () => this.signal('SIGTERM'))
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#asked = true
    this.#kill(signal)
    this.#later(AFTER_SIGNAL, () => this.#kill('SIGKILL'))
  }

  /** At once, and whatever it is doing. */
  kill() {
    this.#asked = true
    this.#kill('SIGKILL')
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} action
   */
  #later(milliseconds, action) {
    clearTimeout(this.#timer)
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#timer = setTimeout(action, milliseconds)
    }
  }

  /** @param {NodeJS.Signals} signal */
  #kill(signal) {
    const { pid } = this.#process
    if (pid === undefined) {
      return
    }
    try {
      if (HAS_GROUPS) {
        process.kill(-pid, signal)
      } else {
        this.#process.kill(signal)
      }
    } catch {
      // Nobody is left in the group.
    }
  }
}

module.exports = { Child }
