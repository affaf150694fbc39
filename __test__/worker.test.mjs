// Descriptors in a worker thread: Node warns there of those that it did not open itself.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { temporaryFolder } from './support/temporary.mjs'

const INDEX = new URL('../index.mjs', import.meta.url).href

/** Opens, streams and lists, and says what it read. */
const WORK = `
import { closeSync, readFileSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
const { Gate } = await import(${JSON.stringify(INDEX)})
const gate = new Gate({ paths: { roots: [workerData] } })
const read = gate.openPath('a.txt')
const texts = [readFileSync(read, 'utf8')]
closeSync(read)
let streamed = ''
for await (const chunk of gate.files.createReadStream('a.txt')) {
  streamed += chunk
}
texts.push(streamed, await gate.files.readFile('a.txt', 'utf8'), gate.files.readFileSync('long.txt').length)
const written = gate.openPath('new.txt', { intent: 'write', create: true, append: true })
writeSync(written, 'one')
writeSync(written, 'two')
closeSync(written)
closeSync(gate.openPath('.', { intent: 'list' }))
const stream = gate.files.createWriteStream('streamed.txt', { create: true })
await new Promise((resolve, reject) => stream.on('error', reject).end('streamed', resolve))
gate.close()
parentPort.postMessage(texts)
`
const MAIN = `
const { Worker } = require('node:worker_threads')
const [, code, root] = process.argv
const worker = new Worker(new URL('file://' + code), { workerData: root })
worker.on('message', (message) => console.log(JSON.stringify(message)))
worker.on('error', (error) => { throw error })
`

it('a worker thread opens files without a warning', { skip: process.platform === 'win32' }, (t) => {
  const root = temporaryFolder(t)
  const code = join(temporaryFolder(t), 'work.mjs')
  writeFileSync(code, WORK)
  writeFileSync(join(root, 'a.txt'), 'alpha')
  writeFileSync(join(root, 'long.txt'), 'x'.repeat(200_000))
  const args = ['-e', MAIN, '--', code, root]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  assert.deepEqual(JSON.parse(stdout), ['alpha', 'alpha', 'alpha', 200_000])
  assert.equal(readFileSync(join(root, 'new.txt'), 'utf8'), 'onetwo')
  assert.equal(readFileSync(join(root, 'streamed.txt'), 'utf8'), 'streamed')
})
