// What is written comes out whole, once and in its order, whatever is written while the stream is at it.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { Gate } from '../../index.mjs'

const require = createRequire(import.meta.url)
const { Results } = require('../../js/mcp/results.js')
const { GuardedStdioServerTransport } = require('../../js/mcp/index.js')
const { Writer } = require('../../js/mcp/writer.js')

const turn = () => new Promise((resolve) => setImmediate(resolve))
const results = new Results(new Gate())
const answer = (id, length) => ({
  jsonrpc: '2.0',
  id,
  result: { content: [{ type: 'text', text: String(id).repeat(length) }] },
})

/** A stream that hands on at once what is written to it; `onWrite` may write in turn. */
function stream(onWrite = () => {}) {
  const written = []
  return {
    written,
    lines: () => Buffer.concat(written).toString().split('\n').slice(0, -1),
    once: () => {},
    off: () => {},
    write(bytes) {
      written.push(bytes)
      onWrite()
      return true
    },
  }
}

describe('a reader that writes while it reads', () => {
  // Characters of a message that fills memory, of the one that finds no room, and of the one in between.
  for (const [first, second, between] of [
    [80_000, 100_000, 10],
    [80_000, 100_000, 300],
    [80_000, 100_000, 60_000],
    [100_000, 60_000, 120_000],
    [100_000, 60_000, 200_000],
    [10, 200_000, 300],
    [10, 200_000, 200_000],
  ]) {
    it(`${first}, ${second}, and ${between} between`, async () => {
      let left = 2
      const to = stream(() => {
        if (left > 0) {
          left -= 1
          writer.writeClean(results.clean(answer(3 + left, between), undefined))
        }
      })
      const writer = new Writer(to)
      for (const message of [answer(1, first), answer(2, second)]) {
        writer.writeClean(results.clean(message, undefined))
      }
      await turn()
      const expected = [answer(1, first), answer(2, second), answer(3, between), answer(4, between)]
      const lines = to.lines().sort()
      assert.ok(lines.length === 4, `${lines.length} lines`)
      for (const [index, message] of expected.entries()) {
        assert.ok(lines.includes(JSON.stringify(message)), `message ${index}`)
      }
    })
  }
})

it('memory that was handed on is not written to again', async () => {
  const to = stream()
  const writer = new Writer(to)
  const sizes = Array.from({ length: 300 }, (_, index) => (index * 7919) % 40_000)
  const copies = []
  for (const [index, size] of sizes.entries()) {
    writer.writeClean(results.clean(answer(index, size % (index % 2 === 0 ? 300 : 20_000)), undefined))
    copies.push(...to.written.slice(copies.length).map((bytes) => Buffer.from(bytes)))
    if (index % 5 === 0) {
      await turn()
      copies.push(...to.written.slice(copies.length).map((bytes) => Buffer.from(bytes)))
    }
  }
  await turn()
  assert.ok(copies.every((copy, index) => copy.equals(to.written[index])))
  assert.deepEqual(
    to.lines().map((line) => JSON.parse(line).id),
    sizes.map((_, index) => index),
  )
})

describe('a message to a stream that takes nothing any more', () => {
  const ENDS = {
    'was destroyed': (stream) => stream.destroy(),
    'was ended': (stream) => stream.end(),
    'failed before': (stream) => {
      stream.on('error', () => {})
      stream.destroy(new Error('a pipe that is broken'))
    },
  }
  for (const [what, end] of Object.entries(ENDS)) {
    it(`fails where it ${what}`, async () => {
      const stdout = new PassThrough()
      const transport = new GuardedStdioServerTransport(new Gate(), { stdin: new PassThrough(), stdout })
      await transport.start()
      end(stdout)
      await assert.rejects(transport.send({ jsonrpc: '2.0', method: 'notifications/a' }), /closed/)
    })
  }

  it('is settled where it is destroyed meanwhile', async () => {
    const stdout = new PassThrough({ highWaterMark: 16 })
    const transport = new GuardedStdioServerTransport(new Gate(), { stdin: new PassThrough(), stdout })
    await transport.start()
    const message = { jsonrpc: '2.0', method: 'notifications/a', params: { a: 'a'.repeat(300_000) } }
    const sent = transport.send(message)
    const state = await Promise.race([sent, new Promise((resolve) => setImmediate(resolve, 'waits'))])
    assert.equal(state, 'waits')
    stdout.destroy()
    await sent
  })
})
