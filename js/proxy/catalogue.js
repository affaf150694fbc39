// @ts-check
'use strict'

// What the server says of itself: its tools, prompts, resources and instructions. Judges them, and takes out of an
// answer what the client is not to see.

const { judged } = require('./finding.js')
const { cursorOf } = require('../mcp/cursor.js')
const { INTRODUCTIONS, introduced } = require('../mcp/introduction.js')
const { differences, differsFrom, pinOf, saysTheSame } = require('./lock.js')
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

/** @typedef {{ member: 'prompts' | 'resources' | 'resourceTemplates', key: string, isResource: boolean }} OtherList */

const TOOLS = 'tools/list'
/** What else is listed, by the method that asks for it. */
/** @type {ReadonlyMap<string, OtherList>} */
const LISTS = new Map([
  ['prompts/list', { member: 'prompts', key: 'name', isResource: false }],
  ['resources/list', { member: 'resources', key: 'uri', isResource: true }],
  ['resources/templates/list', { member: 'resourceTemplates', key: 'uriTemplate', isResource: true }],
])

/** Tools of which it is remembered that they are refused, and how they were first listed. */
const MAX_REFUSED = 4096
/** The same tools' definitions, of which only the digest is kept beyond this (characters). */
const MAX_DEFINITIONS = 1 << 23
/** Reports that are not made a second time. */
const MAX_REPORTED = 4096

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
  /** Tools as they were first listed in this session. @type {Map<string, { digest: string, definition?: unknown }>} */
  #first = new Map()
  #room = MAX_DEFINITIONS
  /** Prompts and resources that are not shown, and why. @type {Map<string, Finding>} */
  #hidden = new Map()
  /** Whether the server said that its tools changed. */
  #mayChange = false
  /** @type {Set<string>} */
  #reported = new Set()

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

  /** The server says that its tools are others now. */
  mayChange() {
    this.#mayChange = true
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
   * @param {any} [exact] the same, with numbers that JavaScript rounds as they are written
   */
  shown(method, result, exact = result) {
    const list = LISTS.get(method)
    if (list !== undefined) {
      return this.#listed(result, list.member, (entry) => this.#isClean(method, entry, list))
    }
    return method === TOOLS ? this.#tools(result, exact) : this.#introduction(result)
  }

  /**
   * @param {any} result
   * @param {any} exact
   */
  #tools(result, exact) {
    const twins = twinsAmong(exact?.tools)
    const shown = this.#listed(result, 'tools', (tool, index) => {
      return this.#shows(tool, exact.tools[index], twins.get(tool?.name))
    })
    if (Array.isArray(result?.tools) && cursorOf(result.nextCursor) === undefined) {
      this.#tellMissing()
    }
    return shown
  }

  /**
   * A result without the entries of a list that are not shown.
   *
   * @param {any} result
   * @param {string} member that holds the list
   * @param {(entry: any, index: number) => boolean} shows
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
   * Whether an entry of another list than that of tools is shown. Resources come and go: one that is new is no change.
   *
   * @param {string} method
   * @param {any} entry
   * @param {OtherList} list
   */
  #isClean(method, entry, { member, key, isResource }) {
    const name = typeof entry?.name === 'string' ? entry.name : 'an entry without a name'
    const pins = this.#lock?.[member]
    const id = String(entry?.[key])
    const pin = pins?.get(id)
    /** @type {Fault | undefined} */
    let changed
    let difference
    if (pin !== undefined) {
      difference = differsFrom(pin, entry)
      changed = difference && { rule: 'tool.changed', pointer: '', message: 'it is not as it was pinned' }
    } else if (pins !== undefined && !isResource) {
      difference = differences(undefined, entry)
      changed = { rule: 'tool.changed', pointer: '', message: 'it was not there when the server was pinned' }
    }
    const faults = [poisoned(entry, isResource), changed]
    const denied = this.#tell({ subject: `${name} of ${method}`, faults, difference })
    if (denied === undefined) {
      this.#hidden.delete(id)
    } else if (this.#hidden.size < MAX_REFUSED) {
      this.#hidden.set(id, denied)
    }
    return denied === undefined
  }

  /**
   * Why a prompt or resource may not be asked for, if so: it was taken out of its list.
   *
   * @param {unknown} id its name, or its URI
   * @returns {Finding | undefined}
   */
  hiddenBy(id) {
    return this.#hidden.get(String(id))
  }

  /** @param {any} result */
  #introduction(result) {
    return introduced(result, {
      instructions: (text) => this.#deniesInstructions(text),
      info: (info) => this.#tell({ subject: 'serverInfo', faults: [poisoned(info, true)] }) !== undefined,
      text: (text) => poisoned(text, true) !== undefined,
    })
  }

  /** @param {unknown} instructions none where there are none */
  #deniesInstructions(instructions) {
    const text = instructions === undefined ? null : instructions
    const lock = this.#lock?.instructions
    /** @type {Fault | undefined} */
    let fault
    const difference = lock && differsFrom(lock, text)
    if (difference !== undefined) {
      fault = {
        rule: 'tool.changed',
        pointer: '',
        message: 'the instructions are not those that were pinned',
      }
    }
    const faults = [fault, text === null ? undefined : poisoned(text)]
    return this.#tell({ subject: 'the instructions of the server', faults, difference }) !== undefined
  }

  /**
   * @param {any} tool
   * @param {any} exact
   * @param {Twin} [twin] where the list has another tool of its name
   */
  #shows(tool, exact, twin) {
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
      difference = differences(undefined, exact)
    } else if (pin !== undefined) {
      difference = differsFrom(pin, exact)
      changed = difference && {
        rule: 'tool.changed',
        pointer: '',
        message: 'the tool is not as it was pinned',
      }
    } else {
      const before = this.#before(name, exact)
      changed = before && { rule: 'tool.changed', pointer: '', ...before }
      difference = before?.difference
    }
    if (twin?.differs) {
      difference = undefined
      changed = { rule: 'tool.changed', pointer: '/name', message: 'two tools of one list have this name' }
    }
    const faults = [poisoned(tool), changed]
    const denied = this.#tell({ subject: name, faults, difference, tool: name })
    if (twin !== undefined && !twin.differs && twin.seen++ > 0) {
      // The very same tool once more.
      return false
    }
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
   * How a tool differs from what it was when it was first listed in this session, if it does. Where the words are the same
   * in another order, or the server announced a change and no description changed, that is only told.
   *
   * @param {string} name
   * @param {unknown} tool
   * @returns {{ message: string, difference: string[], isMild: boolean } | undefined}
   */
  #before(name, tool) {
    const { digest, definition } = pinOf(tool)
    const first = this.#first.get(name)
    if (first === undefined) {
      if (this.#first.size < MAX_REFUSED) {
        const { length } = JSON.stringify(definition)
        const isKept = length <= this.#room
        this.#room -= isKept ? length : 0
        this.#first.set(name, isKept ? { digest, definition } : { digest })
      }
      return undefined
    }
    if (first.digest === digest) {
      return undefined
    }
    return {
      message: 'the tool is not as it was before in this session',
      difference: first.definition === undefined ? [] : differences(first.definition, tool),
      isMild:
        first.definition !== undefined &&
        saysTheSame(first.definition, tool, this.#mayChange) &&
        (this.#mayChange || hintsOf(first.definition) === hintsOf(tool)),
    }
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
      const found = fault && judged(this.#gate, fault, tool)
      if (found !== undefined) {
        /** @type {Finding} */
        const finding = fault?.isMild ? { ...found, action: 'flag' } : found
        const shown = finding.rule === 'tool.changed' ? difference : undefined
        this.#reportOnce({ subject, finding, ...(shown === undefined ? {} : { difference: shown }) })
        denied ??= finding.action === 'deny' ? finding : undefined
      }
    }
    return denied
  }

  /**
   * A list is read by us and by the client, perhaps many times.
   *
   * @param {Report} report
   */
  #reportOnce(report) {
    const { subject, finding, difference = [] } = report
    const key = JSON.stringify([subject, finding.rule, finding.pointer, finding.message, difference])
    if (!this.#reported.has(key)) {
      if (this.#reported.size < MAX_REPORTED) {
        this.#reported.add(key)
      }
      this.#report(report)
    }
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
 * What a tool says that it does, by which hosts ask their user or do not.
 *
 * @param {any} tool
 */
function hintsOf(tool) {
  const hints = Object.entries(tool?.annotations ?? {}).filter(([, value]) => typeof value === 'boolean')
  return JSON.stringify(hints.sort())
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

/** @typedef {{ digest: string, differs: boolean, seen: number }} Twin */

/**
 * The names that more than one tool of a list has.
 *
 * @param {unknown} tools
 * @returns {Map<unknown, Twin>}
 */
function twinsAmong(tools) {
  /** @type {Map<unknown, any>} */
  const first = new Map()
  /** @type {Map<unknown, Twin>} */
  const twins = new Map()
  for (const tool of Array.isArray(tools) ? tools : []) {
    const name = tool?.name
    if (!first.has(name)) {
      first.set(name, tool)
      continue
    }
    const { digest } = pinOf(first.get(name))
    const twin = twins.get(name) ?? { digest, differs: false, seen: 0 }
    twin.differs ||= pinOf(tool).digest !== digest
    twins.set(name, twin)
  }
  return twins
}

/** @returns {Fault} */
function unpinned() {
  return { rule: 'tool.changed', pointer: '', message: 'the tool was not there when the server was pinned' }
}

module.exports = { Catalogue }
