// @ts-check
'use strict'

// Names in a policy that stand for nothing in the servers behind its gate: a slip of the pen protects nothing.

/** @import { Gate } from '../../index.js' */

const { quoted } = require('../quoted.js')

/** Names that a warning holds, and characters of each. */
const MAX_TOLD = 16
const MAX_NAME = 128
/** Tools that are remembered of the servers behind one gate, and servers that did not connect yet. */
const MAX_TOOLS = 4096
const MAX_EXPECTED = 256

/**
 * A server behind a gate.
 *
 * @typedef {{ readonly definitions: readonly object[] }} Guarded
 */

/** What is known of the servers behind one gate. */
class Behind {
  #gate
  /** Servers that did not connect yet; being expected keeps none alive. @type {Set<WeakRef<Guarded>>} */
  #expected = new Set()
  /** @type {WeakMap<Guarded, WeakRef<Guarded>>} */
  #places = new WeakMap()
  /** Their tools by their names. @type {Map<string, { tool: object, isConnected: boolean }>} */
  #tools = new Map()
  /** What was told. @type {Set<string>} */
  #told = new Set()

  /** @param {Gate} gate */
  constructor(gate) {
    this.#gate = gate
  }

  /** @param {Guarded} server */
  expect(server) {
    for (const place of this.#expected.size < MAX_EXPECTED ? [] : this.#expected) {
      if (place.deref() === undefined) {
        this.#expected.delete(place)
      }
    }
    if (this.#expected.size < MAX_EXPECTED) {
      const place = new WeakRef(server)
      this.#places.set(server, place)
      this.#expected.add(place)
    }
  }

  /**
   * What of the policy stands for nothing in any server, and was not told before.
   *
   * @param {Guarded} connected
   */
  newlyVain(connected) {
    const place = this.#places.get(connected)
    if (place !== undefined) {
      this.#expected.delete(place)
    }
    // A server that is made anew for each request says nothing new.
    if (!this.#learn(connected, true)) {
      return []
    }
    for (const expected of this.#expected) {
      const server = expected.deref()
      if (server !== undefined) {
        this.#learn(server, false)
      }
    }
    const { unknown } = this.#gate.describe([...this.#tools.values()].map(({ tool }) => tool))
    const vain = unknown.filter(({ member, what }) => !this.#told.has(`${member}: ${what}`))
    for (const { member, what } of vain) {
      this.#told.add(`${member}: ${what}`)
    }
    return vain
  }

  /**
   * Whether a server has tools that were not known. One that did not connect yet may tell less than it will.
   *
   * @param {Guarded} server
   * @param {boolean} isConnected
   */
  #learn({ definitions }, isConnected) {
    let isNew = false
    for (const tool of definitions) {
      const { name } = /** @type {any} */ (tool)
      const known = this.#tools.get(name)
      const isBetter = known === undefined ? this.#tools.size < MAX_TOOLS : isConnected && !known.isConnected
      if (isBetter) {
        this.#tools.set(name, { tool, isConnected })
        isNew = true
      }
    }
    return isNew
  }
}

/** @type {WeakMap<Gate, Behind>} */
const behind = new WeakMap()

/** @param {Gate} gate */
function behindOf(gate) {
  const known = behind.get(gate) ?? new Behind(gate)
  behind.set(gate, known)
  return known
}

/**
 * A server whose tools count once it connects, or another one does.
 *
 * @param {Gate} gate
 * @param {Guarded} server
 */
function expectServer(gate, server) {
  behindOf(gate).expect(server)
}

/**
 * Warns, once of each, of names in a policy that stand for nothing in any server that was guarded so far.
 *
 * @param {Gate} gate
 * @param {Guarded} server that is connected
 */
function warnOfVain(gate, server) {
  let vain
  try {
    vain = behindOf(gate).newlyVain(server)
  } catch {
    // What cannot be described is judged all the same.
    return
  }
  if (vain.length > 0) {
    const lines = vain.slice(0, MAX_TOLD).map(({ member, what }) => `${quoted(member, MAX_NAME)}: ${what}`)
    const more = vain.length > MAX_TOLD ? [`and ${vain.length - MAX_TOLD} more`] : []
    process.emitWarning('the policy names what the guarded server does not have', {
      type: 'CallgateWarning',
      code: 'CALLGATE_POLICY_NAMES',
      detail: [...lines, ...more].join('\n'),
    })
  }
}

module.exports = { expectServer, warnOfVain }
