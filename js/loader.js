// @ts-check
'use strict'

const { CallgateError } = require('./error.js')
const { platformName } = require('./platform.js')
const { version } = require('../package.json')

/** With these the generated loader opens a library that the environment chose: too much for a guard by default. */
const OVERRIDES = ['NAPI_RS_NATIVE_LIBRARY_PATH', 'NAPI_RS_FORCE_WASI', 'NAPI_RS_WASI_FLAVOR']

/** @returns {typeof import('../binding.js')} */
function load() {
  const { env } = process
  /** @type {NodeJS.ProcessEnv} */
  const given = Object.assign(Object.create(null), env)
  const allowed = given.CALLGATE_ALLOW_LIBRARY_OVERRIDE === '1'
  const hidden = allowed ? [] : OVERRIDES
  for (const name of hidden) {
    // Empty and not deleted: the environment inherits from Object.prototype, which data may have polluted.
    env[name] = ''
  }
  try {
    return require('../binding.js')
  } catch (error) {
    const failed = new CallgateError(
      'platform.unsupported',
      `no native library of callgate for ${platformName()} could be loaded: \`npx callgate build\` makes one ` +
        'from the sources in this package (needs Rust and a C compiler)',
    )
    // What the system said: a missing symbol, another C library, no such file.
    failed.cause = error
    throw failed
  } finally {
    for (const name of hidden) {
      delete env[name]
      if (given[name] !== undefined) {
        env[name] = given[name]
      }
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
