// @ts-check
'use strict'

const { setup } = require('./setup.js')
const { run } = require('./lib/tools.js')

setup()
process.exitCode = run(process.execPath, ['--expose-gc', 'benches/node/main.mjs']) ? 0 : 1
