// JSON.parse keeps the last of two equal keys and rounds large numbers, so the gate must see the bytes that
// came, before the SDK parses them. This stream passes on the lines that the gate lets through and answers
// the others itself.

import { Transform, type TransformCallback } from 'node:stream'
import type { Finding, Gate } from 'callgate'

/** JSON-RPC error code of a refused message: outside the ranges that the protocol and the SDK use. */
const REFUSED = -32010

const NEWLINE = 0x0a

export class GuardedStdin extends Transform {
  #rest: Buffer[] = []
  #size = 0

  constructor(
    private readonly gate: Gate,
    private readonly maxLineBytes: number,
    private readonly reply: (line: string) => void,
  ) {
    super()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end))
      this.#line()
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
    done()
  }

  /** Keeps a part of a line, but never more of it than shows that it is too long. */
  #keep(part: Buffer): void {
    const kept = part.subarray(0, this.maxLineBytes + 1 - this.#size)
    if (kept.length > 0) {
      this.#rest.push(kept)
      this.#size += kept.length
    }
  }

  #line(): void {
    const line = Buffer.concat(this.#rest)
    this.#rest = []
    this.#size = 0
    const started = performance.now()
    const verdict = this.gate.audit('message', line)
    const finding = verdict.findings.find(({ action }) => action === 'deny')
    if (finding === undefined) {
      this.push(line)
      this.push('\n')
    } else {
      this.#refuse(line, finding, Math.round((performance.now() - started) * 1000))
    }
  }

  #refuse(line: Buffer, { rule, message }: Finding, microseconds: number): void {
    const error = { code: REFUSED, message, data: { action: 'deny', rule, microseconds } }
    this.reply(JSON.stringify({ jsonrpc: '2.0', id: idOf(line), error }))
  }
}

/** The id that an answer needs; null, as JSON-RPC says, where it cannot be told. */
function idOf(line: Buffer): string | number | null {
  try {
    const { id } = JSON.parse(line.toString())
    return typeof id === 'string' || typeof id === 'number' ? id : null
  } catch {
    return null
  }
}
