// @ts-check
'use strict'

// A client that asks a server what it says of itself, and nothing else.

const { setTimeout: sleep } = require('node:timers/promises')
const { Gate } = require('../../index.js')
const { Child } = require('./child.js')
const { cursorOf } = require('../mcp/cursor.js')
const { lineOf } = require('../mcp/line.js')
const { exactly } = require('./lock.js')
const { version } = require('../../package.json')

/** @import { ReadMessage } from '../../index.js' */
/** @import { Described, Entry } from './lock.js' */

/** Pages of a list that are read. */
const MAX_PAGES = 100
const MAX_ENTRIES = 10_000
/** How long a server may take to say that its tools are others for this client, and how often (milliseconds). */
const SETTLE = 300
const MAX_CHANGES = 5

/** What hosts can do: servers have other tools for a client that can less. */
const CAPABILITIES = { roots: { listChanged: true }, sampling: {}, elicitation: {} }
const GREETING = {
  protocolVersion: '2025-11-25',
  capabilities: CAPABILITIES,
  clientInfo: { name: 'callgate', version },
}
/** What each request says where a server knows no greeting. */
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': GREETING.clientInfo,
  'io.modelcontextprotocol/clientCapabilities': CAPABILITIES,
}
/** How a user answers who grants nothing. */
const ANSWERS = new Map([
  ['ping', { result: {} }],
  ['roots/list', { result: { roots: [] } }],
  ['elicitation/create', { result: { action: 'decline' } }],
  ['sampling/createMessage', { error: { code: -1, message: 'declined' } }],
])
const UNKNOWN = { error: { code: -32601, message: 'not supported' } }
const CHANGED = 'notifications/tools/list_changed'

/** An answer that is an error. */
class RpcError extends Error {}

class Client {
  #child
  #reader
  #next = 1
  #isLate = false
  /** @type {Map<number, (message: ReadMessage | undefined) => void>} */
  #waiting = new Map()
  /** How often the server said that its tools changed. */
  changes = 0

  /** @param {InstanceType<typeof Child>} child */
  constructor(child) {
    this.#child = child
    this.#reader = new Gate({}).messageReader()
    child.stdout?.on('data', (chunk) => {
      for (const message of this.#reader.read(chunk)) {
        this.#take(message)
      }
    })
    child.ended.then(() => this.#giveUp())
  }

  /** The time is over: nothing more is waited for. */
  late() {
    this.#isLate = true
    this.#giveUp()
  }

  #giveUp() {
    for (const answer of this.#waiting.values()) {
      answer(undefined)
    }
  }

  /**
   * @param {string} method
   * @param {object} params
   * @returns {Promise<any>} the result, with numbers as they are written
   */
  async ask(method, params) {
    const id = this.#next++
    const answered = new Promise((resolve) => this.#waiting.set(id, resolve))
    this.#send({ jsonrpc: '2.0', id, method, params })
    const message = this.#isLate ? undefined : await answered
    this.#waiting.delete(id)
    if (message === undefined) {
      throw new Error(
        this.#isLate
          ? `the server did not answer ${method} in time`
          : `the server ended before it answered ${method}`,
      )
    }
    if (message.verdict.action === 'deny') {
      throw new Error(`the answer to ${method} was refused: ${message.verdict.findings[0].message}`)
    }
    const { error } = message.value
    if (error !== undefined) {
      throw new RpcError(`the server answered ${method} with an error: ${error.message}`)
    }
    return exactly(message.text).result
  }

  /** @param {string} method */
  tell(method) {
    this.#send({ jsonrpc: '2.0', method })
  }

  /** @param {ReadMessage} message */
  #take(message) {
    const { kind, id, method } = message
    if (kind === 'request' && message.verdict.action !== 'deny') {
      this.#send({ jsonrpc: '2.0', id, ...(ANSWERS.get(method ?? '') ?? UNKNOWN) })
    } else if (kind === 'notification') {
      this.changes += Number(method === CHANGED)
    } else {
      this.#waiting.get(/** @type {number} */ (id))?.(message)
    }
  }

  /** @param {object} message */
  #send(message) {
    if (this.#child.stdin?.writable) {
      this.#child.stdin.write(`${lineOf(message)}\n`)
    }
  }
}

