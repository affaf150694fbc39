// A server of the official SDK (v1) on standard input and output, alone and behind `callgate proxy`: the time that the
// proxy adds to a call, and the calls per second of a client that writes ahead.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './measure.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const SERVER = [process.execPath, path('echo-server.mjs')]
const PROXIED = [process.execPath, path('../../js/cli/main.js'), 'proxy', '--', ...SERVER]

const ROUNDS = 7
const SEQUENTIAL = 1500
const PIPELINED = { 20: 30_000, 10000: 6000 }
/** Requests that wait for answers at a time. */
const AHEAD = 256
const LINE_FEED = 0x0a
const PROSE = 'The quick brown fox jumps over the lazy dog, and runs on. '.repeat(200)

/** A client that does next to nothing: it counts lines. */
class Client {
  #child
  #lines = 0
  #notify = () => {}

  /** @param {string[]} command */
  constructor([program, ...args]) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdout.on('data', (chunk) => {
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
        this.#lines++
      }
      this.#notify()
    })
  }

  async start() {
    const clientInfo = { name: 'bench', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    await this.answers(Buffer.from(line({ id: 0, method: 'initialize', params })), 1)
    this.#child.stdin.write(line({ method: 'notifications/initialized' }))
  }

  /** Writes, and waits for so many lines. */
  answers(bytes, count) {
    const until = this.#lines + count
    return new Promise((resolve) => {
      this.#notify = () => this.#lines >= until && resolve()
      this.#child.stdin.write(bytes)
    })
  }

  async stop() {
    const closed = new Promise((resolve) => this.#child.on('close', resolve))
    this.#child.stdin.end()
    await closed
  }

  /** Writes batches, the next one as soon as half of what was written is answered. */
  async pipelined(batches, size) {
    const start = this.#lines
    let written = 0
    await new Promise((resolve) => {
      this.#notify = () => {
        const answered = this.#lines - start
        while (written < batches.length && written * size - answered <= AHEAD / 2) {
          this.#child.stdin.write(batches[written++])
        }
        if (answered >= batches.length * size) {
          resolve()
        }
      }
      this.#notify()
    })
  }
}

const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`

let id = 1
/** As a client of the SDK writes it. */
const call = (bytes) => {
  const params = { name: 'echo', arguments: { text: PROSE.slice(0, bytes) } }
  return `${JSON.stringify({ method: 'tools/call', params, jsonrpc: '2.0', id: id++ })}\n`
}

/** @param {Client} client */
async function latency(client) {
  const times = []
  for (let index = 0; index < SEQUENTIAL; index++) {
    const message = Buffer.from(call(20))
    const start = process.hrtime.bigint()
    await client.answers(message, 1)
    times.push(Number(process.hrtime.bigint() - start))
  }
  return median(times)
}

/**
 * @param {Client} client
 * @param {number} bytes
 */
async function throughput(client, bytes) {
  const size = AHEAD / 2
  const count = Math.ceil(PIPELINED[bytes] / size)
  const batches = Array.from({ length: count }, () =>
    Buffer.from(Array.from({ length: size }, () => call(bytes)).join('')),
  )
  const start = process.hrtime.bigint()
  await client.pipelined(batches, size)
  return (count * size * 1e9) / Number(process.hrtime.bigint() - start)
}

/**
 * One round of a way to measure, for the server alone and behind the proxy. Each round has processes of its own, and
 * the two take turns, so that what else the machine does falls on both.
 */
async function rounds(measure) {
  const results = { alone: [], proxied: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, command] of [
      ['alone', SERVER],
      ['proxied', PROXIED],
    ]) {
      const client = new Client(command)
      await client.start()
      await measure(client)
      results[name].push(await measure(client))
      await client.stop()
    }
  }
  return results
}

export async function proxyRows() {
  const delay = await rounds(latency)
  const rows = [
    {
      name: 'added to a call of 20 B, median, us',
      value: median(delay.proxied.map((time, round) => (time - delay.alone[round]) / 1000)),
      alone: median(delay.alone) / 1000,
      proxied: median(delay.proxied) / 1000,
      most: 60,
    },
  ]
  for (const bytes of [20, 10_000]) {
    const calls = await rounds((client) => throughput(client, bytes))
    rows.push({
      name: `calls per second of ${bytes.toLocaleString('en')} B, part of the server's alone`,
      value: median(calls.proxied.map((count, round) => count / calls.alone[round])),
      alone: median(calls.alone),
      proxied: median(calls.proxied),
      least: 0.8,
    })
  }
  return rows
}
