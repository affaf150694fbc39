// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { Held } from './families.js' */

const { setImmediate } = require('node:timers/promises')
const { cursorOf } = require('./cursor.js')
const { definitionOf, definitionsOf, familiesOf, warnOf } = require('./families.js')
const { shapeOf } = require('./shapes.js')

const LIST = 'tools/list'

/** Pages of a list that are asked for. */
const MAX_PAGES = 64
/** How long each may take before the server connects, and while a call waits for it (milliseconds). */
const SHORT_WAIT = 2000
const LONG_WAIT = 30_000

/** @type {Record<'input' | 'output', WeakMap<object, string>>} */
const converted = { input: new WeakMap(), output: new WeakMap() }
/** @type {WeakMap<object, string>} */
const shapes = new WeakMap()

/** Ways in which a schema tells its JSON, what has none of its own as anything at all. */
const TELLS = [
  (/** @type {any} */ schema, /** @type {string} */ io) =>
    schema['~standard']?.jsonSchema?.[io]({
      target: 'draft-2020-12',
      libraryOptions: { unrepresentable: 'any' },
    }),
  (/** @type {any} */ schema, /** @type {string} */ io) =>
    schema['~standard']?.jsonSchema?.[io]({ target: 'draft-2020-12' }),
  (/** @type {any} */ schema, /** @type {string} */ io) =>
    schema.toJSONSchema?.({ io, unrepresentable: 'any' }),
]

/**
 * What a schema tells of itself.
 *
 * @param {any} schema a Standard Schema
 * @param {'input' | 'output'} io
 * @returns {any}
 */
function toldBy(schema, io) {
  for (const tells of TELLS) {
    try {
      const json = tells(schema, io)
      if (json !== undefined) {
        return json
      }
    } catch {
      // What has no JSON Schema this way may have one in another.
    }
  }
  return undefined
}

/**
 * The JSON of a schema that can tell it by itself.
 *
 * @param {any} schema a Standard Schema
 * @param {'input' | 'output'} [io]
 * @returns {string | undefined}
 */
function jsonOf(schema, io = 'input') {
  return kept(converted[io], schema, () => toldBy(schema, io))
}

/**
 * The same of one that cannot, as far as its shape is known.
 *
 * @param {any} schema
 * @returns {string | undefined}
 */
function shapeIn(schema) {
  return kept(shapes, schema, () => {
    try {
      return shapeOf(schema, (inner) => toldBy(inner, 'input'))
    } catch {
      // It is built in another way than it says.
      return undefined
    }
  })
}

/** @param {any} value */
function isStandard(value) {
  return typeof value === 'object' && value !== null && (value['~standard'] ?? value._def) !== undefined
}

/**
 * The JSON Schema of what `registerTool` and lists of tools have as one: a Standard Schema, an object of them, or JSON.
 *
 * @param {any} schema
 * @returns {string | undefined} none where nobody can read it
 */
