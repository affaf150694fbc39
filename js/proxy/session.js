// @ts-check
'use strict'

// What becomes of the messages between a client and a server. Knows nothing of processes and streams: chunks come in,
// and what is to be sent goes to two functions.

const { INTERNAL_ERROR, answerTo, errorAnswer, idInUse, insteadOf } = require('../mcp/answers.js')
const { finding, judged } = require('./finding.js')
const { grouped } = require('../grouped.js')
const { Forward } = require('../mcp/forward.js')
const { declined } = require('./grants.js')
const { lineOf, withId } = require('../mcp/line.js')
const { Pending } = require('./pending.js')
const { Roots } = require('./roots.js')
const { readerOf } = require('../mcp/reader.js')
const { Listing } = require('./listing.js')
const { exactly } = require('./lock.js')
const { Reader } = require('../mcp/reader.js')
const { RefusedMessage } = require('../mcp/results.js')
const { hasTwins } = require('./twins.js')

/** @import { Finding, Gate, ReadMessage, RuleId } from '../../index.js' */
/** @typedef {InstanceType<typeof import('./catalogue.js').Catalogue>} Catalogue */
/** @typedef {InstanceType<typeof import('./grants.js').Grants>} Grants */
/** @typedef {InstanceType<typeof import('../mcp/results.js').Results>} Results */
/** @import { Id } from './pending.js' */

/** @import { Told } from './log.js' */
/** @import { Definition } from './listing.js' */

/** @typedef {(bytes: Uint8Array | string, own?: boolean) => void} Send whether it is an answer of our own */
/** @typedef {'client' | 'server'} Side */

/**
 * A call that waits until it is known what the arguments of its tool are.
 *
 * @typedef {{ id: Id, writtenId: string | undefined, tool: string, text: string, line: Uint8Array | string }} Held
 */

const CALL = 'tools/call'
const LIST = 'tools/list'
/** Requests for what is listed, and the members that name it. */
const NAMED = new Map([
  ['prompts/get', [['name']]],
  ['resources/read', [['uri']]],
  ['resources/subscribe', [['uri']]],
  [
    'completion/complete',
    [
      ['ref', 'name'],
      ['ref', 'uri'],
    ],
  ],
])
const CHANGED = 'notifications/tools/list_changed'
const READY = 'notifications/initialized'
/** Calls that wait at a time, and their length together (units of UTF-16). */
const MAX_HELD = 1024
const MAX_HELD_LENGTH = 1 << 24
/** How long a server may take to introduce itself before that is told (milliseconds). */
const SLOW = 10_000
/** What is shown of a line that is no message (characters). */
const STRAY = 200
/** The code of an answer that is none. */
const BROKEN = -32012
const CANCELLED = 'notifications/cancelled'
/** Of text that gives the model orders. */
const ORDERS = 'injection.prompt'

/**
 * @param {ReadMessage} message
 * @returns {any} which has the shape of a message, and nothing else that is known
 */
function contentOf(message) {
  return message.value
}

/**
 * A message with the end of its line, as it is passed on.
 *
 * @param {any} message
 * @returns {Uint8Array | string}
 */
function lineIn({ end, line, text }) {
  return end === 0 ? line : `${text}\n`
}

/**
 * The result of a list of tools with numbers as they are written, so that none hides behind another.
 *
 * @param {string} method
 * @param {ReadMessage} message
 */
function exactResult(method, { text }) {
  return method === LIST && text !== undefined ? exactly(text).result : undefined
}

/**
 * The JSON of a message.
 *
 * @param {ReadMessage} message
 */
function textOf(message) {
  return message.text ?? JSON.stringify(contentOf(message) ?? null)
}

