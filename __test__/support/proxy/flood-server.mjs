// A server that takes and makes floods, counts what came, and may be hard to end.
//   --stubborn   ends neither with its input nor on a signal
//   --family     starts a child that would outlive it, and says its id

import { spawn } from 'node:child_process'

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const drain = () => new Promise((resolve) => process.stdout.once('drain', resolve))

let notes = 0
let bytes = 0
let family

if (process.argv.includes('--stubborn')) {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1000)
}
if (process.argv.includes('--family')) {
  family = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
}

/** Notifications, in their order, no faster than they are read. */
async function flood(id, count) {
  for (let index = 0; index < count; index++) {
    if (!send({ method: 'notifications/message', params: { level: 'info', data: index } })) {
      await drain()
    }
  }
  send({ id, result: { count } })
}

function take(line) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) {
    if (params?.index !== undefined && params.index !== notes) {
      throw new Error('out of order')
    }
    notes++
    return
  }
  switch (method) {
    case 'initialize':
      return send({
        id,
        result: { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: {} },
      })
    case 'test/count':
      return send({ id, result: { notes, bytes, family: family?.pid } })
    case 'test/flood':
      return flood(id, params.count)
    case 'test/silence':
      return undefined
    default:
      return send({ id, result: {} })
  }
}

let rest = ''
process.stdin.on('data', (chunk) => {
  bytes += chunk.length
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()
  lines.forEach(take)
})
