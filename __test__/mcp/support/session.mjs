// A raw client of a server on stdio: it sends bytes and reads lines.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url))
const PATIENCE = 30_000

export const MODERN =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}},'

export class Session {
  #child
  #rest = ''
  #answers = []
  #wake = () => {}
  #probe = 1000
  ended = false
  /** What stdout held that is no JSON: there must be nothing. */
  noise = []

  /** @param {'v1' | 'v2' | 'modern'} line @param {string} guard */
  constructor(line, guard) {
    this.line = line
    this.wire = { meta: line === 'modern' ? MODERN : '' }
    this.#child = spawn(process.execPath, [SERVER, line, guard], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (this.#rest + chunk).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const text of lines) {
        try {
          this.#answers.push(JSON.parse(text))
        } catch {
          this.noise.push(text)
        }
      }
      this.#wake()
    })
    this.#child.stdin.on('error', () => {})
    // A test that fails leaves the server behind: that must not keep the run waiting.
    for (const handle of [this.#child, this.#child.stdin, this.#child.stdout]) {
      handle.unref()
    }
    this.#child.on('close', () => {
      this.ended = true
      this.#wake()
    })
  }

  async open() {
    if (this.line !== 'modern') {
      const params =
        '"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}'
      this.write(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{${params}}}\n`)
      await this.answer(({ id }) => id === 0)
      this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    }
    return this
  }

  /** @param {string | Buffer} bytes */
  write(bytes) {
    this.#child.stdin.write(bytes)
  }

  /**
   * The first answer of a kind; undefined where the server ends before.
   *
   * @param {(answer: any) => boolean} wanted
   */
  async answer(wanted) {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#wake()
    }, PATIENCE)
    try {
      return await this.#found(wanted, () => late)
    } finally {
      clearTimeout(timer)
    }
  }

  async #found(wanted, isLate) {
    for (;;) {
      const at = this.#answers.findIndex(wanted)
      if (at !== -1) {
        return this.#answers.splice(at, 1)[0]
      }
      if (this.ended) {
        return undefined
      }
      if (isLate()) {
        throw new Error('the server does not answer')
      }
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined)
      })
    }
  }

  /** Whether the server still serves: it answers an ordinary call. */
  async serves() {
    const id = this.#probe++
    const params = `${this.wire.meta}"name":"echo","arguments":{"text":"alive"}`
    this.write(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${params}}}\n`)
    const answer = await this.answer((found) => found.id === id)
    return answer?.result?.content?.[0]?.text === 'alive'
  }

  /** Everything that was answered by the time the server answered an ordinary call; undefined where it ended. */
  async answers(bytes) {
    this.#answers = []
    for (const part of bytes) {
      this.write(part)
    }
    return this.rest()
  }

  /** The same of what was written before. */
  async rest() {
    const alive = await this.serves()
    return { alive, answers: this.#answers.splice(0) }
  }

  async close() {
    this.#child.ref()
    this.#child.stdin.destroy()
    this.#child.kill()
    while (!this.ended) {
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined)
      })
    }
  }
}

/** What a case sends, in the pieces in which it is written. */
export function bytesOf({ send }, wire) {
  const sent = send(wire)
  const pieces = Array.isArray(sent) ? sent : [sent]
  return [...pieces.slice(0, -1), Buffer.concat([Buffer.from(pieces.at(-1)), Buffer.from('\n')])]
}
