// @ts-check
'use strict'

// What the server says of itself: its tools and its instructions. Judges them, and takes out of an answer what the
// client is not to see.

const { differences, pinOf } = require('./lock.js')
const { poisonIn } = require('./poison.js')

/** @import { Finding } from '../../index.js' */
/** @import { Lock } from './lock.js' */

/** @typedef {{ rule: string, pointer: string, message: string }} Fault */
/** @typedef {(rule: string) => 'deny' | 'flag' | 'off'} Actions what the policy says of a rule */

/**
 * What is told of a server's own words.
 *
 * @typedef {object} Report
 * @property {'deny' | 'flag'} action
 * @property {string} subject
 * @property {Fault} fault
 * @property {string[]} [difference]
 */

/** Tools of which it is remembered that they are refused. */
const MAX_REFUSED = 4096

class Catalogue {
  #actions
  #isVisible
  #lock
  #report
  /** @type {Map<string, Fault>} tools that may not be called, and why */
  #refused = new Map()
  /** Why all others may not, where more were refused than are remembered. @type {Fault | undefined} */
  #others
  /** Of the tools that the lock names, those that the lists so far did not hold. */
  #unseen

  /**
   * @param {object} options
   * @param {Actions} options.actions
   * @param {(tool: string) => boolean} options.isVisible
   * @param {Lock} [options.lock]
   * @param {(report: Report) => void} options.report
   */
  constructor({ actions, isVisible, lock, report }) {
    this.#actions = actions
    this.#isVisible = isVisible
    this.#lock = lock
    this.#report = report
    this.#unseen = new Set(lock?.tools.keys())
  }

  /** Whether `faultOf` can say anything, so that the name of a tool must be known. */
  get judgesCalls() {
    return this.#refused.size > 0 || this.#lock !== undefined
  }

  /**
   * Why a tool may not be called, if so.
   *
   * @param {string} tool
   * @returns {Fault | undefined}
   */
  faultOf(tool) {
    const fault = this.#refused.get(tool) ?? this.#others
    if (fault !== undefined || this.#lock === undefined || this.#lock.tools.has(tool)) {
      return fault
    }
    return this.#actions('tool.changed') === 'deny' ? unpinned() : undefined
  }

  /**
   * The result of `tools/list` as the client may see it: the same object where nothing is taken out.
   *
   * @param {any} result
   */
  tools(result) {
    if (!Array.isArray(result?.tools)) {
      return { ...result, tools: [] }
    }
    const shown = result.tools.filter((/** @type {unknown} */ tool) => this.#shows(tool))
    if (result.nextCursor === undefined) {
      this.#tellMissing()
    }
    return shown.length === result.tools.length ? result : { ...result, tools: shown }
  }

  /**
   * The result of `initialize` or `server/discover` as the client may see it.
   *
   * @param {any} result
   */
  introduction(result) {
    const instructions = result?.instructions
    const text = instructions === undefined ? null : instructions
    const lock = this.#lock?.instructions
    /** @type {Fault | undefined} */
    let fault
    let difference
    if (lock !== undefined && pinOf(text).digest !== lock.digest) {
      fault = {
        rule: 'tool.changed',
        pointer: '',
        message: 'the instructions are not those that were pinned',
      }
      difference = differences(lock.definition, text)
    }
    const poison = text === null ? undefined : poisonIn(text)
    const faults = [fault, poison && { ...poison, rule: 'tool.poisoned' }]
    const denied = this.#tell('the instructions of the server', faults, difference)
    if (denied === undefined || instructions === undefined) {
      return result
    }
    const { instructions: _, ...rest } = result
    return rest
  }

  /** @param {any} tool */
  #shows(tool) {
    const name = tool?.name
    if (typeof name !== 'string') {
      const fault = { rule: 'tool.poisoned', pointer: '', message: 'a tool has a name' }
      return this.#tell('a tool without a name', [fault]) === undefined
    }
    this.#unseen.delete(name)
    const pin = this.#lock?.tools.get(name)
    /** @type {Fault | undefined} */
    let changed
    let difference
    if (this.#lock !== undefined && pin === undefined) {
      changed = unpinned()
      difference = differences(undefined, tool)
    } else if (pin !== undefined && pinOf(tool).digest !== pin.digest) {
      changed = { rule: 'tool.changed', pointer: '', message: 'the tool is not as it was pinned' }
      difference = differences(pin.definition, tool)
    }
    const poison = poisonIn(tool)
    const denied = this.#tell(name, [poison && { ...poison, rule: 'tool.poisoned' }, changed], difference)
    if (denied === undefined) {
      this.#refused.delete(name)
      return this.#isVisible(name)
    }
    if (this.#refused.size < MAX_REFUSED) {
      this.#refused.set(name, denied)
    } else {
      this.#others = denied
    }
    return false
  }

  /**
   * Tells of faults; answers the first one that refuses.
   *
   * @param {string} subject
   * @param {(Fault | undefined)[]} faults
   * @param {string[]} [difference]
   * @returns {Fault | undefined}
   */
  #tell(subject, faults, difference) {
    let denied
    for (const fault of faults) {
      const action = fault === undefined ? 'off' : this.#actions(fault.rule)
      if (fault !== undefined && action !== 'off') {
        const shown = fault.rule === 'tool.changed' ? difference : undefined
        this.#report({ action, subject, fault, ...(shown === undefined ? {} : { difference: shown }) })
        denied ??= action === 'deny' ? fault : undefined
      }
    }
    return denied
  }

  #tellMissing() {
    for (const name of this.#unseen) {
      const fault = { rule: 'tool.changed', pointer: '', message: 'a pinned tool is no longer there' }
      if (this.#actions(fault.rule) !== 'off') {
        this.#report({ action: 'flag', subject: name, fault })
      }
    }
    this.#unseen.clear()
  }
}

/** @returns {Fault} */
function unpinned() {
  return { rule: 'tool.changed', pointer: '', message: 'the tool was not there when the server was pinned' }
}

module.exports = { Catalogue }
