// @ts-check
'use strict'

// What becomes of the messages between a client and a server. Knows nothing of processes and streams: chunks come in,
// and what is to be sent goes to two functions.

const { INTERNAL_ERROR, answerTo, errorAnswer, idInUse, insteadOf } = require('../mcp/answers.js')
const { finding } = require('./finding.js')
const { Forward } = require('../mcp/forward.js')
const { declined } = require('./grants.js')
const { Pending } = require('./pending.js')
const { readerOf } = require('../mcp/reader.js')

/** @import { Finding, Gate, ReadMessage } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./catalogue.js').Catalogue>} Catalogue */
/** @typedef {InstanceType<typeof import('./grants.js').Grants>} Grants */
/** @import { Id } from './pending.js' */

/** @typedef {(bytes: Uint8Array | string, own?: boolean) => void} Send whether it is an answer of our own */
/** @typedef {'client' | 'server'} Side */

/**
 * What is told of a message that is not passed on as it is.
 *
 * @typedef {object} Event
 * @property {Side} from
 * @property {string} [method]
 * @property {string} [tool]
 * @property {Finding | { rule: string, pointer: string, message: string }} finding
 */

/** Methods whose answers say something of the server itself. */
const INTRODUCTIONS = new Set(['initialize', 'server/discover'])
const LIST = 'tools/list'
const CALL = 'tools/call'
/** The code of an answer that is none. */
const BROKEN = -32012
const CANCELLED = 'notifications/cancelled'

/**
 * @param {ReadMessage} message
 * @returns {any} which has the shape of a message, and nothing else that is known
 */
function contentOf(message) {
  return message.value
}

class Session {
  #catalogue
  #grants
  #tell
  #reads
  #sends
  #observes
  #asked = { client: new Pending(), server: new Pending() }
  /** Whether the client greeted the server as protocols before 2026-07-28 have it. */
  #greeted = false

  /**
   * @param {object} options
   * @param {Gate} options.gate of the client's messages
   * @param {Gate} options.serverGate of the server's
   * @param {Catalogue} options.catalogue
   * @param {Grants} options.grants
   * @param {Send} options.toClient
   * @param {Send} options.toServer
   * @param {(event: Event) => void} options.tell
   * @param {boolean} [options.observes] whether refusals are only told
   */
  constructor({ gate, serverGate, catalogue, grants, toClient, toServer, tell, observes = false }) {
    this.#catalogue = catalogue
    this.#grants = grants
    this.#tell = tell
    this.#observes = observes
    this.#reads = { client: readerOf(gate), server: readerOf(serverGate) }
    this.#sends = { client: toClient, server: toServer }
  }

  /** @param {Uint8Array} chunk */
  fromClient(chunk) {
    const forward = new Forward(chunk, this.#sends.server)
    for (const message of this.#reads.client.read(chunk)) {
      if (this.#passes('client', message) === true) {
        forward.add(message)
      }
    }
    forward.flush()
  }

  /** @param {Uint8Array} chunk */
  fromServer(chunk) {
    const forward = new Forward(chunk, this.#sends.client)
    for (const message of this.#reads.server.read(chunk)) {
      const passes = this.#passes('server', message)
      if (typeof passes === 'string') {
        forward.text(passes)
      } else if (passes) {
        forward.add(message)
      }
    }
    forward.flush()
  }

  /** The server is gone: whoever waits for it is told. */
  serverEnded() {
    for (const id of this.#asked.client.clear()) {
      this.#send('client', errorAnswer(id, INTERNAL_ERROR, 'the server ended before it answered'))
    }
  }

  /**
   * Whether a message is passed on; a text is passed on in its place.
   *
   * @param {Side} from
   * @param {ReadMessage} message
   * @returns {boolean | string}
   */
  #passes(from, message) {
    if (message.verdict.action === 'deny') {
      this.#refuse(from, message)
      return false
    }
    switch (message.kind) {
      case 'request':
        return this.#request(from, message)
      case 'response':
        return this.#response(from, message)
      case 'notification':
        if (message.method === CANCELLED) {
          this.#asked[from].cancel(contentOf(message)?.params?.requestId)
        }
        return true
      default:
        // Only in observe mode, where all is passed on.
        return true
    }
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   */
  #request(from, message) {
    const id = /** @type {Id} */ (message.id)
    const method = /** @type {string} */ (message.method)
    const denied = from === 'server' ? this.#grants.requestFault(method) : undefined
    if (denied !== undefined) {
      this.#tellOf(from, message, denied)
      this.#send(from, declined(id, method, denied))
      return false
    }
    if (this.#asked[from].has(id)) {
      const fault = finding('rpc.id', '/id', 'another request with this id is not answered yet')
      return this.#faulty(from, message, fault, idInUse(id))
    }
    const fault = this.#admit(from, method, message)
    if (fault !== undefined) {
      const refused = { kind: message.kind, id, method, action: fault.action, findings: [fault] }
      return this.#faulty(from, message, fault, answerTo(refused, this.#isModern))
    }
    this.#asked[from].add(id, method)
    this.#greeted ||= from === 'client' && method === 'initialize'
    return true
  }

  /**
   * The one place where a request is admitted that the gate let pass: why it is not, if so.
   *
   * @param {Side} from
   * @param {string} method
   * @param {ReadMessage} message
   */
  #admit(from, method, message) {
    if (this.#asked[from].isFull) {
      return finding('rate.exceeded', '', 'too many requests wait for answers')
    }
    if (from === 'server' || method !== CALL || !this.#catalogue.judgesCalls) {
      return undefined
    }
    const fault = this.#catalogue.faultOf(/** @type {string} */ (message.tool))
    return fault && finding(fault.rule, '/params/name', fault.message)
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   * @returns {boolean | string}
   */
  #response(from, message) {
    const id = message.id
    if (id === null) {
      // An error that answers what had no id that could be read.
      return true
    }
    const method = this.#asked[from === 'server' ? 'client' : 'server'].take(id)
    if (method === undefined) {
      this.#tellOf(from, message, finding('rpc.id', '/id', 'an answer that nothing asked for'))
      return this.#observes
    }
    return from === 'server' ? this.#answered(id, method, message) : true
  }

