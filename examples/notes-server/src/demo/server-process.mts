// The server as a child process, and a client transport over its pipes that can also send lines which no
// client would write.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

const SERVER = fileURLToPath(new URL('../server.mjs', import.meta.url))

export class ServerProcess implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #child: ChildProcess
  readonly #received = new ReadBuffer()
  #rawAnswer: ((message: unknown) => void) | undefined
  #stdout = ''

  constructor(root: string) {
    this.#child = spawn(process.execPath, [SERVER, root], { stdio: ['pipe', 'pipe', 'inherit'] })
  }

  async start(): Promise<void> {
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#child.on('exit', () => this.onclose?.())
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#child.stdin?.write(serializeMessage(message))
  }

  /** Sends one line as it is, and waits for the next message, whatever its id. */
  sendRaw(line: Uint8Array): Promise<unknown> {
    return new Promise((resolve) => {
      this.#rawAnswer = resolve
      this.#child.stdin?.write(line)
      this.#child.stdin?.write('\n')
    })
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await exited
  }

  /** Everything that the server has written. */
  get output(): string {
    return this.#stdout
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

  #receive(chunk: Buffer): void {
    this.#stdout += chunk.toString('latin1')
    this.#received.append(chunk)
    for (let message = this.#next(); message !== null; message = this.#next()) {
      const answer = this.#rawAnswer
      if (answer === undefined) {
        this.onmessage?.(message)
      } else {
        this.#rawAnswer = undefined
        answer(message)
      }
    }
  }

  #next(): JSONRPCMessage | null {
    return this.#received.readMessage()
  }
}
