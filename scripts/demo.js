// @ts-check
'use strict'

const { setup } = require('./setup.js')
const { run, runInstalled } = require('./lib/tools.js')

setup()
const ok =
  runInstalled('tsc', ['-p', 'examples/notes-server']) &&
  run(process.execPath, ['examples/notes-server/dist/demo/main.mjs']) &&
  run(process.execPath, ['examples/proxy/demo.mjs'])
process.exitCode = ok ? 0 : 1
