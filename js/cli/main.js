#!/usr/bin/env node
// @ts-check
'use strict'

const { EXIT } = require('./exit.js')
const { run } = require('./program.js')

// Whoever reads may stop, as `head` does.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  process.exit(error.code === 'EPIPE' ? process.exitCode : EXIT.failed)
})

run(process.argv.slice(2), process).then((code) => {
  process.exitCode = code
})
