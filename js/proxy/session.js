// @ts-check
'use strict'

// What becomes of the messages between a client and a server. Knows nothing of processes and streams: chunks come in,
// and what is to be sent goes to two functions.

const { INTERNAL, answerTo, errorFor } = require('../rpc/refusal.js')
const { Forward } = require('./forward.js')
const { idOf, methodOf } = require('./glance.js')
const { Pending } = require('./pending.js')

/** @import { Finding, Gate, ReadMessage } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./catalogue.js').Catalogue>} Catalogue */
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

/**
 * What only the user may grant: that a server has the model or the user answer it.
 *
 * @typedef {'sampling' | 'elicitation'} Grant
 */
/** @type {ReadonlyMap<string, Grant>} */
const GRANTED = new Map([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
])

/** Methods whose answers say something of the server itself. */
const INTRODUCTIONS = new Set(['initialize', 'server/discover'])
const LIST = 'tools/list'
const CALL = 'tools/call'
const CANCELLED = 'notifications/cancelled'

/** JSON-RPC's code of a client whose user declines, as the protocol's own example has it. */
const DECLINED = -1

/**
 * @param {string} rule
 * @param {string} pointer
 * @param {string} message
 * @returns {Finding}
 */
function finding(rule, pointer, message) {
  return /** @type {Finding} */ ({
    rule,
    action: 'deny',
    severity: 'high',
    pointer,
    message: `${message} (${rule})`,
  })
}

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
   * @param {Gate} options.gate
   * @param {Catalogue} options.catalogue
   * @param {ReadonlySet<Grant>} options.grants
   * @param {Send} options.toClient
   * @param {Send} options.toServer
   * @param {(event: Event) => void} options.tell
   * @param {boolean} [options.observes] whether refusals are only told
   */
  constructor({ gate, catalogue, grants, toClient, toServer, tell, observes = false }) {
    this.#catalogue = catalogue
    this.#grants = grants
    this.#tell = tell
    this.#observes = observes
    this.#reads = { client: gate.messageReader(), server: gate.messageReader() }
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
      const error = { code: INTERNAL, message: 'the server ended before it answered' }
      this.#send('client', { jsonrpc: '2.0', id, error })
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
        if (methodOf(message) === CANCELLED) {
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
    const id = /** @type {Id} */ (idOf(message))
    const method = /** @type {string} */ (methodOf(message))
    const fault = from === 'client' ? this.#admit(id, method, message) : this.#ask(id, method)
    if (fault !== undefined) {
      this.#tellOf(from, message, fault)
      if (!this.#observes || GRANTED.has(method)) {
        const own = fault.rule === 'rpc.id' ? null : id
        this.#answer(from, own, { kind: 'request', method, findings: [fault] }, !this.#greeted)
        return false
      }
    }
    this.#asked[from].add(id, method)
    this.#greeted ||= from === 'client' && method === 'initialize'
    return true
  }

  /**
   * The one place where a request of the client is admitted that the gate let pass.
   *
   * @param {Id} id
   * @param {string} method
   * @param {ReadMessage} message
   * @returns {Finding | undefined}
   */
  #admit(id, method, message) {
    const waiting = this.#waiting('client', id)
    if (waiting !== undefined || method !== CALL || !this.#catalogue.judgesCalls) {
      return waiting
    }
    const fault = this.#catalogue.faultOf(/** @type {string} */ (message.tool))
    return fault === undefined ? undefined : finding(fault.rule, '/params/name', fault.message)
  }

  /**
   * The same for what the server asks of the client.
   *
   * @param {Id} id
   * @param {string} method
   */
  #ask(id, method) {
    const grant = GRANTED.get(method)
    if (grant !== undefined && !this.#grants.has(grant)) {
      return finding('access.denied', '/method', `${grant} is not allowed: --allow ${grant}`)
    }
    return this.#waiting('server', id)
  }

  /**
   * @param {Side} from
   * @param {Id} id
   */
  #waiting(from, id) {
    if (this.#asked[from].has(id)) {
      return finding('rpc.id', '/id', 'a request with this id waits for its answer')
    }
    return this.#asked[from].isFull
      ? finding('rate.exceeded', '', 'too many requests wait for answers')
      : undefined
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   * @returns {boolean | string}
   */
  #response(from, message) {
    const id = idOf(message)
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
    const text = /** @type {string} */ (message.text)
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
    // Protocol 2026-07-28 has no requests of servers: a result asks. A name may be written with escapes.
    if ((text.includes('inputRequests') || text.includes('\\u')) && this.#grants.size < GRANTED.size) {
      const fault = this.#inputFault(contentOf(message)?.result?.inputRequests)
      if (fault !== undefined) {
        this.#tellOf('server', message, fault)
        this.#answer('client', id, { kind: 'request', method, findings: [fault] }, !this.#greeted)
        return false
      }
    }
    return true
  }

  /** @param {unknown} requests */
  #inputFault(requests) {
    for (const request of Object.values(requests ?? {})) {
      const grant = GRANTED.get(request?.method)
      if (grant !== undefined && !this.#grants.has(grant)) {
        return finding('access.denied', '/result/inputRequests', `${grant} is not allowed: --allow ${grant}`)
      }
    }
    return undefined
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
    const other = from === 'client' ? 'server' : 'client'
    if (
      kind === 'response' ||
      (kind === 'invalid' && method === undefined && id !== null && this.#asked[other].has(id))
    ) {
      if (id !== null && this.#asked[other].take(id) !== undefined) {
        // Who asked is told, or it would wait for ever.
        const error = errorFor({ kind: 'response', id, findings })
        error.message = `the answer was refused: ${error.message}`
        this.#send(other, { jsonrpc: '2.0', id, error })
      }
    } else if (from === 'client' || (id !== null && method !== undefined)) {
      // With the id of a request that waits, this would pass for the answer to that one.
      const own = id !== null && this.#asked[from].has(id) ? null : id
      this.#answer(from, own, { kind, method, findings }, !this.#greeted)
    }
  }

  /**
   * Answers a refused request.
   *
   * @param {Side} to
   * @param {Id | null} id
   * @param {{ kind: ReadMessage['kind'], method?: string, findings: readonly Finding[] }} refused
   * @param {boolean} modern
   */
  #answer(to, id, refused, modern) {
    if (to === 'server' && refused.method === 'elicitation/create') {
      this.#send(to, { jsonrpc: '2.0', id, result: { action: 'decline' } })
      return
    }
    const answer = /** @type {any} */ (answerTo({ ...refused, id }, { modern }))
    if (answer === undefined) {
      return
    }
    if (to === 'server' && refused.method === 'sampling/createMessage') {
      answer.error.code = DECLINED
    }
    this.#send(to, answer)
  }

  /**
   * @param {Side} to
   * @param {object} message
   */
  #send(to, message) {
    this.#sends[to](`${JSON.stringify(message)}\n`, true)
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
