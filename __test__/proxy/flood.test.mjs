// Floods, slow readers and sudden ends: bounded in memory, nothing lost, nothing left.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { proxied, throughProxy } from '../support/proxy/client.mjs'

const SERVER = [
  process.execPath,
  fileURLToPath(new URL('../support/proxy/flood-server.mjs', import.meta.url)),
]
const NOTE = { method: 'notifications/progress' }
const MILLION = 1_000_000
/** Megabytes that the proxy may have at most: Node alone has some 60. */
const MOST = 300

const isLinux = process.platform === 'linux'

/** The most memory that a process had so far (MB). */
function peak(pid) {
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}

/** @param {number} pid */
function childOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
}

/** Whether a process is there, and no zombie. */
function lives(pid) {
  return existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

/** Waits until a process is gone. */
async function gone(pid) {
  while (lives(pid)) {
    await sleep(20)
  }
}

/** Writes pieces, each once the one before is taken. */
async function pour(stream, pieces) {
  for (const piece of pieces) {
    if (!stream.write(piece)) {
      await new Promise((resolve) => stream.once('drain', resolve))
    }
  }
}

function* notesOf(count, per = 1000) {
  for (let from = 0; from < count; from += per) {
    const lines = Array.from({ length: per }, (_, index) =>
      JSON.stringify({ jsonrpc: '2.0', ...NOTE, params: { index: from + index } }),
    )
    yield `${lines.join('\n')}\n`
  }
}

describe('floods', { skip: !isLinux }, () => {
  it('a million notifications of the client arrive, in their order', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    await pour(client.streams.stdin, notesOf(MILLION))
    const { result } = await client.ask('test/count')
    assert.equal(result.notes, MILLION)
    assert.ok(peak(client.pid) < MOST, `${peak(client.pid)} MB`)
  })

  it('a million notifications of the server wait for a client that does not read', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    client.streams.stdout.pause()
    client.send({ id: 'flood', method: 'test/flood', params: { count: MILLION } })
    await sleep(1000)
    const waiting = peak(client.pid)
    client.streams.stdout.resume()
    await client.answer('flood')
    const data = client.messages.flatMap(({ params }) => (params === undefined ? [] : [params.data]))
    assert.equal(data.length, MILLION)
    assert.ok(data.every((value, index) => value === index))
    assert.ok(waiting < MOST && peak(client.pid) < MOST, `${waiting} and ${peak(client.pid)} MB`)
  })

  it('refused messages of a client that reads no answer', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    client.streams.stdout.pause()
    const count = 400_000
    const line = `${'[1]\n'.repeat(1000)}`
    const poured = pour(client.streams.stdin, new Array(count / 1000).fill(line))
    await sleep(1500)
    assert.ok(peak(client.pid) < MOST, `${peak(client.pid)} MB`)
    client.streams.stdout.resume()
    await poured
    await client.ask('ping')
    assert.equal(client.messages.filter(({ error }) => error?.code === -32600).length, count)
    assert.ok(client.stderr.split('\n').length < 200, 'standard error is no flood')
    await client.finish()
    const told = client.stderr.match(/^callgate: refused a message of the client: rpc\.batch: /gm).length
    const leftOut = [...client.stderr.matchAll(/^callgate: client rpc\.batch: (\d+) more$/gm)]
    assert.equal(told + leftOut.reduce((sum, [, number]) => sum + Number(number), 0), count)
  })

  it('requests that nobody answers are bounded', async (t) => {
    const client = throughProxy(t, [...SERVER])
    const pieces = []
    for (let id = 0; id < 70_000; id++) {
      pieces.push(`{"jsonrpc":"2.0","id":${id},"method":"test/silence"}\n`)
    }
    client.raw(pieces.join(''))
    await client.until(() => client.lines.length === 70_000 - 65_536)
    assert.ok(client.messages.every(({ error }) => error.data.rule === 'rate.exceeded'))
  })

  it('a client that writes much before it reads, and a server that does the same', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    client.streams.stdout.pause()
    client.send({ id: 'flood', method: 'test/flood', params: { count: 300_000 } })
    const poured = pour(client.streams.stdin, notesOf(300_000))
    await sleep(200)
    client.streams.stdout.resume()
    await client.answer('flood')
    await poured
    assert.equal((await client.ask('test/count')).result.notes, 300_000)
  })
})

