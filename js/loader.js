// @ts-check
'use strict'

const { CallgateError } = require('./error.js')
const { platformName } = require('./platform.js')
const { version } = require('../package.json')

/** With these the generated loader opens a library that the environment chose: too much for a guard by default. */
const OVERRIDES = ['NAPI_RS_NATIVE_LIBRARY_PATH', 'NAPI_RS_FORCE_WASI', 'NAPI_RS_WASI_FLAVOR']

/** @returns {typeof import('../binding.js')} */
function load() {
  const hidden = Object.entries(process.env).filter(
    ([name]) => OVERRIDES.includes(name) && process.env.CALLGATE_ALLOW_LIBRARY_OVERRIDE !== '1',
  )
  for (const [name] of hidden) {
    delete process.env[name]
  }
  try {
    return require('../binding.js')
  } catch {
    throw new CallgateError(
      'platform.unsupported',
      `no native library of callgate for ${platformName()} could be loaded: \`npx callgate build\` makes one ` +
        'from the sources in this package (needs Rust and a C compiler)',
    )
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden))
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
