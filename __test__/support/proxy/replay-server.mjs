// The server's side of a captured session: says its lines once it was told the ones before. What it is told must be
// what was captured, byte for byte; it ends with 1 otherwise. What the proxy asks by itself is answered with an error.

import { readFileSync } from 'node:fs'

const lines = readFileSync(process.argv[2], 'utf8').split('\n').slice(0, -1)
let at = 0
let heard = Buffer.alloc(0)

function go() {
  for (; at < lines.length; at++) {
    if (lines[at].startsWith('s')) {
      process.stdout.write(`${lines[at].slice(1)}\n`)
      continue
    }
    // What some readers take for the end of a line comes as an escape.
    const escaped = lines[at].replace(
      /[\u0085\u2028\u2029]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    const bytes = Buffer.from(`${escaped.slice(1)}\n`)
    if (heard.length < bytes.length) {
      return
    }
    if (!heard.subarray(0, bytes.length).equals(bytes)) {
      process.exit(1)
    }
    heard = heard.subarray(bytes.length)
  }
}
const OWN = Buffer.from('{"jsonrpc":"2.0","id":"callgate-')

/** Takes the requests of the proxy out of what was heard, each a line of its own. */
function answerOwn() {
  for (let start = heard.indexOf(OWN); start >= 0; start = heard.indexOf(OWN)) {
    const end = heard.indexOf('\n', start) + 1
    if (end === 0) {
      return
    }
    const { id } = JSON.parse(heard.subarray(start, end).toString())
    heard = Buffer.concat([heard.subarray(0, start), heard.subarray(end)])
    const error = { code: -32601, message: 'no such method' }
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`)
  }
}

process.stdin.on('data', (chunk) => {
  heard = Buffer.concat([heard, chunk])
  answerOwn()
  go()
})
process.stdin.on('end', () => process.exit(at === lines.length && heard.length === 0 ? 0 : 1))
go()
