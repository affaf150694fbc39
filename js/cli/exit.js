// @ts-check
'use strict'

const { shown } = require('./place.js')

/** What the process answers to its caller. */
const EXIT = Object.freeze({
  /** Nothing was found, or flags only. */
  clean: 0,
  /** A call or path was refused; with --strict also where something was flagged. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A file or policy could not be read, or callgate failed. */
  failed: 3,
})

/** What keeps a command from running, told in one line. */
class CliError extends Error {
  /**
   * @param {string} message
   * @param {number} [code]
   */
  constructor(message, code = EXIT.failed) {
    // It may name files, whose names may hold anything.
    super(shown(message))
    this.code = code
  }
}

/**
 * Runs `read`; what fails in it is told with the name of the file and without a stack.
 *
 * @template T
 * @param {string} file
 * @param {() => T} read
 * @returns {T}
 */
function reading(file, read) {
  try {
    return read()
  } catch (thrown) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (thrown)
    const why = { ENOENT: 'no such file', EISDIR: 'a folder', EACCES: 'not permitted' }[code ?? ''] ?? message
    throw new CliError(`${file}: ${why}`)
  }
}

/**
 * @param {{ denied: number, flagged: number }} counts
 * @param {boolean | undefined} strict
 */
function exitCode({ denied, flagged }, strict) {
  return denied > 0 || (strict === true && flagged > 0) ? EXIT.refused : EXIT.clean
}

module.exports = { CliError, EXIT, exitCode, reading }
