// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { inferKinds } = require('../kinds.js')
const { INSIDE } = require('../inside.js')

/** Gates that are kept for one policy: servers of one process rarely differ in their tools. */
const MAX_FAMILIES = 8

/** In a policy this names all tools. */
const EVERY_TOOL = '*'

/** A gate that knows tools, and their schemas as JSON. */
class Family {
  /**
   * @param {Gate} gate
   * @param {ReadonlyMap<string, string>} schemas
   */
  constructor(gate, schemas) {
    this.gate = gate
    this.schemas = schemas
  }
}

/** The gates derived from one gate, so that servers made anew for every request share theirs. */
class Families {
  #gate
  #whole
  /** @type {Map<string, Family>} the last one used is the last */
  #families = new Map()

  /**
   * @param {Gate} gate
   * @param {boolean} whole whether calls are held against the schemas, and not only their kinds taken
   */
  constructor(gate, whole) {
    this.#gate = gate
    this.#whole = whole
    this.none = new Family(gate, new Map())
  }

  /** The one that was used last. */
  get last() {
    return [...this.#families.values()].at(-1) ?? this.none
  }

  /**
   * @param {ReadonlyMap<string, string>} schemas
   * @returns {Family}
   */
  of(schemas) {
    if (schemas.size === 0) {
      return this.none
    }
    const key = JSON.stringify([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
    const family = this.#families.get(key) ?? new Family(this.#derived(schemas), new Map(schemas))
    this.#families.delete(key)
    this.#families.set(key, family)
    if (this.#families.size > MAX_FAMILIES) {
      // Not closed: a connection may still use it. It goes when nobody does.
      this.#families.delete(/** @type {string} */ (this.#families.keys().next().value))
    }
    return family
  }

  /** @param {ReadonlyMap<string, string>} schemas */
  #derived(schemas) {
    const inside = /** @type {any} */ (this.#gate)[INSIDE]
    const named = [...schemas].filter(([name]) => name !== EVERY_TOOL)
    const tools = Object.fromEntries(named.map(([name, text]) => [name, { schema: JSON.parse(text) }]))
    try {
      if (this.#whole) {
        return inside.derive(tools)
      }
    } catch (error) {
      if (/** @type {any} */ (error).code === 'gate.closed') {
        throw error
      }
      // Some schema is none that can be held against: only the kinds of its arguments are known then.
    }
    const known = Object.entries(tools).map(([name, tool]) => [name, usable(inside, name, tool, this.#whole)])
    return inside.derive(Object.fromEntries(known))
  }
}

/**
 * @param {any} inside
 * @param {string} name
 * @param {{ schema: any }} tool
 * @param {boolean} whole
 * @returns {object}
 */
function usable(inside, name, tool, whole) {
  try {
    if (whole) {
      inside.release(inside.derive({ [name]: tool }))
      return tool
    }
  } catch {
    process.emitWarning(`the schema of a tool cannot be used: its calls are not held against it`, {
      type: 'CallgateWarning',
      code: 'CALLGATE_TOOL_SCHEMA',
      detail: JSON.stringify(name.slice(0, 64)),
    })
  }
  try {
    const kinds = Object.entries(inferKinds(tool.schema)).map(([pointer, kind]) => [pointer, { kind }])
    const inferred = { arguments: Object.fromEntries(kinds) }
    inside.release(inside.derive({ [name]: inferred }))
    return inferred
  } catch {
    return {}
  }
}

/** @type {WeakMap<Gate, Families>[]} by whether schemas are used */
const ofGates = [new WeakMap(), new WeakMap()]

/**
 * @param {Gate} gate
 * @param {boolean} whole
 */
function familiesOf(gate, whole) {
  const known = /** @type {WeakMap<Gate, Families>} */ (ofGates[Number(whole)])
  const families = known.get(gate) ?? new Families(gate, whole)
  known.set(gate, families)
  return families
}

module.exports = { familiesOf }
