// @ts-check
'use strict'

// What the server says of itself: its tools, prompts, resources and instructions. Judges them, and takes out of an
// answer what the client is not to see.

const { judged } = require('./finding.js')
const { differences, pinOf } = require('./lock.js')
const { poisonIn } = require('./poison.js')

/** @import { Finding, Gate } from '../../index.js' */
/** @import { Fault } from './finding.js' */
/** @import { Lock } from './lock.js' */

/**
 * What is told of a server's own words.
 *
 * @typedef {object} Report
 * @property {string} subject
 * @property {Finding} finding
 * @property {string[]} [difference]
 */

const INTRODUCTIONS = new Set(['initialize', 'server/discover'])
const TOOLS = 'tools/list'
/** What else is listed, by the method that asks for it. */
const LISTS = new Map([
  ['prompts/list', { member: 'prompts', isResource: false }],
  ['resources/list', { member: 'resources', isResource: true }],
  ['resources/templates/list', { member: 'resourceTemplates', isResource: true }],
])

/** Tools of which it is remembered that they are refused. */
const MAX_REFUSED = 4096

class Catalogue {
  #gate
  #lock
  #report
  /** @type {Map<string, Finding>} tools that may not be called, and why */
  #refused = new Map()
  /** Why all others may not, where more were refused than are remembered. @type {Finding | undefined} */
  #others
  /** Of the tools that the lock names, those that the lists so far did not hold. */
  #unseen

  /**
   * @param {object} options
   * @param {Gate} options.gate of the client's messages
   * @param {Lock} [options.lock]
   * @param {(report: Report) => void} options.report
   */
  constructor({ gate, lock, report }) {
    this.#gate = gate
    this.#lock = lock
    this.#report = report
    this.#unseen = new Set(lock?.tools.keys())
  }

  /** Whether `refusalOf` can say anything, so that the name of a tool must be known. */
  get judgesCalls() {
    return this.#refused.size > 0 || this.#lock !== undefined
  }

  /**
   * Why a tool may not be called, if so.
   *
   * @param {string} tool
   * @returns {Finding | undefined}
   */
  refusalOf(tool) {
    const refusal = this.#refused.get(tool) ?? this.#others
    if (refusal !== undefined || this.#lock === undefined || this.#lock.tools.has(tool)) {
      return refusal
    }
    const found = judged(this.#gate, unpinned(), tool)
    return found?.action === 'deny' ? found : undefined
  }

  /**
   * Whether the answer to a request says something of the server itself.
   *
   * @param {string} method
   */
  judges(method) {
    return method === TOOLS || LISTS.has(method) || INTRODUCTIONS.has(method)
  }

  /**
   * The result of such a request as the client may see it: the same object where nothing is taken out.
   *
   * @param {string} method
   * @param {any} result
   */
  shown(method, result) {
    const list = LISTS.get(method)
    if (list !== undefined) {
      return this.#listed(result, list.member, (entry) => this.#isClean(method, entry, list.isResource))
    }
    return method === TOOLS ? this.#tools(result) : this.#introduction(result)
  }

  /** @param {any} result */
  #tools(result) {
    const shown = this.#listed(result, 'tools', (tool) => this.#shows(tool))
    if (Array.isArray(result?.tools) && result.nextCursor === undefined) {
      this.#tellMissing()
    }
    return shown
  }

  /**
   * A result without the entries of a list that are not shown.
   *
   * @param {any} result
   * @param {string} member that holds the list
   * @param {(entry: unknown) => boolean} shows
   */
  #listed(result, member, shows) {
    const entries = result?.[member]
    if (!Array.isArray(entries)) {
      return { ...result, [member]: [] }
    }
    const shown = entries.filter(shows)
    return shown.length === entries.length ? result : { ...result, [member]: shown }
  }

  /**
   * Whether an entry of another list than that of tools is shown.
   *
   * @param {string} method
   * @param {any} entry
   * @param {boolean} isResource
   */
  #isClean(method, entry, isResource) {
    const name = typeof entry?.name === 'string' ? entry.name : 'an entry without a name'
    return (
      this.#tell({ subject: `${name} of ${method}`, faults: [poisoned(entry, isResource)] }) === undefined
    )
  }

  /** @param {any} result */
  #introduction(result) {
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
    const faults = [fault, text === null ? undefined : poisoned(text)]
    const denied = this.#tell({ subject: 'the instructions of the server', faults, difference })
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
      /** @type {Fault} */
      const fault = { rule: 'tool.poisoned', pointer: '', message: 'a tool has a name' }
      return this.#tell({ subject: 'a tool without a name', faults: [fault] }) === undefined
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
    const faults = [poisoned(tool), changed]
    const denied = this.#tell({ subject: name, faults, difference, tool: name })
    if (denied === undefined) {
      this.#refused.delete(name)
      return this.#gate.isVisible(name)
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
   * @param {object} what
   * @param {string} what.subject
   * @param {(Fault | undefined)[]} what.faults
   * @param {string[]} [what.difference]
   * @param {string} [what.tool]
   * @returns {Finding | undefined}
   */
  #tell({ subject, faults, difference, tool }) {
    let denied
    for (const fault of faults) {
      const finding = fault && judged(this.#gate, fault, tool)
      if (finding !== undefined) {
        const shown = finding.rule === 'tool.changed' ? difference : undefined
        this.#report({ subject, finding, ...(shown === undefined ? {} : { difference: shown }) })
        denied ??= finding.action === 'deny' ? finding : undefined
      }
    }
    return denied
  }

  #tellMissing() {
    for (const name of this.#unseen) {
      /** @type {Fault} */
      const fault = { rule: 'tool.changed', pointer: '', message: 'a pinned tool is no longer there' }
      const finding = judged(this.#gate, fault, name)
      if (finding !== undefined) {
        // There is nothing to refuse.
        this.#report({ subject: name, finding: { ...finding, action: 'flag' } })
      }
    }
    this.#unseen.clear()
  }
}

/**
 * @param {unknown} value
 * @param {boolean} [isResource]
 * @returns {Fault | undefined}
 */
function poisoned(value, isResource) {
  const poison = poisonIn(value, isResource)
  return poison && { ...poison, rule: 'tool.poisoned' }
}

/** @returns {Fault} */
function unpinned() {
  return { rule: 'tool.changed', pointer: '', message: 'the tool was not there when the server was pinned' }
}

module.exports = { Catalogue }
