// Prints by how many bytes the process grew: node --expose-gc resident.mjs <measurement>

import { setImmediate as turn } from 'node:timers/promises'
import { Gate } from '../../index.mjs'

const gate = new Gate({ limits: { messageBytes: 1 << 26, stringBytes: 1 << 26 } })
const kept = []

const measurements = {
  audits: {
    rounds: 340_000,
    job() {
      const bytes = Buffer.from('{"path":"a","list":[1,2,3]}')
      gate.audit('t', bytes)
      gate.audit('t', '{"path":"a","list":[1,2,3]}')
      gate.audit('t', { path: 'a', list: [1, 2, 3] })
    },
  },
  refusals: { rounds: 100_000, job: () => gate.audit('t', '{"a":1,"a":2}') },
  gates: {
    rounds: 20_000,
    job() {
      const own = new Gate({ tools: { t: {} } })
      own.audit('t', '{}')
      own.close()
    },
  },
  collected: { rounds: 20_000, job: () => new Gate({ tools: { t: {} } }).audit('t', '{}') },
  scratch: { rounds: 10, job: () => gate.audit('t', JSON.stringify('x'.repeat(1 << 25))) },
  leak: { rounds: 64, job: () => kept.push(Buffer.alloc(1 << 20, 1)) },
}

async function settle() {
  for (let round = 0; round < 5; round++) {
    globalThis.gc()
    await turn()
  }
  return process.memoryUsage.rss()
}

async function run({ rounds, job }) {
  for (let round = 0; round < rounds; round++) {
    job()
    if (round % 1000 === 999) {
      // How much waits at once must not depend on when the collector likes to run; finalizers run between turns.
      globalThis.gc()
      await turn()
    }
  }
}

const { rounds, job } = measurements[process.argv[2]]
// A first pass of the same length: the heap and its arenas take their size.
await run({ rounds, job })
const before = await settle()
await run({ rounds, job })
console.log((await settle()) - before)
