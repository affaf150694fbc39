// Calls a second of one MCP server on stdio, guarded in several ways: a raw client keeps requests in flight.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './measure.mjs'

const SERVER = fileURLToPath(new URL('mcp-server.mjs', import.meta.url))
const ROUNDS = 9
const IN_FLIGHT = 128
const NEWLINE = 0x0a

export const WAYS = ['unguarded', 'filter', 'transport', 'both', 'guard']
const SIZES = [
  { bytes: 20, calls: 4000 },
  { bytes: 10_000, calls: 1500 },
]
const LONG = 50_000_000

/** A server, and a client of it that counts lines. */
class Session {
  #child
  #lines = 0
  #wake = () => {}
  #id = 1

  constructor(line, way) {
    this.#child = spawn(process.execPath, [SERVER, line, way], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdout.on('data', (chunk) => {
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
        this.#lines++
      }
      this.#wake()
    })
  }

  async open() {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'b', version: '1' },
    }
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n`)
    await this.#answers(1)
    this.#child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  }

  async #answers(count) {
    while (this.#lines < count) {
      await new Promise((resolve) => {
        this.#wake = resolve
      })
    }
    this.#lines -= count
  }

  call(text) {
    const head = `{"method":"tools/call","params":{"name":"echo","arguments":{"text":"`
    return `${head}${text}"}},"jsonrpc":"2.0","id":${this.#id++}}\n`
  }

  /** Nanoseconds of so many calls. */
  async run(text, calls) {
    const start = process.hrtime.bigint()
    for (let sent = 0; sent < calls; sent += IN_FLIGHT) {
      const count = Math.min(IN_FLIGHT, calls - sent)
      this.#child.stdin.write(Array.from({ length: count }, () => this.call(text)).join(''))
      await this.#answers(count)
    }
    return Number(process.hrtime.bigint() - start)
  }

  close() {
    this.#child.stdin.destroy()
    this.#child.kill()
  }
}

/** Rows of rates by way, each round of which all ways share. */
export async function mcpRows(lines = ['v1', 'v2'], sizes = SIZES) {
  const rows = []
  for (const line of lines) {
    const sessions = Object.fromEntries(WAYS.map((way) => [way, new Session(line, way)]))
    await Promise.all(WAYS.map((way) => sessions[way].open()))
    for (const { bytes, calls } of sizes) {
      const text = 'The quick brown fox. '.repeat(Math.ceil(bytes / 21)).slice(0, bytes)
      const times = Object.fromEntries(WAYS.map((way) => [way, []]))
      for (const way of WAYS) {
        await sessions[way].run(text, calls)
      }
      for (let round = 0; round < ROUNDS; round++) {
        for (const way of WAYS) {
          times[way].push((await sessions[way].run(text, calls)) / calls)
        }
      }
      rows.push({ line, bytes, times })
    }
    for (const way of WAYS) {
      sessions[way].close()
    }
  }
  return rows
}

/** Seconds that a line of 50 MB takes: read by the SDK, and refused by the guarded transport. */
export async function longLine(line, way, bytes = LONG) {
  const session = new Session(line, way)
  await session.open()
  const time = await session.run('x'.repeat(bytes), 1)
  session.close()
  return time / 1e9
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { line, bytes, times } of await mcpRows()) {
    const rate = (way) => Math.round(1e9 / median(times[way]))
    const ratio = (way) => median(times.unguarded.map((time, round) => time / times[way][round])).toFixed(2)
    console.log(line, bytes, WAYS.map((way) => `${way} ${rate(way)}/s ${ratio(way)}`).join(', '))
  }
  for (const way of ['unguarded', 'filter', 'transport']) {
    console.log('50 MB', way, (await longLine('v1', way)).toFixed(2), 's')
  }
}