class Session {
  #gate
  /** The gate that knows the tools, as far as they are known. */
  #current
  #learn
  #known
  #roots
  #listing
  #catalogue
  #grants
  #tell
  #note
  #reader
  #reads
  #sends
  #observes
  #results
  #whereabouts
  /** @type {Held[]} */
  #held = []
  #heldLength = 0
  #whenReleased = () => {}
  /** What is read now, and how long its messages were judged, each on the average (microseconds). */
  #chunk = /** @type {Uint8Array} */ (new Uint8Array())
  #durationUs = 0
  #asked = { client: new Pending(), server: new Pending() }
  /** Whether the client greeted the server as protocols before 2026-07-28 have it. */
  #greeted = false
  /** Whether the server answers requests: it was told that its client is ready, or answers one that did not greet it. */
  #isReady = false
  /** Whether what is passed on now says that the client is ready. */
  #becomesReady = false
  /**
   * What is passed on of the chunk that is read now: what goes out by another way goes behind it.
   *
   * @type {Partial<Record<Side, InstanceType<typeof Forward>>>}
   */
  #forwards = {}
  /** Why calls were refused last. @type {string | undefined} */
  #fault

  /**
   * @param {object} options
   * @param {Gate} options.gate of the client's messages
   * @param {Gate} options.serverGate of the server's
   * @param {Catalogue} options.catalogue
   * @param {Grants} options.grants
   * @param {Send} options.toClient
   * @param {Send} options.toServer
   * @param {(told: Told) => void} options.tell
   * @param {(text: string) => void} options.note tells what is of no message
   * @param {(tools: ReadonlyMap<string, Definition>) => Gate} [options.learn] makes the gate that knows these tools;
   *   without it calls are judged by what the policy says alone
   * @param {(tools: ReadonlyMap<string, Definition>) => void} [options.known] told once, when all tools are known
   * @param {(roots: unknown) => void} [options.narrows] told which roots the client names
   * @param {boolean} [options.observes] whether refusals are only told
   * @param {Results} options.results what cleans what the server says
   * @param {{ look(): void, glance(): void }} [options.whereabouts] where the server works
   */
  constructor({
    gate,
    serverGate,
    catalogue,
    grants,
    toClient,
    toServer,
    tell,
    note,
    learn,
    known,
    narrows,
    observes = false,
    results,
    whereabouts,
  }) {
    this.#gate = gate
    this.#current = gate
    this.#learn = learn
    this.#known = known
    this.#catalogue = catalogue
    this.#grants = grants
    this.#tell = tell
    this.#note = note
    this.#observes = observes
    this.#results = results
    this.#whereabouts = whereabouts
    this.#reader = new Reader(gate)
    this.#reads = readerOf(serverGate)
    this.#sends = { client: toClient, server: toServer }
    this.#roots =
      narrows === undefined
        ? undefined
        : new Roots({
            ask: (request) => this.#send('client', { jsonrpc: '2.0', ...request }),
            narrows,
            settled: () => this.#release(),
            tell: note,
          })
    this.#listing = new Listing({
      ask: (request) => this.#send('server', { jsonrpc: '2.0', ...request }),
      learnt: (tools, isWhole) => this.#learnt(tools, isWhole),
      settled: (fault) => this.#release(fault),
      isReady: () => this.#isReady,
      tell: note,
    })
  }

  /** @param {Uint8Array} chunk */
  fromClient(chunk) {
    const start = performance.now()
    this.#whereabouts?.glance()
    this.#reader.read(chunk, (messages, bytes, gate) => {
      this.#reading(bytes, messages.length, start)
      const forward = new Forward(bytes, this.#sends.server)
      this.#forwards.server = forward
      for (const message of messages) {
        const passes = this.#passes('client', message, gate)
        if (typeof passes === 'string') {
          forward.text(passes)
        } else if (passes) {
          forward.add(message)
        }
        if (this.#becomesReady) {
          this.#becomesReady = false
          this.#listing.greeted()
        }
      }
      forward.flush()
      this.#forwards.server = undefined
    })
  }

  /** @param {Uint8Array} chunk */
  fromServer(chunk) {
    const start = performance.now()
    const messages = this.#reads.read(chunk)
    const forward = new Forward(chunk, this.#sends.client)
    this.#forwards.client = forward
    this.#reading(chunk, messages.length, start)
    for (const message of messages) {
      const passes = this.#passes('server', message)
      if (typeof passes === 'string') {
        forward.text(passes)
      } else if (passes) {
        forward.add(message)
      }
    }
    forward.flush()
    this.#forwards.client = undefined
  }

  /**
   * Calls once no call waits to be judged: what the client said before it left still reaches the server.
   *
   * @param {() => void} then
   */
  whenReleased(then) {
    if (this.#held.length === 0) {
      then()
    } else {
      this.#whenReleased = then
    }
  }

  /** The server is gone: whoever waits for it is told. */
  serverEnded() {
    this.#listing.close()
    this.#roots?.close()
    this.#held = []
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
   * @param {Gate} [gate] that judged it
   * @returns {boolean | string}
   */
  #passes(from, message, gate) {
    if (message.verdict.action === 'deny') {
      this.#refuse(from, message)
      return false
    }
    if (message.kind === 'request' && message.method === CALL && this.#waits(from, message, gate)) {
      return false
    }
    if (message.verdict.action === 'flag') {
      // What the server says to the model is told where it is judged for that.
      const { findings } = message.verdict
      this.#tellAll(
        from,
        message,
        findings.filter(({ rule }) => from === 'client' || rule !== ORDERS),
      )
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
        } else if (method === CHANGED && from === 'server' && this.#learn !== undefined) {
          this.#catalogue.mayChange()
          this.#listing.changed()
        } else if (from === 'client') {
          this.#roots?.told(method)
          if (method === READY) {
            this.#isReady = true
            this.#becomesReady = true
          }
        }
        return from === 'client' || this.#cleaned(message)
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
    const denied =
      from === 'server' ? (this.#grants.requestFault(method) ?? this.#orders(message)) : undefined
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
    const { tool } = message
    this.#asked[from].add(id, method, message.writtenId, tool)
    if (from === 'client') {
      if (tool !== undefined && this.#learn !== undefined && this.#listing.lacks(tool)) {
        this.#tellUnlisted(message, tool)
      }
      this.#greeted ||= method === 'initialize'
      this.#roots?.requested(method, () => contentOf(message)?.params)
      if (method === 'initialize' || method === 'server/discover') {
        this.#watch(id, method)
      }
      if (method === LIST) {
        this.#listing.asked(id, contentOf(message)?.params)
      }
    }
    return true
  }

  /**
   * A call of a tool that the server does not list: of its arguments nothing is known.
   *
   * @param {ReadMessage} message
   * @param {string} tool
   */
  #tellUnlisted(message, tool) {
    const what = 'the server lists no such tool'
    const fault = judged(this.#gate, { rule: 'tool.changed', pointer: '/params/name', message: what }, tool)
    if (fault !== undefined) {
      this.#tellOf('client', message, { ...fault, action: 'flag' })
    }
  }

  /**
   * Tells of a server that does not answer the first request of its client.
   *
   * @param {Id} id
   * @param {string} method
   */
  #watch(id, method) {
    const late = () => {
      if (this.#asked.client.has(id)) {
        this.#note(`the server has not answered ${method} for ${SLOW / 1000} seconds`)
      }
    }
    setTimeout(late, SLOW).unref()
  }

  /**
   * Holds a call back whose tool is not known yet, or that another gate judged than the one that knows it.
   *
   * @param {Side} from
   * @param {ReadMessage} message
   * @param {Gate} [gate] that judged it
   * @returns {boolean} whether it is passed on later, or was refused
   */
  #waits(from, message, gate) {
    if (from === 'server' || this.#learn === undefined) {
      return false
    }
    const id = /** @type {Id} */ (message.id)
    const tool = /** @type {string} */ (message.tool)
    const isKnown = this.#listing.knows(tool)
    const isSettled = this.#roots?.isAsked !== true
    if ((isKnown && isSettled && gate === this.#current) || this.#asked.client.has(id)) {
      return false
    }
    const text = /** @type {string} */ (message.text)
    if (this.#held.length >= MAX_HELD || this.#heldLength + text.length > MAX_HELD_LENGTH) {
      const fault = finding('rate.exceeded', '', 'too many calls wait for the list of tools or of roots')
      this.#answerRefused(message, id, fault)
      return true
    }
    const { writtenId } = message
    this.#asked.client.add(id, CALL, writtenId, tool)
    this.#held.push({ id, writtenId, tool, text, line: lineIn(message) })
    this.#heldLength += text.length
    if (isKnown) {
      this.#release()
    } else {
      const meta = this.#isModern ? contentOf(message)?.params?._meta : undefined
      const { progressToken: _, ...rest } = meta ?? {}
      this.#listing.need(meta === undefined ? {} : { _meta: rest })
    }
    return true
  }

  /**
   * Calls that waited are judged by what is known now.
   *
   * @param {string} [fault] why it is not known what their tools are
   */
  #release(fault) {
    // A list that failed fails them all.
    const isKnown = (/** @type {Held} */ { tool }) => fault !== undefined || this.#listing.knows(tool)
    const waits = fault === undefined && this.#roots?.isAsked === true
    const held = waits ? [] : this.#held.filter(isKnown)
    this.#held = waits ? this.#held : this.#held.filter((one) => !isKnown(one))
    this.#heldLength = this.#held.reduce((sum, { text }) => sum + text.length, 0)
    if (fault !== undefined && fault !== this.#fault) {
      this.#note(`calls are ${this.#observes ? 'judged by their content alone' : 'refused'}: ${fault}`)
    }
    this.#fault = fault
    for (const { id, writtenId, tool, text, line } of held) {
      // One that was cancelled is over.
      if (!this.#asked.client.has(id)) {
        continue
      }
      this.#asked.client.take(id)
      if (fault !== undefined && !this.#observes) {
        const answer = errorAnswer(id, INTERNAL_ERROR, `the server cannot be called: ${fault}`)
        this.#send('client', answer, writtenId)
        continue
      }
      const start = performance.now()
      this.#whereabouts?.glance()
      const verdict = this.#current.auditMessage(text)
      this.#durationUs = (performance.now() - start) * 1000
      /** @type {any} */
      const message = { kind: 'request', id, writtenId, method: CALL, tool, verdict, text, value: undefined }
      if (verdict.action === 'deny') {
        this.#refuse('client', message)
        continue
      }
      this.#tellAll('client', message, verdict.findings)
      if (this.#request('client', message)) {
        this.#out('server', line)
      }
    }
    if (this.#held.length === 0) {
      this.#whenReleased()
    }
  }

  /**
   * @param {ReadonlyMap<string, Definition>} tools
   * @param {boolean} isWhole
   */
  #learnt(tools, isWhole) {
    this.#whereabouts?.look()
    if (this.#learn !== undefined) {
      this.#current = this.#learn(tools)
      this.#reader.use(this.#current)
      if (isWhole) {
        this.#known?.(tools)
        this.#known = undefined
      }
    }
  }

  /**
   * Answers a request that is refused by ourselves.
   *
   * @param {ReadMessage} message
   * @param {Id} id
   * @param {Finding} fault
   */
  #answerRefused(message, id, fault) {
    this.#tellOf('client', message, fault)
    const refused = {
      kind: message.kind,
      id,
      method: message.method,
      action: fault.action,
      findings: [fault],
    }
    this.#send('client', answerTo(refused, this.#isModern))
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
    for (const path of (from === 'client' ? NAMED.get(method) : undefined) ?? []) {
      const id = path.reduce((value, member) => value?.[member], contentOf(message)?.params)
      const hidden = id === undefined ? undefined : this.#catalogue.hiddenBy(id)
      if (hidden !== undefined) {
        return { ...hidden, pointer: `/params/${path.join('/')}` }
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
    if (from === 'server' && this.#listing.isOwn(id)) {
      this.#ownList(message)
      return false
    }
    if (from === 'client' && this.#roots?.isOwn(id)) {
      this.#roots.take(contentOf(message)?.result)
      return false
    }
    if (id === null) {
      // An error that answers what had no id that could be read.
      return from === 'client' || this.#oddPasses(message)
    }
    const asked = this.#asked[from === 'server' ? 'client' : 'server']
    const writtenId = asked.writtenIdOf(id)
    const tool = asked.toolOf(id)
    const method = asked.take(id)
    if (method === undefined) {
      this.#tellOf(from, message, this.#own('rpc.id', '/id', 'an answer that nothing asked for'))
      return this.#observes && (from === 'client' || this.#oddPasses(message))
    }
    if (from === 'client') {
      this.#roots?.answered(method, () => contentOf(message)?.result)
    }
    const passes = from === 'server' ? this.#answered(id, method, message, { writtenId, tool }) : true
    if (passes === false || writtenId === undefined || writtenId === message.writtenId) {
      return passes
    }
    // Whoever answers may not keep every digit.
    return withId(passes === true ? `${message.text}\n` : passes, writtenId)
  }

  /**
   * The answer to our own request for the list of tools.
   *
   * @param {ReadMessage} message
   */
  #ownList(message) {
    const content = contentOf(message)
    if (content?.result !== undefined) {
      // What the client is not to see it is not to call either.
      this.#catalogue.shown(LIST, content.result, exactResult(LIST, message))
    }
    this.#listing.take(message.id, content)
  }

  /**
   * An answer of the server, to what the client asked.
   *
   * @param {Id} id
   * @param {string} method
   * @param {ReadMessage} message
   * @param {{ writtenId?: string, tool?: string }} request
   * @returns {boolean | string}
   */
  #answered(id, method, message, { writtenId, tool }) {
    const fault = this.#grants.answerFault(/** @type {any} */ (message))
    if (fault !== undefined) {
      this.#tellOf('server', message, fault)
      const refused = { kind: message.kind, id, action: fault.action, findings: [fault] }
      this.#send('client', insteadOf(refused), writtenId)
      return false
    }
    if (method === 'initialize') {
      this.#whereabouts?.look()
    } else if (!this.#isReady && !this.#greeted) {
      this.#isReady = contentOf(message)?.result !== undefined
    }
    if (method === LIST) {
      this.#listing.answered(id, contentOf(message)?.result)
    }
    try {
      return this.#cleaned(message, { method, tool, changed: this.#shown(method, message) })
    } catch (error) {
      return this.#withheld(message, error)
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
      judges && content.result !== undefined
        ? this.#catalogue.shown(method, content.result, exactResult(method, message))
        : undefined
    if (result !== undefined && result !== content.result) {
      return { ...content, result }
    }
    return !this.#observes && hasTwins(message.text, JSON.stringify(content)) ? content : undefined
  }

  /**
   * What the server says, as the client gets it: `true` where nothing is changed.
   *
   * @param {ReadMessage} message
   * @param {{ method?: string, tool?: string, changed?: object }} [request] that it answers; `changed`: what was made of it
   *   already
   * @returns {boolean | string}
   */
  #cleaned(message, { method, tool, changed } = {}) {
    const value = changed ?? contentOf(message)
    try {
      const clean = this.#results.clean(value, method, changed === undefined ? message.text : undefined, {
        isDefinition: method !== undefined && this.#catalogue.judges(method),
        schemaOf: (called) => this.#listing.outputOf(called),
        ...(tool !== undefined && { tool }),
      })
      this.#tellAll('server', message, clean.findings ?? [], { method, tool })
      if (changed === undefined && clean.message === value) {
        return true
      }
      return clean.text === undefined
        ? clean.bytes.toString('utf8', 0, clean.length)
        : `${withId(clean.text, message.writtenId)}\n`
    } catch (error) {
      return this.#withheld(message, error)
    }
  }

  /**
   * What a request of the server gives the model to read: why it is refused, if so.
   *
   * @param {ReadMessage} message
   * @returns {Finding | undefined}
   */
  #orders(message) {
    const { action, findings } = this.#gate.auditAnswer(textOf(message))
    this.#tellAll('server', message, action === 'deny' ? [] : findings)
    return action === 'deny' ? findings.find((fault) => fault.action === 'deny') : undefined
  }

  /**
   * A message that is not passed on: one that the policy refuses, or one that is nested deeper than can be looked
   * through, which the policy's limit lets be.
   *
   * @param {ReadMessage} message
   * @param {unknown} error
   */
  #withheld(message, error) {
    const what = error instanceof RangeError ? 'nested too deep to be cleaned' : 'it cannot be cleaned'
    if (!(error instanceof RefusedMessage || error instanceof RangeError)) {
      this.#note(`a message of the server cannot be cleaned: ${/** @type {any} */ (error)?.message}`)
    }
    const findings = error instanceof RefusedMessage ? error.findings : [finding('limit.depth', '', what)]
    this.#tellAll('server', message, findings)
    const { kind, id } = message
    this.#send('client', insteadOf({ kind, id, action: 'deny', findings }), message.writtenId)
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
    this.#tellAll(from, message, findings)
    if (from === 'server' && this.#listing.isOwn(id)) {
      this.#listing.take(id)
      return
    }
    if (from === 'client' && this.#roots?.isOwn(id)) {
      this.#roots.take(undefined)
      return
    }
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
      this.#out(to, `${lineOf(message, writtenId)}\n`, true)
    }
  }

  /**
   * Sends what is no part of the chunk that is passed on, behind what came before it.
   *
   * @param {Side} to
   * @param {Uint8Array | string} line
   * @param {boolean} [own] whether it is a message of our own
   */
  #out(to, line, own) {
    this.#forwards[to]?.flush()
    this.#sends[to](line, own)
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   * @param {Finding} finding
   */
  #tellOf(from, message, finding) {
    this.#tellAll(from, message, [finding])
  }

  /**
   * @param {Side} from
   * @param {ReadMessage} message
   * @param {readonly Finding[]} findings
   * @param {{ method?: string, tool?: string }} [request] that it answers
   */
  #tellAll(from, message, findings, request = {}) {
    const { id, kind } = message
    const isStray = from === 'server' && kind === 'invalid' && message.method === undefined
    const method = message.method ?? request.method
    const tool = message.tool ?? request.tool
    const called = method ?? 'a message'
    const named = tool === undefined ? called : `${called} ${tool}`
    const subject = message.method === undefined && method !== undefined ? `the answer to ${named}` : named
    const groups = grouped(findings)
    for (const found of findings) {
      const others = groups.get(found)
      this.#tell({
        side: from,
        subject: `${subject} of the ${from}`,
        id,
        method,
        tool,
        finding: found,
        durationUs: Math.round(this.#durationUs),
        ...(others === undefined ? { isOther: true } : { others }),
        ...(isStray && { text: this.#stray(message) }),
      })
    }
  }

  /**
   * The start of a line that is no message: what a server prints by mistake tells its author what to mend.
   *
   * @param {ReadMessage} message
   * @returns {string | undefined} none where the line came in several chunks
   */
  #stray({ start, end }) {
    if (end <= start) {
      return undefined
    }
    const line = Buffer.from(this.#chunk.subarray(start, Math.min(end, start + STRAY * 4))).toString('utf8')
    const text = JSON.parse(this.#gate.redact(JSON.stringify(line)))
    return text.length > STRAY ? `${text.slice(0, STRAY).toWellFormed()}...` : text
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} count of the messages in them
   * @param {number} start when they began to be judged
   */
  #reading(bytes, count, start) {
    this.#chunk = bytes
    this.#durationUs = count === 0 ? 0 : ((performance.now() - start) * 1000) / count
  }
}

module.exports = { Session }
