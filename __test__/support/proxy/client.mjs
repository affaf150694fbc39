// A client of MCP on the streams of a process, which sends what it is told to and hides nothing of what comes back.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../js/cli/main.js', import.meta.url))
const LINE_FEED = 0x0a

/**
 * The command line of the proxy.
 *
 * @param {string[]} server
 * @param {string[]} [options]
 */
export function proxied(server, options = []) {
  return [process.execPath, MAIN, 'proxy', '--grace', '2000', ...options, '--', ...server]
}

export class Client {
  /** Lines of standard output, as they came. @type {string[]} */
  lines = []
  stderr = ''
  #child
  #rest = Buffer.alloc(0)
  #next = 1
  /** @type {Set<() => void>} */
  #waiting = new Set()

  /**
   * @param {string[]} command
   * @param {import('node:child_process').SpawnOptions} [options]
   */
  constructor([program, ...args], options = {}) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
    this.#child.stdin.on('error', () => {})
    this.#child.stdout.on('data', (chunk) => this.#take(chunk))
    this.#child.stderr.on('data', (chunk) => {
      this.stderr += chunk
      this.#notify()
    })
    /** @type {Promise<{ code: number | null, signal: string | null }>} */
    this.ended = new Promise((resolve) =>
      this.#child.on('close', (code, signal) => {
        this.isOver = true
        this.#notify()
        resolve({ code, signal })
      }),
    )
    this.isOver = false
  }

  get pid() {
    return this.#child.pid
  }

  get streams() {
    return this.#child
  }

  /** What came behind the last line. */
  get rest() {
    return this.#rest.toString()
  }

  /** Messages that came, parsed. */
  get messages() {
    return this.lines.map((line) => JSON.parse(line))
  }

  #take(chunk) {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED)) {
      this.lines.push(bytes.toString('utf8', 0, at))
      bytes = bytes.subarray(at + 1)
    }
    this.#rest = Buffer.from(bytes)
    this.#notify()
  }

  /** @param {string | Uint8Array} bytes */
  raw(bytes) {
    this.#child.stdin.write(bytes)
  }

  /** @param {object} message */
  send(message) {
    this.raw(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  /**
   * Waits until something holds; fails once the process is over and it does not.
   *
   * @template T
   * @param {() => T | undefined | false} what
   * @returns {Promise<T>}
   */
  until(what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = what()
        if (found || this.isOver) {
          this.#waiting.delete(look)
        }
        if (found) {
          resolve(found)
        } else if (this.isOver) {
          reject(new Error(`the process is over: ${this.stderr}`))
        }
      }
      this.#waiting.add(look)
      look()
    })
  }

  #notify() {
    for (const look of [...this.#waiting]) {
      look()
    }
  }

  /** The next answer that fits; what came before the call does not count. @param {(id: unknown) => boolean} [fits] */
  nextAnswer(fits = () => true) {
    let seen = this.lines.length
    return this.until(() => {
      while (seen < this.lines.length) {
        const message = JSON.parse(this.lines[seen++])
        if (message.method === undefined && fits(message.id)) {
          return message
        }
      }
      return undefined
    })
  }

  /** What will answer a request. @param {unknown} id */
  answer(id) {
    return this.nextAnswer((of) => of === id)
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  ask(method, params) {
    const id = this.#next++
    this.send({ id, method, params })
    return this.answer(id)
  }

  /**
   * @param {string} name
   * @param {object} [args]
   */
  call(name, args = {}) {
    return this.ask('tools/call', { name, arguments: args })
  }

  /** @param {object} [capabilities] */
  async greet(capabilities = {}) {
    const clientInfo = { name: 'test', version: '1' }
    const answer = await this.ask('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
    this.send({ method: 'notifications/initialized' })
    return answer
  }

  /** Ends its input, as a client does that is done. */
  async finish() {
    this.#child.stdin.end()
    return this.ended
  }

  kill() {
    this.#child.kill('SIGKILL')
  }
}

/**
 * A client of the proxy in front of a server, gone after the test.
 *
 * @param {import('node:test').TestContext} t
 * @param {string[]} server
 * @param {{ options?: string[], spawn?: import('node:child_process').SpawnOptions }} [how]
 */
export function throughProxy(t, server, { options, spawn: how } = {}) {
  return connected(t, proxied(server, options), how)
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string[]} command
 * @param {import('node:child_process').SpawnOptions} [how]
 */
export function connected(t, command, how) {
  const client = new Client(command, how)
  t.after(async () => {
    client.streams.stdin.end()
    await client.ended
  })
  return client
}
