// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { INSIDE } = require('../inside.js')

/** Where the relative paths of a server count from that runs in this process, unless the application says so itself. */
class Folder {
  #inside
  /** @type {string | undefined} */
  #cwd

  /** @param {Gate} gate */
  constructor(gate) {
    this.#inside = /** @type {any} */ (gate)[INSIDE]
    this.follow()
  }

  /** Takes the working directory where it is another one than before. */
  follow() {
    const cwd = here()
    if (cwd !== undefined && cwd !== this.#cwd) {
      this.#cwd = cwd
      this.#inside.assumeServer({ cwd, joins: true })
    }
  }
}

/** The working directory, which Node keeps in mind; none where that was removed. */
function here() {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

module.exports = { Folder }
