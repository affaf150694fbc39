// npm run bench

import { availableParallelism, cpus } from 'node:os'
import { auditRows } from './audit.mjs'
import { fileRows } from './files.mjs'
import { pathRows } from './paths.mjs'
import { markdown, writeSection } from './report.mjs'

const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}, Node ${process.versions.node}`
const section = markdown({
  audits: await auditRows(),
  paths: await pathRows(),
  files: await fileRows(),
  machine,
})
console.log(section)
writeSection(section)
console.log('written to docs/benchmarks.md')