function schemaIn(schema) {
  const textOf = (/** @type {any} */ one) => jsonOf(one) ?? shapeIn(one)
  if (isStandard(schema)) {
    return textOf(schema)
  }
  if (typeof schema !== 'object' || schema === null) {
    return undefined
  }
  const members = Object.entries(schema)
  if (members.length > 0 && members.every(([, member]) => isStandard(member))) {
    const properties = members.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member) ?? '{}'}`)
    return `{"type":"object","properties":{${properties.join()}}}`
  }
  return JSON.stringify(schema)
}

/**
 * @param {WeakMap<object, string>} cache
 * @param {object} schema
 * @param {() => unknown} make
 */
function kept(cache, schema, make) {
  const known = cache.get(schema)
  if (known !== undefined) {
    return known
  }
  const json = make()
  if (json === undefined) {
    return undefined
  }
  const text = JSON.stringify(json)
  cache.set(schema, text)
  return text
}

/**
 * Whether a schema that a server publishes names any argument.
 *
 * @param {any} schema
 */
function namesAny(schema) {
  const { properties, additionalProperties } = schema ?? {}
  const isObject = (/** @type {unknown} */ value) => typeof value === 'object' && value !== null
  return (
    (isObject(properties) && Object.keys(properties).length > 0) ||
    isObject(additionalProperties) ||
    ['anyOf', 'oneOf', 'allOf', '$ref', 'patternProperties'].some(
      (name) => isObject(schema?.[name]) || typeof schema?.[name] === 'string',
    )
  )
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
  /** @type {Map<string, any>} tools as the server listed them last, where what is registered does not tell all */
  #listed = new Map()
  /** @type {Set<string>} tools whose schemas nobody can read; each is told of once */
  #untold = new Set()
  /** Whether the server lists its tools on more pages than are asked for. */
  #isCut = false
  /** The list that is asked for by a call. @type {{ extra: any, isThere: Promise<boolean> } | undefined} */
  #asked

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
   * What is known of each tool, as `tools/list` would answer it; `undefined` while that is nothing.
   *
   * @returns {readonly object[] | undefined}
   */
  get known() {
    if (this.#atOnce) {
      this.#readRegistry()
      return definitionsIn(this.#registry, this.#family.schemas)
    }
    const { schemas } = this.#family
    return schemas.size === 0 ? undefined : [...schemas].map(([name, text]) => publishedOf(name, text))
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
      if (this.#atOnce && this.#readRegistry()) {
        return
      }
      if (!this.#atOnce) {
        // Until they are listed anew, calls ask for them.
        this.#listed = new Map()
      }
      const tools = await this.#read(SHORT_WAIT)
      if (this.#atOnce) {
        this.#listed = tools === undefined ? this.#listed : named(tools)
        this.#readRegistry()
        this.#tellUntold()
      } else if (tools !== undefined) {
        this.#listed = named(tools)
        this.learn(tools)
      }
    } catch {
      // What is known stays as it was.
    }
  }

  /**
   * Whether a call of a tool can be judged. Where there is no list of tools, nothing more will be known of any.
   *
   * @param {string} name
   */
  knows(name) {
    return this.#atOnce || this.#listed.has(name) || listOf(this.#inner) === undefined
  }

  /**
   * Asks the server what its tools are, as the client of a call would; whether that was told.
   *
   * @param {any} extra what came with the call
   * @returns {Promise<boolean>}
   */
  ask(extra) {
    if (this.#asked === undefined || this.#asked.extra?.authInfo !== extra?.authInfo) {
      const isThere = this.#askedFor(extra)
      const asked = { extra, isThere }
      this.#asked = asked
      const forget = () => {
        this.#asked = this.#asked === asked ? undefined : this.#asked
      }
      isThere.then(forget, forget)
    }
    return this.#asked.isThere
  }

  /** @param {any} extra */
  async #askedFor(extra) {
    // What came before the call is served by then.
    await setImmediate()
    const tools = await this.#read(LONG_WAIT, extra)
    if (tools !== undefined) {
      this.learnIfAsked(tools)
    }
    return tools !== undefined
  }

  /** Whether the server has tools that are in no page of its list that was read. */
  get isCut() {
    return this.#isCut
  }

  /**
   * The tools that the server lists.
   *
   * @param {number} wait milliseconds for each page
   * @param {any} [extra] what came with the request of a client
   */
  async #read(wait, extra) {
    const list = await listed(this.#inner, wait, extra)
    if (list?.isCut && !this.#isCut) {
      this.#isCut = true
      process.emitWarning(
        `a guarded server lists its tools on more than ${MAX_PAGES} pages: of the others arguments are judged by their content alone`,
        { type: 'CallgateWarning', code: 'CALLGATE_TOOL_LIST' },
      )
    }
    return list?.tools
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

  /** The tools that are known, as a list tells them. */
  get definitions() {
    const { schemas } = this.#family
    const names = this.#atOnce ? Object.keys(this.#registry) : [...this.#listed.keys()]
    return names.map((name) => {
      const definition = schemas.get(name)
      return definition === undefined ? { name, inputSchema: {} } : publishedOf(name, definition)
    })
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
    for (const [name, tool] of named(tools)) {
      this.#listed.set(name, tool)
    }
    const definitions = definitionsOf(tools)
    const { schemas } = this.#family
    if (definitions.some(([name, text]) => schemas.get(name) !== text)) {
      this.#use(new Map([...schemas, ...definitions]))
    }
  }

  /** Reads what is registered; whether all schemas tell their JSON by themselves. */
  #readRegistry() {
    const schemas = new Map()
    let all = true
    for (const [name, tool] of Object.entries(/** @type {any} */ (this.#registry))) {
      const { inputSchema } = tool
      this.#seen.set(name, inputSchema)
      if (inputSchema !== undefined) {
        const own = jsonOf(inputSchema)
        all &&= own !== undefined
        const text = own ?? this.#publishedOf(name, inputSchema)
        if (text !== undefined) {
          schemas.set(name, definitionOf(text, tool))
        }
      }
    }
    this.#use(schemas)
    return all
  }

  /**
   * The JSON of a schema that does not tell it: as the server lists it, or else as its shape is.
   *
   * @param {string} name
   * @param {any} inputSchema
   */
  #publishedOf(name, inputSchema) {
    const listed = this.#listed.get(name)?.inputSchema
    return (namesAny(listed) ? JSON.stringify(listed) : undefined) ?? shapeIn(inputSchema)
  }

  /** Tells of the tools whose arguments are judged by their content alone, as nobody can read their schemas. */
  #tellUntold() {
    for (const [name, { inputSchema }] of Object.entries(/** @type {any} */ (this.#registry))) {
      const isTold =
        inputSchema === undefined ||
        (jsonOf(inputSchema) ?? this.#publishedOf(name, inputSchema)) !== undefined ||
        this.#untold.has(name)
      if (!isTold) {
        this.#untold.add(name)
        warnOf(name)
      }
    }
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
 * The handler of a server that lists its tools.
 *
 * @param {any} inner
 * @returns {((request: object, context: object) => Promise<unknown>) | undefined}
 */
function listOf(inner) {
  const handler = inner._requestHandlers?.get(LIST)
  return typeof handler === 'function' ? handler : undefined
}

/**
 * @param {string} name
 * @param {string} definition the JSON of it, as `definitionOf` writes it
 */
function publishedOf(name, definition) {
  const { schema, ...words } = JSON.parse(definition)
  return { name, ...words, inputSchema: schema }
}

/**
 * The tools of a registry; `undefined` where a schema does not tell its JSON, and nothing else does.
 *
 * @param {Record<string, any>} registry
 * @param {ReadonlyMap<string, string>} [definitions]
 * @returns {object[] | undefined}
 */
function definitionsIn(registry, definitions = new Map()) {
  const tools = []
  for (const [name, tool] of Object.entries(registry)) {
    const { title, description, inputSchema } = tool
    const json = inputSchema === undefined ? undefined : jsonOf(inputSchema)
    const definition = json === undefined ? definitions.get(name) : definitionOf(json, tool)
    if (definition !== undefined) {
      tools.push(publishedOf(name, definition))
    } else if (inputSchema === undefined) {
      tools.push({ name, title, description, inputSchema: { type: 'object' } })
    } else {
      return undefined
    }
  }
  return tools
}

/**
 * The tools that the server's own handler lists. It is asked as a client would ask it.
 *
 * @param {any} inner
 * @param {number} wait milliseconds for each page
 * @param {any} [extra] what came with the request of a client
 * @returns {Promise<{ tools: any[], isCut: boolean } | undefined>} `isCut`: there are more pages than are asked for
 */
async function listed(inner, wait, extra) {
  const handler = listOf(inner)
  if (handler === undefined) {
    return undefined
  }
  const tools = []
  try {
    /** @type {unknown} */
    let cursor
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor }
      const request = { jsonrpc: '2.0', id: 'callgate', method: LIST, params }
      const result = /** @type {any} */ (await inTime(handler(request, contextOf(extra)), wait))
      tools.push(...result.tools)
      cursor = cursorOf(result.nextCursor)
      if (cursor === undefined) {
        return { tools, isCut: false }
      }
    }
  } catch {
    return undefined
  }
  return { tools, isCut: true }
}

/**
 * Tools by their names.
 *
 * @param {any[]} tools
 * @returns {Map<string, any>}
 */
function named(tools) {
  return new Map(tools.filter((tool) => typeof tool?.name === 'string').map((tool) => [tool.name, tool]))
}

/**
 * What handlers of both lines are given beside the request, for one that came from nobody.
 *
 * @param {any} [extra] what came with the request of a client, from whom it is then
 */
function contextOf(extra) {
  const { signal } = new AbortController()
  const tell = async () => {}
  const ask = async () => {
    throw new Error('there is no client')
  }
  const { authInfo, requestInfo, request, sessionId } = extra ?? {}
  const from = {
    ...(authInfo && { authInfo }),
    ...(requestInfo && { requestInfo }),
    ...(sessionId && { sessionId }),
  }
  return {
    ...from,
    ...((authInfo ?? request) && {
      http: { ...(authInfo && { authInfo }), ...(request && { req: request }) },
    }),
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
 * @param {number} wait milliseconds
 * @returns {Promise<T>}
 */
async function inTime(promise, wait) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), wait)
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([promise, late]))
  } finally {
    clearTimeout(timer)
  }
}

module.exports = { Tools, definitionsIn, schemaIn }
