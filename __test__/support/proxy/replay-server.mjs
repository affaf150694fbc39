// The server's side of a captured session: says its lines once it was told the ones before. What it is told must be
// what was captured, byte for byte; it ends with 1 otherwise.

import { readFileSync } from 'node:fs'

const lines = readFileSync(process.argv[2], 'utf8').split('\n').slice(0, -1)
let at = 0
let heard = Buffer.alloc(0)

function go() {
  for (; at < lines.length; at++) {
    const bytes = Buffer.from(`${lines[at].slice(1)}\n`)
    if (lines[at].startsWith('s')) {
      process.stdout.write(bytes)
      continue
    }
    if (heard.length < bytes.length) {
      return
    }
    if (!heard.subarray(0, bytes.length).equals(bytes)) {
      process.exit(1)
    }
    heard = heard.subarray(bytes.length)
  }
}
process.stdin.on('data', (chunk) => {
  heard = Buffer.concat([heard, chunk])
  go()
})
process.stdin.on('end', () => process.exit(at === lines.length && heard.length === 0 ? 0 : 1))
go()