/**
 * @param {Client} client
 * @returns {Promise<{ introduction: any, params: object }>} what goes with every request besides
 */
async function greet(client) {
  try {
    const introduction = await client.ask('initialize', GREETING)
    client.tell('notifications/initialized')
    return { introduction, params: {} }
  } catch (thrown) {
    if (!(thrown instanceof RpcError)) {
      throw thrown
    }
    const params = { _meta: MODERN }
    try {
      return { introduction: await client.ask('server/discover', params), params }
    } catch (second) {
      // One that does not know the other greeting either failed at the first.
      throw second instanceof RpcError ? thrown : second
    }
  }
}

/**
 * All entries of a list.
 *
 * @param {Client} client
 * @param {string} method
 * @param {string} member that holds them
 * @param {object} params
 */
async function listed(client, method, member, params) {
  /** @type {Entry[]} */
  const entries = []
  let cursor
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = await client.ask(method, cursor === undefined ? params : { ...params, cursor })
    const more = result?.[member]
    if (!Array.isArray(more) || entries.length + more.length > MAX_ENTRIES) {
      break
    }
    entries.push(...more)
    cursor = cursorOf(result.nextCursor)
    if (cursor === undefined) {
      return entries
    }
  }
  throw new Error(`the answer to ${method} is no list, or has no end`)
}

/**
 * The same, of what a server need not have.
 *
 * @param {Client} client
 * @param {string} method
 * @param {string} member
 * @param {object} params
 */
async function listedIfAny(client, method, member, params) {
  try {
    return await listed(client, method, member, params)
  } catch (thrown) {
    if (thrown instanceof RpcError) {
      return []
    }
    throw thrown
  }
}

/**
 * The tools, once the server has got over having met its client.
 *
 * @param {Client} client
 * @param {object} params
 */
async function listTools(client, params) {
  /** @type {Entry[]} */
  let tools = []
  for (let round = 0; round <= MAX_CHANGES; round++) {
    const { changes } = client
    tools = await listed(client, 'tools/list', 'tools', params)
    await sleep(SETTLE)
    if (changes === client.changes) {
      break
    }
  }
  const names = new Set(tools.map(({ name }) => name))
  if (names.size !== tools.length || tools.some(({ name }) => typeof name !== 'string')) {
    throw new Error('two of its tools have one name, or one has none')
  }
  return tools
}

/**
 * Starts a server and asks what it says of itself; ends it again.
 *
 * @param {string[]} command
 * @param {{ timeout: number, grace: number }} options milliseconds
 * @returns {Promise<Described>}
 */
async function describe(command, { timeout, grace }) {
  const child = new Child(command, grace)
  const client = new Client(child)
  const timer = setTimeout(() => client.late(), timeout)
  const onExit = () => child.kill()
  process.on('exit', onExit)
  try {
    const { introduction, params } = await greet(client)
    // A server that names its abilities, and not this one, has none of these.
    const has = (/** @type {string} */ ability) => introduction?.capabilities?.[ability] !== undefined
    const tools = has('tools') ? await listTools(client, params) : []
    const list = (
      /** @type {string} */ ability,
      /** @type {string} */ method,
      /** @type {string} */ member,
    ) => (has(ability) ? listedIfAny(client, method, member, params) : [])
    return {
      instructions: introduction?.instructions ?? null,
      serverInfo: introduction?.serverInfo ?? null,
      tools,
      prompts: await list('prompts', 'prompts/list', 'prompts'),
      resources: await list('resources', 'resources/list', 'resources'),
      resourceTemplates: await list('resources', 'resources/templates/list', 'resourceTemplates'),
    }
  } catch (thrown) {
    const ended = await Promise.race([child.ended, Promise.resolve(undefined)])
    if (ended?.error !== undefined) {
      throw ended.error
    }
    const how = ended?.signal ?? (ended?.code ? `exit code ${ended.code}` : undefined)
    throw how === undefined ? thrown : new Error(`${/** @type {Error} */ (thrown).message} (${how})`)
  } finally {
    clearTimeout(timer)
    child.finish()
    await child.ended
    process.off('exit', onExit)
  }
}

module.exports = { describe }
