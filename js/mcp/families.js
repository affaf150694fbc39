// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */

const { inferKinds } = require('../kinds.js')
const { INSIDE } = require('../inside.js')

/**
 * What a call comes to that does not match the schema that the server published: it is refused, it is only told, or
 * nothing, because the server validates by itself.
 *
 * @typedef {'deny' | 'flag' | 'off'} Held
 */

/** Gates that are kept for one policy: servers of one process rarely differ in their tools. */
const MAX_FAMILIES = 8

/** A gate that knows tools, and their definitions as JSON: the schema, the title, the description and the hints of each. */
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
  #held
  /** @type {Map<string, Family>} the last one used is the last */
  #families = new Map()

  /**
   * @param {Gate} gate
   * @param {Held} held
   */
  constructor(gate, held) {
    this.#gate = gate
    this.#held = held
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
    const { last } = this
    if (last.schemas.size === schemas.size && isSame(last.schemas, schemas)) {
      return last
    }
    if (schemas.size === 0) {
      return this.none
    }
    const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1))
    const key = JSON.stringify(this.#held === 'off' ? sorted.map(kindsOf) : sorted)
    const known = this.#families.get(key)
    const gate = known?.gate ?? this.#learnt(schemas)
    const family = known !== undefined && isSame(known.schemas, schemas) ? known : new Family(gate, schemas)
    this.#families.delete(key)
    this.#families.set(key, family)
    if (this.#families.size > MAX_FAMILIES) {
      // Not closed: a connection may still use it. It goes when nobody does.
      this.#families.delete(/** @type {string} */ (this.#families.keys().next().value))
    }
    return family
  }

  /** @param {ReadonlyMap<string, string>} schemas */
  #learnt(schemas) {
    const inside = /** @type {any} */ (this.#gate)[INSIDE]
    try {
      return inside.learn(published(schemas), this.#held)
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'policy.invalid') {
        throw error
      }
    }
    // Some schema is none that can be held against: only the kinds of its arguments are known then.
    const learns = (/** @type {[string, string]} */ tool, /** @type {Held} */ held) => {
      try {
        inside.learn(published([tool]), held).close()
        return true
      } catch {
        return false
      }
    }
    const usable = []
    const others = []
    for (const tool of schemas) {
      if (learns(tool, this.#held)) {
        usable.push(tool)
      } else {
        warnOf(tool[0])
        if (learns(tool, 'off')) {
          others.push(tool)
        }
      }
    }
    return inside.learn(published(others), 'off')[INSIDE].learn(published(usable), this.#held)
  }
}

/** The annotations that say what a tool does. */
const HINTS = new Set(['readOnlyHint', 'destructiveHint'])
/** Characters of a title or a description that are passed on; kinds are told from fewer. */
const MAX_WORDS = 1024

/**
 * What is used of a tool's definition, as JSON.
 *
 * @param {string} schema the JSON of it
 * @param {any} tool
 */
function definitionOf(schema, { title, description, annotations }) {
  const words = [title, description].map((text) =>
    JSON.stringify(typeof text === 'string' ? text.slice(0, MAX_WORDS).toWellFormed() : null),
  )
  const hints = Object.entries(annotations ?? {}).filter(
    ([name, value]) => HINTS.has(name) && typeof value === 'boolean',
  )
  const last = JSON.stringify(Object.fromEntries(hints.sort()))
  return `{"schema":${schema},"title":${words[0]},"description":${words[1]},"annotations":${last}}`
}

/**
 * The tools of a list that have a schema, each with its definition.
 *
 * @param {any[]} tools
 * @returns {[string, string][]}
 */
function definitionsOf(tools) {
  const usable = tools.filter(
    (tool) =>
      typeof tool?.name === 'string' && typeof tool.inputSchema === 'object' && tool.inputSchema !== null,
  )
  return usable.map((tool) => [tool.name, definitionOf(JSON.stringify(tool.inputSchema), tool)])
}

/**
 * What servers publish, as the native library takes it.
 *
 * @param {Iterable<[string, string]>} schemas
 */
function published(schemas) {
  const members = [...schemas].map(([name, text]) => `${JSON.stringify(name)}:${text}`)
  return `{${members.join()}}`
}

/**
 * What a schema says of the kinds of its arguments: all that is used of it where the server validates by itself.
 * Servers of one process whose schemas differ in values alone share a gate.
 *
 * @param {[string, string]} tool
 * @returns {[string, unknown]}
 */
function kindsOf([name, text]) {
  try {
    const { schema, title, description, annotations } = JSON.parse(text)
    return [name, [inferKinds(schema, { name, title, description }), annotations]]
  } catch {
    return [name, undefined]
  }
}

/**
 * @param {ReadonlyMap<string, string>} some
 * @param {ReadonlyMap<string, string>} others
 */
function isSame(some, others) {
  return [...others].every(([name, text]) => some.get(name) === text)
}

/** @param {string} name */
function warnOf(name) {
  process.emitWarning(`the schema of a tool cannot be used: its calls are not held against it`, {
    type: 'CallgateWarning',
    code: 'CALLGATE_TOOL_SCHEMA',
    detail: JSON.stringify(name.slice(0, 64)),
  })
}

/** @type {WeakMap<Gate, Map<Held, Families>>} */
const ofGates = new WeakMap()

/**
 * @param {Gate} gate
 * @param {Held} held
 */
function familiesOf(gate, held) {
  const known = ofGates.get(gate) ?? new Map()
  const families = known.get(held) ?? new Families(gate, held)
  known.set(held, families)
  ofGates.set(gate, known)
  return families
}

module.exports = { Families, definitionOf, definitionsOf, familiesOf, warnOf }
