// @ts-check
'use strict'

// What becomes of the messages between a client and a server. Knows nothing of processes and streams: chunks come in,
// and what is to be sent goes to two functions.

const { INTERNAL_ERROR, answerTo, errorAnswer, idInUse, insteadOf } = require('../mcp/answers.js')
const { finding, judged } = require('./finding.js')
const { Forward } = require('../mcp/forward.js')
const { declined } = require('./grants.js')
const { lineOf, withId } = require('../mcp/line.js')
const { Pending } = require('./pending.js')
const { readerOf } = require('../mcp/reader.js')
const { hasTwins } = require('./twins.js')

/** @import { Finding, Gate, ReadMessage, RuleId } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./catalogue.js').Catalogue>} Catalogue */
/** @typedef {InstanceType<typeof import('./grants.js').Grants>} Grants */
/** @typedef {InstanceType<typeof import('../mcp/results.js').Results>} Results */
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
 * @property {Finding} finding
 */

const CALL = 'tools/call'
/** The code of an answer that is none. */
const BROKEN = -32012
const CANCELLED = 'notifications/cancelled'
const LOG = 'notifications/message'

/**
 * @param {ReadMessage} message
 * @returns {any} which has the shape of a message, and nothing else that is known
 */
function contentOf(message) {
  return message.value
}

class Session {
  #gate
  #catalogue
  #grants
  #tell
  #reads
  #sends
  #observes
  #results
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
   * @param {Results} [options.results] what cleans what the server says; without it nothing does
   */
  constructor({ gate, serverGate, catalogue, grants, toClient, toServer, tell, observes = false, results }) {
    this.#gate = gate
    this.#catalogue = catalogue
    this.#grants = grants
    this.#tell = tell
    this.#observes = observes
    this.#results = results
    this.#reads = { client: readerOf(gate), server: readerOf(serverGate) }
    this.#sends = { client: toClient, server: toServer }
  }

