// The transport and the filter over streams in memory: floods, slow readers, ends.

import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, stdinFilter } from '../../js/mcp/index.js'

const ping = (id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`

/** A stream that keeps what it is given, and takes nothing more until it is told to. */
class Slow extends Writable {
  written = []
  waiting
  constructor() {
    super({ highWaterMark: 1024, decodeStrings: false })
  }
  _write(chunk, _encoding, done) {
    this.written.push(chunk.toString())
    this.waiting = done
  }
  next() {
    const { waiting } = this
    this.waiting = undefined
    waiting?.()
  }
}

function started(options = {}) {
  const stdin = new PassThrough()
  const stdout = options.stdout ?? new PassThrough()
  const transport = new GuardedStdioServerTransport(new Gate(options.policy), { stdin, stdout })
  const messages = []
  transport.onmessage = (message) => messages.push(message)
  return { stdin, stdout, transport, messages }
}

describe('GuardedStdioServerTransport', () => {
  it('starts once', async () => {
    const { transport } = started()
    await transport.start()
    await assert.rejects(transport.start())
    await transport.close()
  })

  it('hands on what it judged, though a handler changes the memory that it lies in', async () => {
    const { stdin, transport } = started()
    await transport.start()
    const chunk = Buffer.from(ping(1) + ping(2))
    const ids = []
    transport.onmessage = ({ id }) => {
      ids.push(id)
      chunk[chunk.lastIndexOf(',"method"') - 1] = '3'.charCodeAt(0)
    }
    stdin.write(chunk)
    await setImmediate()
    assert.deepEqual(ids, [1, 2])
    await transport.close()
  })

  it('writes the answers of one turn together', async () => {
    const { transport, stdout } = started()
    await transport.start()
    const chunks = []
    stdout.on('data', (chunk) => chunks.push(chunk.toString()))
    const sent = [1, 2, 3].map((id) => transport.send({ jsonrpc: '2.0', id, result: {} }))
    await Promise.all(sent)
    await setImmediate()
    assert.equal(chunks.length, 1)
    assert.equal(chunks[0].split('\n').length, 4)
    await transport.close()
  })

  it('reads nothing more while the client does not read, and then goes on', async () => {
    const stdout = new Slow()
    const { transport, stdin, messages } = started({ stdout })
    await transport.start()
    stdin.write(ping(1))
    await setImmediate()
    let sent = false
    transport.send({ jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(5000) } })
    await setImmediate()
    transport.send({ jsonrpc: '2.0', id: 2, result: {} }).then(() => {
      sent = true
    })
    stdin.write(ping(3))
    await setTimeout(20)
    assert.equal(messages.length, 1)
    assert.ok(stdin.isPaused())
    assert.equal(sent, false)
    stdout.next()
    await setImmediate()
    stdout.next()
    await setTimeout(20)
    assert.equal(sent, true)
    assert.equal(messages.length, 2)
    await transport.close()
  })

  it('answers what was asked before the input ended, then closes', async () => {
    const { transport, stdin, stdout, messages } = started()
    await transport.start()
    let closed = false
    transport.onclose = () => {
      closed = true
    }
    stdin.end(ping(1))
    await setTimeout(20)
    assert.deepEqual([messages.length, closed], [1, false])
    await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
    await setTimeout(20)
    assert.equal(closed, true)
    assert.equal(JSON.parse(stdout.read().toString()).id, 1)
    await assert.rejects(transport.send({ jsonrpc: '2.0', id: 2, result: {} }))
  })

  it('closes when the client is gone', async () => {
    const { transport, stdout } = started()
    await transport.start()
    const seen = []
    transport.onerror = (error) => seen.push(error.message)
    transport.onclose = () => seen.push('closed')
    stdout.destroy(new Error('EPIPE'))
    await setImmediate()
    assert.deepEqual(seen, ['EPIPE', 'closed'])
  })

  it('goes on after a handler that throws', async () => {
    const { transport, stdin } = started()
    await transport.start()
    const errors = []
    let calls = 0
    transport.onerror = (error) => errors.push(error.message)
    transport.onmessage = () => {
      calls++
      throw new Error('no')
    }
    stdin.write(ping(1) + ping(2))
    await setImmediate()
    assert.deepEqual([calls, errors], [2, ['no', 'no']])
    await transport.close()
  })

  it('closes when its gate was closed: nothing is let through', async () => {
    const stdin = new PassThrough()
    const gate = new Gate()
    const transport = new GuardedStdioServerTransport(gate, { stdin, stdout: new PassThrough() })
    const seen = []
    transport.onmessage = () => seen.push('message')
    transport.onclose = () => seen.push('closed')
    transport.onerror = (error) => seen.push(error.code)
    await transport.start()
    gate.close()
    stdin.write(ping(1))
    await setImmediate()
    assert.deepEqual(seen, ['gate.closed', 'closed'])
  })

  it('gives the server an error for an answer that is refused', async () => {
    const { transport, stdin, messages } = started()
    await transport.start()
    stdin.write('{"jsonrpc":"2.0","id":5,"result":{"a":1,"a":2}}\n')
    await setImmediate()
    assert.equal(messages.length, 1)
    assert.equal(messages[0].id, 5)
    assert.deepEqual(messages[0].error.data, { rule: 'json.duplicate-key', pointer: '/result/a' })
    await transport.close()
  })

  it('holds no more for a million notifications than for one', async () => {
    const { transport, stdin } = started()
    await transport.start()
    let count = 0
    transport.onmessage = () => count++
    const chunk = '{"jsonrpc":"2.0","method":"notifications/x"}\n'.repeat(10_000)
    for (let turn = 0; turn < 100; turn++) {
      if (!stdin.write(chunk)) {
        await new Promise((resolve) => stdin.once('drain', resolve))
      }
    }
    await setImmediate()
    assert.equal(count, 1_000_000)
    await transport.close()
  })
})

describe('stdinFilter', () => {
  it('passes lines on byte for byte', async () => {
    const lines = Buffer.from(
      `${ping(1)}\r\n{ "jsonrpc": "2.0",  "id":2, "method":"p\u0069ng"}\r\n${ping('"ž"')}`,
    )
    for (const size of [1, 5, 64, lines.length]) {
      const filter = stdinFilter(new Gate(), { stdout: new PassThrough() })
      for (let at = 0; at < lines.length; at += size) {
        filter.write(lines.subarray(at, at + size))
      }
      filter.end()
      const passed = Buffer.concat(await filter.toArray()).toString()
      const expected = lines
        .toString()
        .split('\n')
        .map((line) => line.trimEnd())
        .filter(Boolean)
      assert.deepEqual(
        passed
          .split('\n')
          .map((line) => line.trimEnd())
          .filter(Boolean),
        expected,
        `${size}`,
      )
    }
  })

  it('answers a line that the transport behind it would end at', async () => {
    const stdout = new PassThrough()
    const filter = stdinFilter(new Gate(), { stdout, maxLineBytes: 100 })
    filter.write(`{"jsonrpc":"2.0","method":"ping","params":{"a":"${'x'.repeat(200)}"},"id":9}\n${ping(1)}`)
    await setImmediate()
    assert.equal(filter.read().toString(), ping(1))
    const { id, error } = JSON.parse(stdout.read().toString())
    assert.deepEqual([id, error.code, error.data.rule], [9, -32011, 'limit.bytes'])
  })

  it('answers a long line as it answers what the gate refuses, whatever it is', async () => {
    const fill = 'x'.repeat(200)
    const modern = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }
    for (const [message, answered, passed] of [
      [{ id: 9, method: 'ping', params: { a: fill } }, 9, undefined],
      [
        { id: 9, method: 'tools/call', params: { name: 't', arguments: { a: fill }, ...modern } },
        9,
        undefined,
      ],
      [{ method: 'notifications/progress', params: { a: fill } }, undefined, undefined],
      // Whoever asked is told, or it would wait for ever.
      [{ id: 5, result: { a: fill } }, undefined, 5],
    ]) {
      const stdout = new PassThrough()
      const filter = stdinFilter(new Gate(), { stdout, maxLineBytes: 100 })
      filter.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
      await setImmediate()
      const told = (bytes) => (bytes === null ? {} : JSON.parse(bytes.toString()))
      const [out, on] = [told(stdout.read()), told(filter.read())]
      assert.deepEqual([out.id, on.id], [answered, passed], JSON.stringify(message).slice(0, 80))
      for (const { error } of [out, on].filter(({ id }) => id !== undefined)) {
        assert.deepEqual([error.code, error.data.rule], [-32011, 'limit.bytes'])
      }
    }
  })

  it('keeps the id of a long line as it was written', async () => {
    const stdout = new PassThrough()
    const filter = stdinFilter(new Gate(), { stdout, maxLineBytes: 100 })
    filter.write(`{"jsonrpc":"2.0","method":"ping","params":{"a":"${'x'.repeat(200)}"},"id":9.0}\n`)
    await setImmediate()
    assert.match(stdout.read().toString(), /"id":9\.0[,}]/)
  })

  it('fails when its gate was closed', async () => {
    const gate = new Gate()
    const filter = stdinFilter(gate, { stdout: new PassThrough() })
    gate.close()
    const failed = new Promise((resolve) => filter.once('error', resolve))
    filter.write(ping(1))
    assert.equal((await failed).code, 'gate.closed')
  })
})
