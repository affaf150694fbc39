// @ts-check
'use strict'

// What tools the server has, so that the arguments of calls are judged by what they are: learnt from the lists that the
// client asks for, and asked for where a call comes before them.

const { randomUUID } = require('node:crypto')
const { cursorOf } = require('../mcp/cursor.js')

/** Pages of a list that are asked for. */
const MAX_PAGES = 100
/** Tools that are learnt; what stands behind them is judged by its content. */
const MAX_TOOLS = 10_000
/** How long the server may take before that is told, and before calls are refused for it (milliseconds). */
const SLOW = 10_000
const TOO_SLOW = 30_000

const LIST = 'tools/list'
/** The code of a method that the other side does not have. */
const NO_METHOD = -32601
/**
 * Requests of our own whose answers nobody waits for any more, and that may still be answered. While there are as many, a
 * list that changed is asked for anew only once the last request is answered.
 */
const MAX_LEFT = 64

/** @typedef {{ name: string, [member: string]: unknown }} Definition */

/**
 * Our own way through the list.
 *
 * @typedef {object} Walk
 * @property {number} page that is waited for, from 1
 * @property {Map<string, Definition>} tools of the pages so far
 * @property {string} id of the request that is not answered
 * @property {object} params that each request has
 * @property {boolean} isStale whether the tools changed since, so that its answer tells nothing
 * @property {NodeJS.Timeout[]} timers
 */

class Listing {
  #ask
  #learnt
  #settled
  #isReady
  #tell
  /** @type {Map<string, Definition>} */
  #tools = new Map()
  /** Whether the list was read to its end since it last changed. */
  #isWhole = false
  /** Whether the server said that its tools are others now, and no list came since. */
  #isStale = false
  /** Whether the server listed more tools than are learnt. */
  #isCut = false
  /** The cursors that the client asks with, by the id of the request. @type {Map<unknown, unknown>} */
  #walks = new Map()
  /** The cursor that goes on where the client is, of pages that were read from the start. @type {unknown} */
  #next
  /** @type {Walk | undefined} */
  #walk
  /** @type {Set<unknown>} */
  #left = new Set()

  /**
   * @param {object} options
   * @param {(request: { id: string, method: string, params: object }) => void} options.ask sends a request to the server
   * @param {(tools: ReadonlyMap<string, Definition>, isWhole: boolean) => void} options.learnt takes what is known now, and
   *   whether that is all
   * @param {(fault?: string) => void} options.settled told when a list that was asked for is there, or why it will not be
   * @param {() => boolean} options.isReady whether the server takes requests, so that what it does not have it never will
   * @param {(text: string) => void} options.tell
   */
  constructor({ ask, learnt, settled, isReady, tell }) {
    this.#ask = ask
    this.#learnt = learnt
    this.#settled = settled
    this.#isReady = isReady
    this.#tell = tell
  }

  /**
   * Whether a call of a tool can be judged.
   *
   * @param {string} tool
   */
  knows(tool) {
    return this.#isWhole || (this.#tools.has(tool) && !this.#isStale)
  }

  /**
   * Whether the server lists its tools, and not this one.
   *
   * @param {string} tool
   */
  lacks(tool) {
    return this.#isWhole && !this.#isCut && this.#tools.size > 0 && !this.#tools.has(tool)
  }

  /**
   * The JSON of the schema that the structured content of a tool has.
   *
   * @param {string} tool
   * @returns {string | undefined}
   */
  outputOf(tool) {
    const schema = this.#tools.get(tool)?.outputSchema
    return typeof schema === 'object' && schema !== null ? JSON.stringify(schema) : undefined
  }

  /** The server says that its tools are others now. */
  changed() {
    this.#isWhole = false
    this.#isStale = true
    this.#walks.clear()
    const walk = this.#walk
    if (walk !== undefined && this.#left.size < MAX_LEFT) {
      this.#left.add(walk.id)
      this.#restart(walk)
    } else if (walk !== undefined) {
      walk.isStale = true
    }
  }

  /** The server knows its client now: what it listed before, or did not, is not what it lists from now on. */
  greeted() {
    if (this.#isWhole || this.#tools.size > 0 || this.#walk !== undefined) {
      this.changed()
    }
  }

  /**
   * What the client asks for.
   *
   * @param {string | number} id
   * @param {any} params
   */
  asked(id, params) {
    this.#walks.set(id, cursorOf(params?.cursor))
    if (this.#walks.size > MAX_PAGES) {
      this.#walks.delete(this.#walks.keys().next().value)
    }
  }

