// Calls a second of one MCP server on stdio, guarded in several ways: a raw client keeps requests in flight.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './measure.mjs'

const SERVER = fileURLToPath(new URL('mcp-server.mjs', import.meta.url))
const ROUNDS = 9
const IN_FLIGHT = 128
const NEWLINE = 0x0a

const WAYS = ['unguarded', 'filter', 'transport', 'both', 'guard']
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
    this.#child = spawn(process.execPath, [SERVER, line, way], { stdio: ['pipe', 'pipe', 'ignore'] })
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
    const late = setTimeout(() => {
      throw new Error(`a server does not answer: ${this.#child.spawnargs.slice(-2)}`)
    }, 60_000)
    while (this.#lines < count) {
      await new Promise((resolve) => {
        this.#wake = resolve
      })
    }
    clearTimeout(late)
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

  /** Processor time that the server took so far (ticks of 10 ms), which what else runs here does not change. */
  processorTime() {
    try {
      const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
      return Number(fields[11]) + Number(fields[12])
    } catch {
      return Number.NaN
    }
  }

  close() {
    this.#child.stdin.destroy()
    this.#child.kill()
  }
}

/** Rows of rates by way, each round of which all ways share. */
async function mcpRows() {
  const rows = []
  for (const line of ['v1', 'v2']) {
    const sessions = Object.fromEntries(WAYS.map((way) => [way, new Session(line, way)]))
    await Promise.all(WAYS.map((way) => sessions[way].open()))
    for (const { bytes, calls } of SIZES) {
      const text = 'The quick brown fox. '.repeat(Math.ceil(bytes / 21)).slice(0, bytes)
      const times = Object.fromEntries(WAYS.map((way) => [way, []]))
      for (const way of WAYS) {
        await sessions[way].run(text, calls)
      }
      const before = Object.fromEntries(WAYS.map((way) => [way, sessions[way].processorTime()]))
      for (let round = 0; round < ROUNDS; round++) {
        for (const way of WAYS) {
          times[way].push((await sessions[way].run(text, calls)) / calls)
        }
      }
      const processor = Object.fromEntries(
        WAYS.map((way) => [way, sessions[way].processorTime() - before[way]]),
      )
      rows.push({ line, bytes, times, processor })
    }
    for (const way of WAYS) {
      sessions[way].close()
    }
  }
  return rows
}

/** Seconds that a line of 50 MB takes: read by the SDK, and refused by the guarded transport. */
async function longLine(line, way) {
  const session = new Session(line, way)
  await session.open()
  const time = await session.run('x'.repeat(LONG), 1)
  session.close()
  return time / 1e9
}

const NAMES = {
  filter: '`stdinFilter`',
  transport: '`GuardedStdioServerTransport`',
  both: 'the same with `guardServer`',
  guard: "`guardServer` with the SDK's transport",
}

/** The rows as Markdown. */
export async function mcpSection() {
  const rows = await mcpRows()
  const number = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 })
  const cells = rows.map(({ line, bytes, times, processor }) => [
    `${line}, ${bytes.toLocaleString('en')} B`,
    number(1e9 / median(times.unguarded)),
    ...Object.keys(NAMES).map((way) => {
      const rate = median(times.unguarded.map((time, round) => time / times[way][round]))
      return `${rate.toFixed(2)} (${(processor.unguarded / processor[way]).toFixed(2)})`
    }),
  ])
  const long = {}
  for (const way of ['unguarded', 'filter', 'transport']) {
    long[way] = await longLine('v1', way)
  }
  const head = ['calls with', 'unguarded, calls/s', ...Object.values(NAMES)]
  const table = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...cells]
  return `One MCP server on stdio with a client that keeps ${IN_FLIGHT} calls in flight: calls a second as a multiple of those of the
server unguarded, and in brackets the same by the processor time of the server alone, which other work on the machine does
not change. The whole default policy, results cleaned except by \`stdinFilter\`.

${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}

One line of ${LONG / 1e6} MB: ${number(long.unguarded)} s in the SDK's own transport, which reads it, ${number(long.filter)} s in
\`stdinFilter\` and ${number(long.transport)} s in \`GuardedStdioServerTransport\`, which refuse it.
`
}
