// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { Held } from './families.js' */

const { cursorOf } = require('./cursor.js')
const { definitionOf, definitionsOf, familiesOf } = require('./families.js')

const LIST = 'tools/list'

/** Pages of a list that are asked for, and how long each may take (milliseconds). */
const MAX_PAGES = 64
const MAX_WAIT = 2000

/** @type {Record<'input' | 'output', WeakMap<object, string>>} */
const converted = { input: new WeakMap(), output: new WeakMap() }

/**
 * The JSON of a schema that can tell it by itself.
 *
 * @param {any} schema a Standard Schema
 * @param {'input' | 'output'} [io]
 * @returns {string | undefined}
 */
function jsonOf(schema, io = 'input') {
  const known = converted[io].get(schema)
  if (known !== undefined) {
    return known
  }
  let json
  try {
    json = schema['~standard']?.jsonSchema?.[io]({ target: 'draft-2020-12' }) ?? schema.toJSONSchema?.({ io })
  } catch {
    // What has no JSON Schema is left to the list of the server.
  }
  if (json === undefined) {
    return undefined
  }
  const text = JSON.stringify(json)
  converted[io].set(schema, text)
  return text
}

/**
 * What a server has registered as tools: their schemas, and the gate that knows them.
 */
class Tools {
  #families
  #family
  /** @type {any} */
  #registry
  #inner
  /** @type {Map<string, unknown>} the schema of each tool as it was when the gate came to know it */
  #seen = new Map()
  /** Whether what is registered can be told at once, without asking the server for its list. */
  #atOnce
  /** @type {(() => void)[]} */
  #changed = []
  /** @type {Map<string, string>} the schemas of structured content, as the list tells them */
  #outputs = new Map()

  /**
   * @param {any} server McpServer or Server
   * @param {any} inner its Server
   * @param {Gate} gate
   * @param {Held} held
   */
  constructor(server, inner, gate, held) {
    this.#families = familiesOf(gate, held)
    this.#family = this.#families.last
    this.#inner = inner
    this.#registry = server === inner ? undefined : server._registeredTools
    this.#atOnce = typeof this.#registry === 'object' && this.#registry !== null
  }

  /** The gate that knows the tools, as far as they are known. */
  get gate() {
    return this.#family.gate
  }

  /**
   * Called when a gate that knows more takes the place of another.
   *
   * @param {() => void} callback
   */
  onChange(callback) {
    this.#changed.push(callback)
  }

  /**
   * The gate that knows this tool as it is registered now.
   *
   * @param {string} name
   * @returns {Gate}
   */
  gateFor(name) {
    if (this.#atOnce && Object.hasOwn(this.#registry, name)) {
      const tool = this.#registry[name]
      const { inputSchema } = tool
      if (inputSchema !== undefined && this.#seen.get(name) !== inputSchema) {
        const text = jsonOf(inputSchema)
        if (text !== undefined && this.#family.schemas.get(name) === definitionOf(text, tool)) {
          this.#seen.set(name, inputSchema)
        } else {
          this.#readRegistry()
        }
      }
    }
    return this.#family.gate
  }

  /**
   * The JSON of the schema that the structured content of a tool has.
   *
   * @param {string} name
   * @returns {string | undefined}
   */
  outputOf = (name) => {
    const registered =
      this.#atOnce && Object.hasOwn(this.#registry, name) ? this.#registry[name].outputSchema : undefined
    return this.#outputs.get(name) ?? (registered === undefined ? undefined : jsonOf(registered, 'output'))
  }

  /**
   * Comes to know every tool, asking the server for its list where nothing else tells. Never fails: of a gate that was
   * closed every call is told so.
   */
  async know() {
    try {
      if (!(this.#atOnce && this.#readRegistry())) {
        const tools = await listed(this.#inner)
        if (tools !== undefined) {
          this.learn(tools)
        }
      }
    } catch {
      // What is known stays as it was.
    }
  }

  /** Whether a server that was made for one request need not be asked anything before it serves. */
  get isReady() {
    return (
      this.#atOnce &&
      Object.values(this.#registry).every(
        ({ inputSchema }) => inputSchema === undefined || inputSchema['~standard']?.jsonSchema !== undefined,
      )
    )
  }

  /**
   * Takes the schemas of a list of tools.
   *
   * @param {any[]} tools
   */
  learn(tools) {
    this.#use(new Map(definitionsOf(tools)))
  }

  /**
   * The same, of a list on its way to the client, for a server that has nothing else to tell them by.
   *
   * @param {any[]} tools
   */
  learnIfAsked(tools) {
    for (const { name, outputSchema } of tools) {
      if (typeof outputSchema === 'object' && outputSchema !== null) {
        this.#outputs.set(name, JSON.stringify(outputSchema))
      }
    }
    if (this.#atOnce) {
      return
    }
    const definitions = definitionsOf(tools)
    const { schemas } = this.#family
    if (definitions.some(([name, text]) => schemas.get(name) !== text)) {
      this.#use(new Map([...schemas, ...definitions]))
    }
  }

  /** False where a schema does not tell its JSON; the gate knows the other tools then. */
  #readRegistry() {
    const schemas = new Map()
    let all = true
    for (const [name, tool] of Object.entries(/** @type {any} */ (this.#registry))) {
      const { inputSchema } = tool
      this.#seen.set(name, inputSchema)
      const text = inputSchema === undefined ? undefined : jsonOf(inputSchema)
      if (text !== undefined) {
        schemas.set(name, definitionOf(text, tool))
      } else if (inputSchema !== undefined) {
        all = false
        const known = this.#family.schemas.get(name)
        if (known !== undefined) {
          schemas.set(name, known)
        }
      }
    }
    this.#use(schemas)
    return all
  }

  /** @param {Map<string, string>} schemas */
  #use(schemas) {
    const family = this.#families.of(schemas)
    if (family !== this.#family) {
      this.#family = family
      for (const callback of this.#changed) {
        callback()
      }
    }
  }
}

/**
 * The tools that the server's own handler lists. It is asked as a client would ask it.
 *
 * @param {any} inner
 * @returns {Promise<any[] | undefined>}
 */
async function listed(inner) {
  const handler = inner._requestHandlers?.get(LIST)
  if (typeof handler !== 'function') {
    return undefined
  }
  const tools = []
  try {
    /** @type {unknown} */
    let cursor
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor }
      const result = /** @type {any} */ (
        await inTime(handler({ jsonrpc: '2.0', id: 'callgate', method: LIST, params }, context()))
      )
      tools.push(...result.tools)
      cursor = cursorOf(result.nextCursor)
      if (cursor === undefined) {
        break
      }
    }
  } catch {
    return undefined
  }
  return tools
}

/** What handlers of both lines are given beside the request, for one that came from nobody. */
function context() {
  const { signal } = new AbortController()
  const tell = async () => {}
  const ask = async () => {
    throw new Error('there is no client')
  }
  return {
    signal,
    requestId: 'callgate',
    sendNotification: tell,
    sendRequest: ask,
    mcpReq: { id: 'callgate', method: LIST, signal, notify: tell, send: ask, log: tell },
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
async function inTime(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), MAX_WAIT)
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([promise, late]))
  } finally {
    clearTimeout(timer)
  }
}

module.exports = { Tools }