  /**
   * A page that the client gets.
   *
   * @param {string | number} id
   * @param {any} result
   */
  answered(id, result) {
    if (!this.#walks.has(id)) {
      // Asked for before the server said that its tools changed.
      return
    }
    const cursor = this.#walks.get(id)
    this.#walks.delete(id)
    const isNext = cursor === undefined || cursor === this.#next
    if (!Array.isArray(result?.tools)) {
      return
    }
    if (cursor === undefined && this.#isStale) {
      this.#tools = new Map()
    }
    this.#add(this.#tools, result.tools)
    if (isNext) {
      this.#isStale = false
      this.#next = cursorOf(result.nextCursor)
      this.#isWhole ||= this.#next === undefined
    }
    this.#learnt(this.#tools, this.#isWhole)
  }

  /**
   * Asks for the list, unless it is asked for already.
   *
   * @param {object} params that every request of the client has
   */
  need(params) {
    if (this.#walk === undefined) {
      this.#start(params)
    }
  }

  /**
   * Whether an answer is one to a request of our own.
   *
   * @param {unknown} id
   */
  isOwn(id) {
    return (this.#walk !== undefined && this.#walk.id === id) || this.#left.has(id)
  }

  /**
   * The answer to a request of our own. One that failed tells nothing of the tools: calls are refused, and the next one
   * asks again.
   *
   * @param {unknown} id
   * @param {any} [message] none where it could not be read
   */
  take(id, message) {
    const walk = this.#walk
    if (this.#left.delete(id) || walk === undefined) {
      return
    }
    if (walk.isStale) {
      this.#restart(walk)
      return
    }
    const { result, error } = message ?? {}
    if (message === undefined || (error === undefined && !Array.isArray(result?.tools))) {
      this.#stop('its list of tools cannot be read')
    } else if (error !== undefined) {
      if (error?.code === NO_METHOD && this.#isReady()) {
        // It has no tools that it would name.
        this.#tell('the server does not list its tools: arguments are judged by their content alone')
        this.#finish(walk.tools)
      } else {
        this.#stop('it does not list its tools')
      }
    } else {
      this.#add(walk.tools, result.tools)
      const nextCursor = cursorOf(result.nextCursor)
      if (nextCursor === undefined) {
        this.#finish(walk.tools)
      } else if (walk.page >= MAX_PAGES) {
        this.#stop('its list of tools has no end')
      } else {
        walk.page += 1
        this.#send({ ...walk.params, cursor: nextCursor })
      }
    }
  }

  /** Nothing is waited for any more. */
  close() {
    for (const timer of this.#walk?.timers ?? []) {
      clearTimeout(timer)
    }
    this.#walk = undefined
  }

  /** An answer may still come to what was asked. */
  #leave() {
    if (this.#walk !== undefined && this.#left.size < MAX_LEFT) {
      this.#left.add(this.#walk.id)
    }
    this.close()
  }

  /** @param {object} params */
  #start(params) {
    this.#leave()
    const slow = setTimeout(() => this.#tell(`the server has not answered ${LIST} for 10 seconds`), SLOW)
    const late = setTimeout(() => {
      this.#leave()
      this.#settled('it did not list its tools in time')
    }, TOO_SLOW)
    this.#walk = {
      page: 1,
      tools: new Map(),
      id: '',
      params,
      isStale: false,
      timers: [slow.unref(), late.unref()],
    }
    this.#send(params)
  }

  /**
   * Asks from the first page on. However often that happens, the server has no more time than it had.
   *
   * @param {Walk} walk
   */
  #restart(walk) {
    walk.page = 1
    walk.tools = new Map()
    walk.isStale = false
    this.#send(walk.params)
  }

  /**
   * @param {Map<string, Definition>} tools
   * @param {any[]} list
   */
  #add(tools, list) {
    for (const tool of list) {
      const { name } = tool ?? {}
      if (typeof name !== 'string') {
        continue
      }
      if (tools.size < MAX_TOOLS || tools.has(name)) {
        tools.set(name, tool)
      } else if (!this.#isCut) {
        this.#isCut = true
        this.#tell(
          `the server lists more than ${MAX_TOOLS} tools: of the others arguments are judged by their content alone`,
        )
      }
    }
  }

  /** @param {object} params */
  #send(params) {
    const id = `callgate-${randomUUID()}`
    if (this.#walk !== undefined) {
      this.#walk.id = id
    }
    this.#ask({ id, method: LIST, params })
  }

  /** @param {Map<string, Definition>} tools */
  #finish(tools) {
    this.close()
    this.#tools = tools
    this.#isWhole = true
    this.#isStale = false
    this.#learnt(tools, true)
    this.#settled()
  }

  /** @param {string} fault */
  #stop(fault) {
    this.close()
    this.#settled(fault)
  }
}

module.exports = { Listing }
