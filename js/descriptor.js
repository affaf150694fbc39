// @ts-check
'use strict'

// Descriptors that the native library opened, where the runtime wants to have opened them itself.

const { openSync, constants } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

/**
 * Whether the runtime takes descriptors that it did not open: in a worker thread Node warns when such a one is closed, and
 * Deno does not know them.
 */
const TAKES_DESCRIPTORS = isMainThread && !('Deno' in globalThis)

/** Where Linux shows what a process has open: the very file opens there, whatever its name is now. */
const OPEN_FILES = '/proc/self/fd'

/**
 * What opens a descriptor anew, for a runtime that does not take it; less than 0 where that is not possible.
 *
 * @param {string | undefined} intent
 * @param {{ append?: boolean } | undefined} flags
 * @returns {((fd: number) => number) | undefined}
 */
function adopterOf(intent, flags) {
  if (TAKES_DESCRIPTORS) {
    return undefined
  }
  const { O_RDONLY, O_WRONLY, O_APPEND, O_DIRECTORY } = constants
  const written = flags?.append ? O_WRONLY | O_APPEND : O_WRONLY
  const mode = intent === 'write' ? written : intent === 'list' ? O_RDONLY | O_DIRECTORY : O_RDONLY
  return (fd) => {
    try {
      return openSync(`${OPEN_FILES}/${fd}`, mode)
    } catch {
      return -1
    }
  }
}

module.exports = { TAKES_DESCRIPTORS, adopterOf }
