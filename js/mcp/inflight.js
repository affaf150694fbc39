// @ts-check
'use strict'

/** @import { Id } from './answers.js' */

/** Requests of one connection that are not answered yet. Those that the peer cancels get no answer. */
class InFlight {
  /** @type {Map<Id, string>} */
  #methods = new Map()
  /** @type {Map<Id, string>} ids as they were written, of numbers that JavaScript does not keep */
  #written = new Map()
  /** @type {Map<Id, string>} the tools that are called */
  #tools = new Map()
  /** @type {Map<Id, symbol>} requests that do not reach the server yet */
  #held = new Map()
  /** @type {(() => void) | undefined} */
  #idle

  /**
   * Notes a message that goes in; false for a request whose id is taken.
   *
   * @param {any} message
   * @param {string} [writtenId]
   */
  enters({ id, method, params }, writtenId) {
    if (method === undefined) {
      return true
    }
    if (id !== undefined) {
      if (this.#methods.has(id)) {
        return false
      }
      this.#methods.set(id, method)
      if (writtenId !== undefined) {
        this.#written.set(id, writtenId)
      }
      if (method === 'tools/call' && typeof params?.name === 'string') {
        this.#tools.set(id, params.name)
      }
    } else if (method === 'notifications/cancelled') {
      this.#held.delete(params?.requestId)
      this.#leaves(params?.requestId)
    }
    return true
  }

  /**
   * A request is held back.
   *
   * @param {Id} id
   * @returns {symbol} which tells it from a later request with the same id
   */
  hold(id) {
    const token = Symbol('held')
    this.#held.set(id, token)
    return token
  }

  /**
   * A request is held back no longer; false for one that was cancelled meanwhile.
   *
   * @param {Id} id
   * @param {symbol} token
   */
  release(id, token) {
    return this.#held.get(id) === token && this.#held.delete(id)
  }

  /**
   * The id of the request that a message answers, as it was written.
   *
   * @param {any} message
   */
  writtenIdOf({ id, method }) {
    return method === undefined ? this.#written.get(id) : undefined
  }

  /**
   * The tool whose call a message answers that goes out.
   *
   * @param {any} message
   */
  toolOf({ id, method }) {
    return method === undefined ? this.#tools.get(id) : undefined
  }

  /**
   * Notes a message that goes out; tells the method of the request that it answers.
   *
   * @param {any} message
   */
  answered({ id, method }) {
    if (method !== undefined || id === undefined) {
      return undefined
    }
    const asked = this.#methods.get(id)
    this.#leaves(id)
    return asked
  }

  /**
   * Calls once no request waits for an answer.
   *
   * @param {() => void} callback
   */
  whenIdle(callback) {
    if (this.#methods.size === 0) {
      callback()
    } else {
      this.#idle = callback
    }
  }

  clear() {
    this.#methods.clear()
    this.#written.clear()
    this.#tools.clear()
    this.#held.clear()
    this.#idle = undefined
  }

  /** @param {Id} id */
  #leaves(id) {
    this.#written.delete(id)
    this.#tools.delete(id)
    if (this.#methods.delete(id) && this.#methods.size === 0) {
      const idle = this.#idle
      this.#idle = undefined
      idle?.()
    }
  }
}

module.exports = { InFlight }
