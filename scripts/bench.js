// @ts-check
'use strict'

const { setup } = require('./setup.js')
const { run } = require('./lib/tools.js')

setup()
process.exitCode = run(process.execPath, ['--expose-gc', 'benches/node/main.mjs', ...process.argv.slice(2)])
  ? 0
  : 1
