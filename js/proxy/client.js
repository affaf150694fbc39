// @ts-check
'use strict'

// A client that asks a server what it says of itself, and nothing else.

const { Gate } = require('../../index.js')
const { Child } = require('./child.js')
const { lineOf } = require('../mcp/line.js')
const { version } = require('../../package.json')

/** @import { ReadMessage } from '../../index.js' */
/** @import { Tool } from './lock.js' */

/** Pages of tools that are read. */
const MAX_PAGES = 100
const MAX_TOOLS = 10000

const GREETING = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'callgate', version },
}
/** What each request says where a server knows no greeting. */
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': GREETING.clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** @typedef {{ code: number, message: string }} RpcError */

class Client {
  #child
  #reader
  #next = 1
  /** @type {Map<number, (message: ReadMessage | undefined) => void>} */
  #waiting = new Map()

  /** @param {InstanceType<typeof Child>} child */
  constructor(child) {
    this.#child = child
    this.#reader = new Gate({}).messageReader()
    child.stdout?.on('data', (chunk) => {
      for (const message of this.#reader.read(chunk)) {
        this.#take(message)
      }
    })
    child.ended.then(() => {
      for (const answer of this.#waiting.values()) {
        answer(undefined)
      }
    })
  }

  /**
   * @param {string} method
   * @param {object} params
   * @returns {Promise<any>} the result
   */
  async ask(method, params) {
    const id = this.#next++
    const answered = new Promise((resolve) => this.#waiting.set(id, resolve))
    this.#send({ jsonrpc: '2.0', id, method, params })
    const message = await answered
    this.#waiting.delete(id)
    if (message === undefined) {
      throw new Error(`the server ended before it answered ${method}`)
    }
    if (message.verdict.action === 'deny') {
      throw new Error(`the answer to ${method} was refused: ${message.verdict.findings[0].message}`)
    }
    const { result, error } = message.value
    if (error !== undefined) {
      throw Object.assign(new Error(`the server answered ${method} with an error: ${error.message}`), {
        rpc: true,
      })
    }
    return result
  }

  /** @param {string} method */
  tell(method) {
    this.#send({ jsonrpc: '2.0', method })
  }

  /** @param {ReadMessage} message */
  #take(message) {
    const { kind, id } = message
    if (kind === 'request' && message.verdict.action !== 'deny') {
      const answer =
        message.method === 'ping' ? { result: {} } : { error: { code: -32601, message: 'not supported' } }
      this.#send({ jsonrpc: '2.0', id, ...answer })
    } else if (kind !== 'notification') {
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
    if (/** @type {{ rpc?: boolean }} */ (thrown).rpc !== true) {
      throw thrown
    }
    const params = { _meta: MODERN }
    return { introduction: await client.ask('server/discover', params), params }
  }
}

/**
 * @param {Client} client
 * @param {object} params
 */
async function listTools(client, params) {
  /** @type {Tool[]} */
  const tools = []
  let cursor
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = await client.ask('tools/list', cursor === undefined ? params : { ...params, cursor })
    if (!Array.isArray(result?.tools) || tools.length + result.tools.length > MAX_TOOLS) {
      break
    }
    tools.push(...result.tools)
    cursor = result.nextCursor
    if (cursor === undefined) {
      return tools
    }
  }
  throw new Error('the list of tools is not one, or has no end')
}

/**
 * Starts a server and asks what it says of itself; ends it again.
 *
 * @param {string[]} command
 * @param {{ timeout: number, grace: number }} options milliseconds
 * @returns {Promise<{ instructions: string | null, tools: Tool[] }>}
 */
async function describe(command, { timeout, grace }) {
  const child = new Child(command, grace)
  const timer = setTimeout(() => child.kill(), timeout)
  const onExit = () => child.kill()
  process.on('exit', onExit)
  try {
    const client = new Client(child)
    const { introduction, params } = await greet(client)
    // A server that names its abilities, and not this one, has no tools.
    const has = introduction?.capabilities?.tools !== undefined
    const tools = has ? await listTools(client, params) : []
    const names = new Set(tools.map(({ name }) => name))
    if (names.size !== tools.length || tools.some(({ name }) => typeof name !== 'string')) {
      throw new Error('two of its tools have one name, or one has none')
    }
    return { instructions: introduction?.instructions ?? null, tools }
  } catch (thrown) {
    const { error } = await Promise.race([child.ended, Promise.resolve({ error: undefined })])
    throw error ?? thrown
  } finally {
    clearTimeout(timer)
    child.finish()
    await child.ended
    process.off('exit', onExit)
  }
}

module.exports = { describe }
