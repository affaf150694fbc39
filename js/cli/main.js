#!/usr/bin/env node
// @ts-check
'use strict'

const { EXIT } = require('./exit.js')
const { run } = require('./program.js')

// Whoever reads may stop, as `head` does.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? EXIT.failed) : EXIT.failed)
})
// A message that nobody takes changes nothing about the answer.
process.stderr.on('error', () => {})

run(process.argv.slice(2), process).then((code) => {
  process.exitCode = code
})
