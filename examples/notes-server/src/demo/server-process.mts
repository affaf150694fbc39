// The server as a child process, and a client transport over its pipes that can also send lines which no
// client would write. What the server logs is read too.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/** What a line of the server's log says of a message. */
export interface Logged {
  readonly action: string
  readonly rule: string
}

const LINE = /^callgate: (denied|flagged) ([^:]*): ([a-z]+\.[A-Za-z0-9-]+)/
/** What is said of the operations of `gate.files` themselves: a search also meets files that are not for reading. */
const FILES = 'a path'
const ACTIONS: Readonly<Record<string, string>> = { denied: 'deny', flagged: 'flag' }

export class ServerProcess implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #child: ChildProcessWithoutNullStreams
  #rawAnswer: ((message: unknown) => void) | undefined
  #output = ''
  readonly #logged: Logged[] = []
  #onLogged: (() => void) | undefined

  /** @param name of the server's main file */
  constructor(name: string, root: string) {
    const main = fileURLToPath(new URL(`../${name}.mjs`, import.meta.url))
    this.#child = spawn(process.execPath, [main, root])
  }

  async start(): Promise<void> {
    createInterface(this.#child.stdout).on('line', (line) => this.#receive(line))
    createInterface(this.#child.stderr).on('line', (line) => this.#note(line))
    this.#child.on('exit', () => this.onclose?.())
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#child.stdin.write(serializeMessage(message))
  }

  /** Sends one line as it is, and waits for the next message, whatever its id. */
  sendRaw(line: Uint8Array, milliseconds: number): Promise<unknown> {
    return new Promise((resolve) => {
      const silence = setTimeout(resolve, milliseconds, { error: { message: 'no answer' } })
      this.#rawAnswer = (message) => {
        clearTimeout(silence)
        resolve(message)
      }
      this.#child.stdin.write(line)
      this.#child.stdin.write('\n')
    })
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.stdin.end()
    await exited
  }

  /** Everything that the server has written. */
  get output(): string {
    return this.#output
  }

  /** The next line of the server's log that was not handed out yet, if one comes. */
  async nextLogged(milliseconds: number): Promise<Logged | undefined> {
    if (this.#logged.length === 0) {
      await new Promise<void>((resolve) => {
        const silence = setTimeout(resolve, milliseconds)
        this.#onLogged = () => {
          clearTimeout(silence)
          resolve()
        }
      })
      this.#onLogged = undefined
    }
    return this.#logged.shift()
  }

  /** Lines of the log that nobody has asked for. */
  get unread(): readonly Logged[] {
    return this.#logged
  }

  #note(line: string): void {
    this.#output += line
    const [, how = '', what, rule] = LINE.exec(line) ?? []
    const action = ACTIONS[how]
    if (action === undefined || rule === undefined) {
      console.error(line)
    } else if (what !== FILES) {
      this.#logged.push({ action, rule })
      this.#onLogged?.()
    }
  }

  /** What the server's descriptors point to. */
  openFiles(): string[] {
    const folder = `/proc/${this.#child.pid}/fd`
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)]
      } catch {
        return [] // closed meanwhile
      }
    })
  }

  #receive(line: string): void {
    this.#output += line
    const message = JSON.parse(line)
    const answer = this.#rawAnswer
    if (answer === undefined) {
      this.onmessage?.(message)
    } else {
      this.#rawAnswer = undefined
      answer(message)
    }
  }
}
