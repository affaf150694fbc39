// @ts-check
'use strict'

// Which folders the client names, where the policy leaves the roots to it: asked for by ourselves, and read along where
// the server asks.

const { randomUUID } = require('node:crypto')

const LIST = 'roots/list'
const READY = 'notifications/initialized'
const CHANGED = 'notifications/roots/list_changed'

/** How long the client may take before its calls are judged by what is known (milliseconds). */
const TOO_SLOW = 10_000

class Roots {
  #ask
  #narrows
  #settled
  #tell
  /** Whether the client names roots at all. */
  #isCapable = false
  /** The id of the request that is not answered. @type {string | undefined} */
  #id
  /** @type {NodeJS.Timeout | undefined} */
  #timer

  /**
   * @param {object} options
   * @param {(request: { id: string, method: string }) => void} options.ask sends a request to the client
   * @param {(roots: unknown) => void} options.narrows told which roots the client names
   * @param {() => void} options.settled told when what was asked for is there, or will not be
   * @param {(text: string) => void} options.tell
   */
  constructor({ ask, narrows, settled, tell }) {
    this.#ask = ask
    this.#narrows = narrows
    this.#settled = settled
    this.#tell = tell
  }

  /** Whether the client was asked and has not answered. */
  get isAsked() {
    return this.#id !== undefined
  }

  /**
   * A request of the client.
   *
   * @param {string} method
   * @param {() => any} params
   */
  requested(method, params) {
    if (method === 'initialize') {
      const roots = params()?.capabilities?.roots
      this.#isCapable = typeof roots === 'object' && roots !== null
      if (!this.#isCapable) {
        this.#tell('the client names no roots: those of the policy hold')
      }
      return
    }
    // Since 2026-07-28 a request carries the answers to what a result asked for.
    for (const answer of Object.values(params()?.inputResponses ?? {})) {
      this.answered(LIST, () => answer)
    }
  }

  /**
   * A notification of the client.
   *
   * @param {string | undefined} method
   */
  told(method) {
    if (this.#isCapable && (method === READY || method === CHANGED)) {
      this.#start()
    }
  }

  /**
   * An answer of the client to what the server asked.
   *
   * @param {string} method of that request
   * @param {() => any} result
   */
  answered(method, result) {
    const roots = method === LIST ? result()?.roots : undefined
    if (Array.isArray(roots)) {
      this.#narrows(roots)
    }
  }

  /**
   * Whether an answer is one to a request of our own.
   *
   * @param {unknown} id
   */
  isOwn(id) {
    return this.#id !== undefined && this.#id === id
  }

  /**
   * The answer to a request of our own.
   *
   * @param {any} result none where the client answers with an error
   */
  take(result) {
    this.close()
    this.answered(LIST, () => result)
    this.#settled()
  }

  /** Nothing is waited for any more. */
  close() {
    clearTimeout(this.#timer)
    this.#id = undefined
  }

  #start() {
    this.close()
    this.#id = `callgate-${randomUUID()}`
    this.#timer = setTimeout(() => {
      this.close()
      this.#tell('the client has not named its roots for 10 seconds: those known so far hold')
      this.#settled()
    }, TOO_SLOW).unref()
    this.#ask({ id: this.#id, method: LIST })
  }
}

module.exports = { Roots }
