// The server as a child process, and a client transport over its pipes that can also send lines which no
// client would write.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

const SERVER = fileURLToPath(new URL('../server.mjs', import.meta.url))

export class ServerProcess implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  #rawAnswer: ((message: unknown) => void) | undefined
  #output = ''

  constructor(root: string) {
    this.#child = spawn(process.execPath, [SERVER, root], { stdio: ['pipe', 'pipe', 'inherit'] })
  }

  async start(): Promise<void> {
    createInterface(this.#child.stdout).on('line', (line) => this.#receive(line))
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
