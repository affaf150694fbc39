// Prints what becomes of a panic on every way into the native library.

import { createRequire } from 'node:module'
import { Gate } from '../../index.mjs'

const { armPanic, panicNow } = createRequire(import.meta.url)('../../binding.js')
const gate = new Gate()

const ways = {
  bytes: () => gate.audit('t', Buffer.from('{}')),
  text: () => gate.audit('t', '{}'),
  'ill-formed text': () => gate.audit('t', '"\ud800"'),
  object: () => gate.audit('t', {}),
  'thread pool': () => gate.auditAsync('t', '{}'),
  'file operation': () => gate.files.readFileSync('a'),
  'file operation on the pool': () => gate.files.readFile('a'),
}

const outcomes = {}
for (const [name, way] of Object.entries(ways)) {
  armPanic()
  try {
    await way()
    outcomes[name] = 'nothing thrown'
  } catch (error) {
    outcomes[name] = `${error.name} ${error.code}`
  }
  // The gate is as good as before.
  outcomes[name] += `, then ${gate.audit('t', '{}').action}`
}
try {
  panicNow()
} catch (error) {
  outcomes.export = `${error.name}, then ${gate.audit('t', '{}').action}`
}
console.log(JSON.stringify(outcomes))
