// Starts a server beside an address that no call may reach: node launch.mjs HITS COMMAND... Whoever asks the address, that
// of the metadata service of a cloud, leaves a mark in the file HITS. In a network namespace of their own.

import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [, , hits, program, ...args] = process.argv
const hit = () => appendFileSync(hits, '.')
const canary = createServer((_, response) => {
  hit()
  response.end('the metadata')
})
// Not everybody speaks HTTP, and one connection may ask twice.
canary.on('connection', hit)
canary.listen(80, '::', () => {
  const server = spawn(program, args, { stdio: 'inherit' })
  server.on('exit', (code) => process.exit(code ?? 1))
  process.on('SIGTERM', () => server.kill())
})
