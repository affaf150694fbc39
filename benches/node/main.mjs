// npm run bench [-- ordinary|audits|adversarial|redact|paths|files|schemas|mcp|proxy ...]

import { availableParallelism, cpus } from 'node:os'
import { adversarialRows } from './adversarial.mjs'
import { auditRows } from './audit.mjs'
import { fileRows } from './files.mjs'
import { mcpSection } from './mcp.mjs'
import { ordinaryRows } from './ordinary.mjs'
import { pathRows } from './paths.mjs'
import { proxyRows } from './proxy.mjs'
import { redactRows } from './redact.mjs'
import {
  adversarialTable,
  auditTable,
  fileTable,
  ordinaryTable,
  pathTable,
  proxyTable,
  redactTable,
  schemaTable,
  writeSection,
} from './report.mjs'
import { schemaRows } from './schema.mjs'

const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}, Node ${process.versions.node}`
const PARTS = {
  ordinary: async () => ordinaryTable(await ordinaryRows()),
  audits: async () => auditTable(await auditRows(), machine),
  adversarial: async () => adversarialTable(await adversarialRows()),
  redact: async () => redactTable(await redactRows()),
  paths: async () => pathTable(await pathRows()),
  files: async () => fileTable(await fileRows()),
  schemas: async () => schemaTable(await schemaRows()),
  mcp: mcpSection,
  proxy: async () => proxyTable(await proxyRows()),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  throw new Error(`${unknown.join(', ')}: the parts are ${Object.keys(PARTS).join(', ')}`)
}
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    const section = await run()
    console.log(section)
    writeSection(`node-${name}`, section)
  }
}
console.log('written to docs/benchmarks.md')
