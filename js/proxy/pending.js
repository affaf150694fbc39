// @ts-check
'use strict'

/** Requests of one side that may wait for their answers at a time; more are refused, as memory is bounded. */
const MAX_WAITING = 1 << 16
/** Cancelled requests whose answer may still come. */
const MAX_CANCELLED = 1 << 10

/** @typedef {string | number} Id numbers and strings differ, as JSON-RPC has it */

/** The requests of one direction that are not answered yet. */
class Pending {
  /** @type {Map<Id, string>} the method of each */
  #waiting = new Map()
  /** @type {Map<Id, string>} in the order in which they were cancelled */
  #cancelled = new Map()
  /** @type {Map<Id, string>} ids as they were written, of numbers that JavaScript does not keep */
  #written = new Map()
  /** @type {Map<Id, string>} the tools that are called */
  #tools = new Map()

  get isFull() {
    return this.#waiting.size >= MAX_WAITING
  }

  /** @param {Id} id */
  has(id) {
    return this.#waiting.has(id)
  }

  /**
   * @param {Id} id
   * @param {string} method
   * @param {string} [writtenId]
   * @param {string} [tool] that is called
   */
  add(id, method, writtenId, tool) {
    this.#waiting.set(id, method)
    if (tool !== undefined) {
      this.#tools.set(id, tool)
    }
    if (writtenId !== undefined) {
      this.#written.set(id, writtenId)
    }
  }

  /**
   * The id of a request as it was written; to be asked before the answer is taken.
   *
   * @param {Id} id
   */
  writtenIdOf(id) {
    return this.#written.get(id)
  }

  /**
   * The tool that a request calls; to be asked before the answer is taken.
   *
   * @param {Id} id
   */
  toolOf(id) {
    return this.#tools.get(id)
  }

  /**
   * The method of the request that an answer with this id is for; there is one answer only. `undefined` where nothing
   * asked for it.
   *
   * @param {Id} id
   */
  take(id) {
    const requests = this.#waiting.has(id) ? this.#waiting : this.#cancelled
    const method = requests.get(id)
    requests.delete(id)
    this.#written.delete(id)
    this.#tools.delete(id)
    return method
  }

  /**
   * A cancelled request needs no answer, but one may be under way.
   *
   * @param {unknown} id
   */
  cancel(id) {
    const method = this.#waiting.get(/** @type {Id} */ (id))
    if (method === undefined) {
      return
    }
    this.#waiting.delete(/** @type {Id} */ (id))
    this.#cancelled.set(/** @type {Id} */ (id), method)
    if (this.#cancelled.size > MAX_CANCELLED) {
      const [oldest] = this.#cancelled.keys()
      this.#cancelled.delete(/** @type {Id} */ (oldest))
      this.#written.delete(/** @type {Id} */ (oldest))
      this.#tools.delete(/** @type {Id} */ (oldest))
    }
  }

  /** Forgets all, and tells which were waiting, each as it is and as it was written. */
  clear() {
    const ids = [...this.#waiting.keys()].map((id) => ({ id, writtenId: this.#written.get(id) }))
    this.#waiting.clear()
    this.#cancelled.clear()
    this.#written.clear()
    this.#tools.clear()
    return ids
  }
}

module.exports = { Pending }