  /** @param {Uint8Array} chunk */
  fromClient(chunk) {
    const forward = new Forward(chunk, this.#sends.server)
    for (const message of this.#reads.client.read(chunk)) {
      const passes = this.#passes('client', message)
      if (typeof passes === 'string') {
        forward.text(passes)
      } else if (passes) {
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
    for (const { id, writtenId } of this.#asked.client.clear()) {
      const answer = errorAnswer(id, INTERNAL_ERROR, 'the server ended before it answered')
      this.#send('client', answer, writtenId)
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
    if (this.#observes && message.verdict.action === 'flag') {
      this.#tellOf(from, message, /** @type {Finding} */ (message.verdict.findings[0]))
    }
    switch (message.kind) {
      case 'request':
        return this.#request(from, message)
      case 'response':
        return this.#response(from, message)
      case 'notification': {
        const { method } = message
        if (method === CANCELLED) {
          this.#asked[from].cancel(contentOf(message)?.params?.requestId)
        }
        return from === 'client' || method !== LOG || this.#cleaned(message)
      }
      default:
        return from === 'client' || this.#oddPasses(message)
    }
  }

  /**
   * Whether that passes which is no message, or several, or answers nothing that was asked, as in observe mode: all does
   * but what the user did not grant.
   *
   * @param {ReadMessage} message of the server
   */
  #oddPasses(message) {
    const value = contentOf(message)
    if (typeof value !== 'object' || value === null) {
      return true
    }
    for (const one of Array.isArray(value) ? value : [value]) {
      const fault =
        this.#grants.requestFault(one?.method) ?? this.#grants.answerFault({ asks: true, value: one })
      if (fault !== undefined) {
        this.#tellOf('server', message, fault)
        return false
      }
    }
    return this.#cleaned(message)
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
      this.#send(from, declined(id, method, denied), message.writtenId)
      return false
    }
    if (this.#asked[from].has(id)) {
      const fault = this.#own('rpc.id', '/id', 'another request with this id is not answered yet')
      this.#tellOf(from, message, fault)
      if (!this.#observes) {
        this.#send(from, idInUse(id), message.writtenId)
      }
      return this.#observes
    }
    const fault = this.#admit(from, method, message)
    if (fault !== undefined) {
      this.#tellOf(from, message, fault)
      if (fault.action === 'deny') {
        const refused = { kind: message.kind, id, method, action: fault.action, findings: [fault] }
        this.#send(from, answerTo(refused, this.#isModern), message.writtenId)
        return false
      }
      if (this.#observes) {
        // Memory stays bounded there: what is too much passes, and is not remembered.
        return true
      }
    }
    this.#asked[from].add(id, method, message.writtenId)
    this.#greeted ||= from === 'client' && method === 'initialize'
    return true
  }

  /**
   * The one place where a request is admitted that the gate let pass: why it is not, if so, or what is told of it.
   *
   * @param {Side} from
   * @param {string} method
   * @param {ReadMessage} message
   * @returns {Finding | undefined}
   */
  #admit(from, method, message) {
    if (from === 'client' && method === CALL && this.#catalogue.judgesCalls) {
      const refusal = this.#catalogue.refusalOf(/** @type {string} */ (message.tool))
      if (refusal !== undefined) {
        return { ...refusal, pointer: '/params/name' }
      }
    }
    return this.#asked[from].isFull
      ? judged(this.#gate, {
          rule: 'rate.exceeded',
          pointer: '',
          message: 'too many requests wait for answers',
        })
      : undefined
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
      return from === 'client' || this.#oddPasses(message)
    }
    const asked = this.#asked[from === 'server' ? 'client' : 'server']
    const writtenId = asked.writtenIdOf(id)
    const method = asked.take(id)
    if (method === undefined) {
      this.#tellOf(from, message, this.#own('rpc.id', '/id', 'an answer that nothing asked for'))
      return this.#observes && (from === 'client' || this.#oddPasses(message))
    }
    const passes = from === 'server' ? this.#answered(id, method, message, writtenId) : true
    if (passes === false || writtenId === undefined || writtenId === message.writtenId) {
      return passes
    }
    // Whoever answers may not keep every digit.
    return withId(passes === true ? `${message.text}\n` : passes, writtenId)
  }

  /**
   * An answer of the server, to what the client asked.
   *
   * @param {Id} id
   * @param {string} method
   * @param {ReadMessage} message
   * @param {string} [writtenId] of the request
   * @returns {boolean | string}
   */
  #answered(id, method, message, writtenId) {
    const fault = this.#grants.answerFault(/** @type {any} */ (message))
    if (fault !== undefined) {
      this.#tellOf('server', message, fault)
      const refused = { kind: message.kind, id, action: fault.action, findings: [fault] }
      this.#send('client', insteadOf(refused), writtenId)
      return false
    }
    try {
      return this.#cleaned(message, method, this.#shown(method, message))
    } catch {
      return this.#tooDeep(message)
    }
  }

  /**
   * An answer as it may be shown, where that is not as it came.
   *
   * @param {string} method
   * @param {ReadMessage} message
   * @returns {object | undefined}
   */
  #shown(method, message) {
    const judges = this.#catalogue.judges(method)
    if (!judges && !(/** @type {any} */ (message).asks)) {
      return undefined
    }
    const content = contentOf(message)
    const result =
      judges && content.result !== undefined ? this.#catalogue.shown(method, content.result) : undefined
    if (result !== undefined && result !== content.result) {
      return { ...content, result }
    }
    return !this.#observes && hasTwins(message.text, JSON.stringify(content)) ? content : undefined
  }

  /**
   * What the server says, as the client gets it: `true` where nothing is changed.
   *
   * @param {ReadMessage} message
   * @param {string} [method] of the request that it answers
   * @param {object} [changed] what was made of it already
   * @returns {boolean | string}
   */
  #cleaned(message, method, changed) {
    if (this.#results === undefined) {
      return changed === undefined || `${lineOf(changed, message.writtenId)}\n`
    }
    const value = changed ?? contentOf(message)
    try {
      const clean = this.#results.clean(value, method, changed === undefined ? message.text : undefined)
      if (changed === undefined && clean.message === value) {
        return true
      }
      const { text } = clean
      if (text === undefined) {
        return clean.bytes.toString('utf8', 0, clean.length)
      }
      const untouched = changed === undefined && text === lineOf(value) && !hasTwins(message.text, text)
      return untouched || `${withId(text, message.writtenId)}\n`
    } catch {
      return this.#tooDeep(message)
    }
  }

  /**
   * Nested deeper than can be looked through: the policy's limit lets that be.
   *
   * @param {ReadMessage} message
   */
  #tooDeep(message) {
    const fault = finding('limit.depth', '', 'nested too deep to be cleaned')
    this.#tellOf('server', message, fault)
    const { kind, id } = message
    this.#send('client', insteadOf({ kind, id, action: 'deny', findings: [fault] }), message.writtenId)
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
      const writtenId = id === null ? undefined : this.#asked[other].writtenIdOf(id)
      if (id !== null && this.#asked[other].take(id) !== undefined) {
        // Who asked is told, or it would wait for ever.
        const { rule, pointer, message: what } = denied
        const broken = kind === 'invalid'
        const answer = broken ? errorAnswer(id, BROKEN, what, { rule, pointer }) : insteadOf(refused)
        this.#send(other, answer, writtenId)
        return
      }
    }
    if (from === 'client' || (id !== null && method !== undefined)) {
      this.#send(from, answerTo(refused, this.#isModern), message.writtenId)
    }
  }

  /** Whether results have a type. */
  get #isModern() {
    return !this.#greeted
  }

  /**
   * What refuses, unless the policy observes.
   *
   * @param {RuleId} rule
   * @param {string} pointer
   * @param {string} message
   * @returns {Finding}
   */
  #own(rule, pointer, message) {
    const found = finding(rule, pointer, message)
    return this.#observes ? { ...found, action: 'flag' } : found
  }

  /**
   * @param {Side} to
   * @param {object | undefined} message
   * @param {string} [writtenId]
   */
  #send(to, message, writtenId) {
    if (message !== undefined) {
      this.#sends[to](`${lineOf(message, writtenId)}\n`, true)
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
