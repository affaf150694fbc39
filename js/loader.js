// @ts-check
'use strict'

const { CallgateError } = require('./error.js')
const { version } = require('../package.json')

/** The generated loader opens whatever library this variable names: too much for a guard by default. */
const OVERRIDE = 'NAPI_RS_NATIVE_LIBRARY_PATH'

/** @returns {typeof import('../binding.js')} */
function load() {
  const library = process.env[OVERRIDE]
  const hidden = library !== undefined && process.env.CALLGATE_ALLOW_LIBRARY_OVERRIDE !== '1'
  if (hidden) {
    delete process.env[OVERRIDE]
  }
  try {
    return require('../binding.js')
  } catch {
    throw new CallgateError(
      'platform.unsupported',
      `no native library of callgate for ${process.platform}-${process.arch} could be loaded`,
    )
  } finally {
    if (hidden) {
      process.env[OVERRIDE] = library
    }
  }
}

const binding = load()
const found = binding.version()
if (found !== version) {
  throw new CallgateError(
    'platform.unsupported',
    `callgate ${version} found its native library in version ${found}; install it again`,
  )
}

module.exports = { binding, version }
