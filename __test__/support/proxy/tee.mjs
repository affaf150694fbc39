// Stands between a client and a server and writes down what each says: node tee.mjs FILE COMMAND ARGS...
// One line of the file a line of the session: `c` or `s`, and what came.

import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'

const [file, program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })

function carry(from, to, side) {
  let rest = ''
  from.setEncoding('utf8')
  from.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      appendFileSync(file, `${side}${line}\n`)
      to.write(`${line}\n`)
    }
  })
  from.on('end', () => to.end())
}
carry(process.stdin, child.stdin, 'c')
carry(child.stdout, process.stdout, 's')