  /**
   * An answer of the server, to what the client asked.
   *
   * @param {Id} id
   * @param {string} method
   * @param {ReadMessage} message
   * @returns {boolean | string}
   */
  #answered(id, method, message) {
    const judge =
      method === LIST
        ? this.#catalogue.tools
        : INTRODUCTIONS.has(method)
          ? this.#catalogue.introduction
          : undefined
    const result = judge === undefined ? undefined : contentOf(message)?.result
    if (result !== undefined) {
      const shown = judge?.call(this.#catalogue, result)
      return shown === result || `${JSON.stringify({ ...contentOf(message), result: shown })}\n`
    }
    const fault = this.#grants.answerFault(message)
    if (fault === undefined) {
      return true
    }
    this.#tellOf('server', message, fault)
    const refused = { kind: message.kind, id, action: fault.action, findings: [fault] }
    this.#send('client', insteadOf(refused))
    return false
  }

  /**
   * A message that the gate refuses.
   *
   * @param {Side} from
   * @param {ReadMessage} message
   */
  #refuse(from, message) {
    const { kind, id, method, verdict } = message
    const { findings } = verdict
    const denied = /** @type {Finding} */ (findings.find(({ action }) => action === 'deny'))
    this.#tellOf(from, message, denied)
    const refused = { kind, id, method, action: verdict.action, findings }
    const other = from === 'client' ? 'server' : 'client'
    if (kind === 'response' || (kind === 'invalid' && method === undefined)) {
      if (id !== null && this.#asked[other].take(id) !== undefined) {
        // Who asked is told, or it would wait for ever.
        const { rule, pointer, message: what } = denied
        const broken = kind === 'invalid'
        this.#send(other, broken ? errorAnswer(id, BROKEN, what, { rule, pointer }) : insteadOf(refused))
        return
      }
    }
    if (from === 'client' || (id !== null && method !== undefined)) {
      this.#send(from, answerTo(refused, this.#isModern))
    }
  }

  /** Whether results have a type. */
  get #isModern() {
    return !this.#greeted
  }

  /**
   * A request that the gate let pass, and the session does not: it passes in observe mode only.
   *
   * @param {Side} from
   * @param {ReadMessage} message
   * @param {Finding} fault
   * @param {object | undefined} answer
   */
  #faulty(from, message, fault, answer) {
    this.#tellOf(from, message, fault)
    if (!this.#observes) {
      this.#send(from, answer)
    }
    return this.#observes
  }

  /**
   * @param {Side} to
   * @param {object | undefined} message
   */
  #send(to, message) {
    if (message !== undefined) {
      this.#sends[to](`${JSON.stringify(message)}\n`, true)
    }
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   * @param {Finding} finding
   */
  #tellOf(from, { method, tool }, finding) {
    this.#tell({ from, method, tool, finding })
  }
}

module.exports = { Session }
