// Starts a server beside an address that no call may reach: node launch.mjs HITS COMMAND... Whoever asks the address, that
// of the metadata service of a cloud, leaves a line in the file HITS. In a network namespace of their own.

import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [, , hits, program, ...args] = process.argv
const canary = createServer((_, response) => response.end('the metadata'))
canary.on('connection', ({ remoteAddress }) => appendFileSync(hits, `${remoteAddress}\n`))
canary.listen(80, '::', () => {
  const server = spawn(program, args, { stdio: 'inherit' })
  server.on('exit', (code) => process.exit(code ?? 1))
  process.on('SIGTERM', () => server.kill())
})
