// Prints what allowed audits allocate natively.

import { createRequire } from 'node:module'
import { blob, struct } from '../../benches/node/inputs.mjs'
import { Gate } from '../../index.mjs'

const { allocations, resetPeak } = createRequire(import.meta.url)('../../binding.js')
const ROUNDS = 1000
const gate = new Gate({ tools: { named: {} } })

/** Native allocations of one call, once the thread has audited before. */
function calls(audit) {
  audit()
  const [before] = allocations()
  for (let round = 0; round < ROUNDS; round++) {
    audit()
  }
  const [after] = allocations()
  // Asking costs nothing itself, or this would not come to zero.
  return (after - before) / ROUNDS
}

/** Native bytes above what was live, at the peak of one audit. */
function peak(audit) {
  globalThis.gc()
  const [, live] = allocations()
  resetPeak()
  const { action } = audit()
  const [, , most] = allocations()
  return { action, bytes: most - live }
}

const report = { calls: {}, peak: {}, tables: 0 }
for (const size of [23, 1024, 65_536]) {
  const text = struct(size)
  const bytes = Buffer.from(text)
  report.calls[`bytes ${size}`] = calls(() => gate.audit('t', bytes))
  report.calls[`bytes of a named tool ${size}`] = calls(() => gate.audit('named', bytes))
  report.calls[`text ${size}`] = calls(() => gate.audit('t', text))
}
const parsed = JSON.parse(struct(1024))
report.calls.object = calls(() => gate.audit('t', parsed))
const denied = Buffer.from('{"a":1,"a":2}')
report.calls['denied, for comparison'] = calls(() => gate.audit('t', denied))

// What the detection looks things up in is built once for the process, by the first value that may be an attack.
const [, unbuilt] = allocations()
gate.audit('t', Buffer.from('{"q":"\' OR 1=1 -- ; rm -rf / && {{7*7}}<script>"}'))
const [, built] = allocations()
report.tables = built - unbuilt

const large = new Gate({ limits: { nodes: 100_000_000, elements: 100_000_000 } })
const MIB = 1 << 20
for (const [name, make] of Object.entries({ struct, blob })) {
  const bytes = Buffer.from(make(16 * MIB - 64))
  report.peak[name] = peak(() => large.audit('t', bytes))
}
console.log(JSON.stringify(report))