describe('ends', { skip: !isLinux }, () => {
  it('a server that ends neither with its input nor on a signal is killed', async (t) => {
    const client = throughProxy(t, [...SERVER, '--stubborn'], { options: ['--grace', '100'] })
    await client.ask('ping')
    const child = childOf(client.pid)
    assert.equal((await client.finish()).code, 0)
    assert.ok(!lives(child))
  })

  it('what the server started ends with it', async (t) => {
    const client = throughProxy(t, [...SERVER, '--family'], { options: ['--grace', '300'] })
    const { family } = (await client.ask('test/count')).result
    assert.ok(lives(family))
    await client.finish()
    await gone(family)
  })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    it(`${signal} ends the server, and then the proxy`, async (t) => {
      const client = throughProxy(t, SERVER)
      await client.ask('ping')
      const child = childOf(client.pid)
      process.kill(client.pid, signal)
      assert.deepEqual(await client.ended, { code: 0, signal: null })
      assert.ok(!lives(child))
    })
  }

  it('a client that is killed takes the proxy and the server with it', async () => {
    const [program, ...args] = proxied(SERVER)
    const source = `
      const { spawn } = require('node:child_process')
      const child = spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: ['pipe', 'pipe', 'ignore'] })
      child.stdout.once('data', () => console.log(child.pid))
      child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\\n')
    `
    const client = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
    const proxy = Number(await new Promise((resolve) => client.stdout.once('data', (text) => resolve(text))))
    const server = childOf(proxy)
    client.kill('SIGKILL')
    await gone(proxy)
    await gone(server)
  })

  it('a client that closes its end while the server writes', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    const child = childOf(client.pid)
    client.send({ id: 'flood', method: 'test/flood', params: { count: MILLION } })
    await client.until(() => client.lines.length > 100)
    client.streams.stdout.destroy()
    const { signal } = await client.ended
    assert.equal(signal, null)
    assert.ok(!lives(child))
  })

  it('a client that leaves while its messages wait for a server that reads none', async (t) => {
    const client = throughProxy(t, ['sleep', '300'], { options: ['--grace', '500'] })
    client.raw(`${JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(900), method: 'ping' })}\n`.repeat(2000))
    let child = childOf(client.pid)
    while (child === 0) {
      await sleep(20)
      child = childOf(client.pid)
    }
    await sleep(500)
    assert.ok(lives(child))
    const { signal } = await client.finish()
    assert.equal(signal, null)
    assert.ok(!lives(child))
  })

  it('a client that leaves while its messages wait for a server that is slow: all of them arrive', async (t) => {
    const slow = `
      let count = 0
      let rest = ''
      process.stdin.on('data', (chunk) => {
        rest += chunk
        count += rest.split('\\n').length - 1
        rest = rest.slice(rest.lastIndexOf('\\n') + 1)
        process.stdin.pause()
        setTimeout(() => process.stdin.resume(), 20)
      })
      process.stdin.on('end', () => process.stderr.write('lines: ' + count))
    `
    const client = throughProxy(t, [process.execPath, '-e', slow], { options: ['--grace', '20000'] })
    client.raw(
      `${JSON.stringify({ jsonrpc: '2.0', ...NOTE, params: { pad: 'x'.repeat(900) } })}\n`.repeat(2000),
    )
    await client.finish()
    assert.match(client.stderr, /lines: 2000$/)
  })

  it('a proxy that is killed leaves a server without input, which ends', async (t) => {
    const client = throughProxy(t, SERVER)
    await client.ask('ping')
    const child = childOf(client.pid)
    client.kill()
    await client.ended
    await gone(child)
  })

  it('a program that is not there', async (t) => {
    const client = throughProxy(t, ['no-such-program'])
    const { code } = await client.ended
    assert.equal(code, 3)
    assert.match(client.stderr, /^callgate: no-such-program: no such program$/m)
    assert.deepEqual(client.lines, [])
  })
})
