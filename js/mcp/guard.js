// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { Held } from './families.js' */

const { inputError } = require('../error.js')
const { INSIDE, guardings } = require('../inside.js')
const { checked } = require('../options.js')
const { CALL, answerTo, errorAnswer, idInUse, insteadOf, isModern, notListed } = require('./answers.js')
const { StdinFilter } = require('./filter.js')
const { Folder } = require('./folder.js')
const { InFlight } = require('./inflight.js')
const { judged } = require('./judge.js')
const { judgeOf, judgedNow, warnOfParsed } = require('./judged.js')
const { lineOf, withId } = require('./line.js')
const { judgedFor, refusesId } = require('./refused.js')
const { Results, isNotification, readBack, textOf } = require('./results.js')
const { filterInput, textSender } = require('./wire.js')
const { GuardedStdioServerTransport } = require('./stdio.js')
const { Tools } = require('./tools.js')
const { expectServer, warnOfVain } = require('./vain.js')
const { admit } = require('./wrap.js')

const { stringify } = JSON

const OPTIONS = new Set(['schemas'])

/** @type {WeakMap<object, Guard>} by the inner server */
const guards = new WeakMap()

/** What stands around one server. */
class Guard {
  #root
  #inner
  /** @type {InstanceType<typeof Results>} */
  #results
  /** @type {WeakSet<object>} */
  #transports = new WeakSet()

  /**
   * @param {any} server
   * @param {any} inner
   * @param {Gate} gate
   * @param {Held} held
   */
  constructor(server, inner, gate, held) {
    this.#root = gate
    this.#inner = inner
    this.folder = new Folder(gate)
    this.tools = new Tools(server, inner, gate, held)
    guardings.set(inner, {
      gate,
      known: () => {
        const tools = this.tools.known
        return { tools, gate: this.gate }
      },
    })
    this.#results = resultsOf(this.gate)
    expectServer(gate, this)
    this.tools.onChange(() => {
      this.#results = resultsOf(this.gate)
    })
    const connect = inner.connect
    inner.connect = async (/** @type {any} */ transport) => {
      if (!this.tools.isReady) {
        await this.tools.know()
      }
      this.#interpose(transport)
      const connected = await connect.call(inner, transport)
      setImmediate(() => this.#warn()).unref()
      return connected
    }
    const changed = inner.sendToolListChanged
    inner.sendToolListChanged = (/** @type {any[]} */ ...args) => {
      this.tools.know()
      return changed.apply(inner, args)
    }
    if (inner.transport !== undefined) {
      this.tools.know()
      this.#interpose(inner.transport)
    }
  }

  /** Says what of the policy protects nothing, once the tools are known. */
  #warn() {
    warnOfVain(this.#root, this)
  }

  /** The tools that are known. */
  get definitions() {
    if (this.tools.isReady) {
      // It was not asked before it connected, and tells at once.
      this.tools.know()
    }
    return this.tools.definitions
  }

  get root() {
    return this.#root
  }

  /** The gate that judges. */
  get gate() {
    return this.tools.gate
  }

  /**
   * A call that was let through: its handler need not judge it again.
   *
   * @param {any} message
   */
  delivered({ id, method, params }) {
    if (method === CALL) {
      admit(this.#root, params?.name, () => this.#inner._requestHandlerAbortControllers?.get(id)?.signal)
    }
  }

  /**
   * Stands in the transport itself, which stays the object that it is.
   *
   * @param {any} transport
   */
  #interpose(transport) {
    if (this.#transports.has(transport)) {
      return
    }
    this.#transports.add(transport)
    // serveStdio of v2 connects the server to a channel of its own, in front of the transport.
    const wire = transport._wire ?? transport
    const judged =
      wire instanceof GuardedStdioServerTransport && wire.adopt(this.#root, this, wire !== transport)
    if (judged) {
      this.tools.know()
    }
    if (judged && wire === transport) {
      return
    }
    const filter = wire._stdin instanceof StdinFilter ? wire._stdin : filterInput(wire, this.#root)
    const filtered = filter?.adopt(this.#root, this) ?? false
    if (filtered) {
      this.tools.know()
    }
    const does = { inbound: !judged && !filtered, outbound: !judged }
    const line = new Line(this, transport, does, filtered ? filter : undefined)
    line.install()
  }

  get results() {
    return this.#results
  }

  /**
   * Asks the server what the tool of a call is; whether the call can be judged then, or passes as the policy only observes.
   *
   * @param {any} call
   * @param {any} extra what came with it
   */
  async asks({ id, params }, extra) {
    const { name } = params
    const isThere = await this.tools.ask(extra)
    if (isThere && !this.tools.knows(name)) {
      /** @type {import('../../index.js').MessageKind} */
      const kind = 'request'
      const what = this.tools.isCut
        ? 'the pages of the list of tools that were read do not name it'
        : 'the server lists no such tool'
      judgedFor(
        this.#root,
        { kind, id, method: CALL, tool: name },
        'tool.changed',
        '/params/name',
        what,
        'flag',
      )
    }
    return isThere || /** @type {any} */ (this.#root)[INSIDE].observes(name)
  }

  /**
   * What is known of a call whose answer goes out.
   *
   * @param {string | undefined} tool
   */
  asked(tool) {
    return { ...(tool !== undefined && { tool }), schemaOf: this.tools.outputOf }
  }
}

/** @type {WeakMap<Gate, InstanceType<typeof Results>>} */
const results = new WeakMap()

/** @param {Gate} gate */
function resultsOf(gate) {
  const found = results.get(gate) ?? new Results(gate)
  results.set(gate, found)
  return found
}

/** One transport of a guarded server. */
class Line {
  #guard
  #transport
  #does
  #filter
  #inFlight = new InFlight()
  #send
  /** @type {ReturnType<typeof textSender>} */
  #sendText
  #modern = false
  /**
   * The message that is being handed on.
   *
   * @type {any}
   */
  #passing

  /**
   * @param {Guard} guard
   * @param {any} transport
   * @param {{ inbound: boolean, outbound: boolean }} does what is not done nearer to the wire
   * @param {InstanceType<typeof StdinFilter>} [filter] that saw the bytes
   */
  constructor(guard, transport, does, filter) {
    this.#guard = guard
    this.#transport = transport
    this.#does = does
    this.#filter = filter
    this.#send = transport.send
  }

  install() {
    const transport = this.#transport
    const below = accessor(transport, 'onmessage')
    if (below.get() !== undefined) {
      below.set(this.#received(below.get()))
    }
    Object.defineProperty(transport, 'onmessage', {
      configurable: true,
      enumerable: true,
      get: below.get,
      set: (handler) => below.set(typeof handler === 'function' ? this.#received(handler) : handler),
    })
    const sendText = this.#does.outbound ? textSender(transport) : undefined
    this.#sendText = sendText
    if (this.#does.outbound) {
      transport.send = (/** @type {any} */ message, /** @type {any[]} */ ...rest) => {
        let clean
        try {
          const writtenId = this.#inFlight.writtenIdOf(message)
          clean = this.#cleaned(message)
          if (writtenId !== undefined) {
            clean = { message, text: withId(textOf(clean), writtenId) }
          }
        } catch (error) {
          if (isNotification(message)) {
            transport.onerror?.(error)
            return Promise.resolve()
          }
          return Promise.reject(error)
        }
        return sendText?.(clean) ?? this.#send.call(transport, readBack(clean), ...rest)
      }
    }
  }

  /** @param {any} message */
  #cleaned(message) {
    const tool = this.#inFlight.toolOf(message)
    const method = this.#inFlight.answered(message)
    if (method === 'tools/list' && Array.isArray(message.result?.tools)) {
      this.#guard.tools.learnIfAsked(message.result.tools)
    }
    return this.#guard.results.clean(message, method, undefined, this.#guard.asked(tool))
  }

  /** @param {(message: any, extra?: any) => void} handler */
  #received(handler) {
    return (/** @type {any} */ message, /** @type {any} */ extra) => {
      // A handler may call one that was set before it, for the same message.
      if (this.#passing !== undefined && this.#passing === message) {
        return handler.call(this.#transport, message, extra)
      }
      if (isCall(message) && !this.#guard.tools.knows(message.params.name)) {
        return this.#waits(handler, message, extra)
      }
      const admitted = this.#admitted(message, extra)
      return admitted !== undefined && this.#enters(admitted)
        ? this.#deliver(handler, admitted, extra)
        : undefined
    }
  }

  /**
   * Holds a call back until the server was asked what its tool is.
   *
   * @param {(message: any, extra?: any) => void} handler
   * @param {any} message
   * @param {any} extra
   */
  async #waits(handler, message, extra) {
    if (!this.#enters(message)) {
      return
    }
    const { id } = message
    const token = this.#inFlight.hold(id)
    try {
      const isKnown = await this.#guard.asks(message, extra)
      // One that was cancelled is over.
      if (!this.#inFlight.release(id, token)) {
        return
      }
      const admitted = isKnown ? this.#admitted(message, extra) : undefined
      if (admitted !== undefined) {
        this.#deliver(handler, admitted, extra)
        return
      }
      const writtenId = this.#inFlight.writtenIdOf({ id })
      this.#inFlight.answered({ id })
      if (!isKnown) {
        await this.#reply(notListed(id), writtenId)
      }
    } catch (error) {
      this.#transport.onerror?.(error)
    }
  }

  /**
   * Whether a message is a new one; a request whose id is in use is answered.
   *
   * @param {any} message
   */
  #enters(message) {
    const writtenId = this.#filter?.takeWrittenId(message.id)
    if (!this.#does.outbound || this.#inFlight.enters(message, writtenId)) {
      return true
    }
    if (!refusesId(this.#guard.root, message)) {
      return true
    }
    this.#reply(idInUse(message.id), writtenId)
    return false
  }

  /**
   * @param {(message: any, extra?: any) => void} handler
   * @param {any} message
   * @param {any} extra
   */
  #deliver(handler, message, extra) {
    const before = this.#passing
    this.#passing = message
    try {
      handler.call(this.#transport, message, extra)
    } finally {
      this.#passing = before
    }
    return this.#guard.delivered(message)
  }

  /**
   * The message, or what the server gets in its place. A call that was judged nearer to the wire is judged again where that
   * was by another gate than the one that knows its tool now.
   *
   * @param {any} message
   * @param {any} extra
   */
  #admitted(message, extra) {
    if (this.#does.inbound) {
      return this.#judged(message, extra)
    }
    if (!isCall(message)) {
      return message
    }
    const before = this.#filter === undefined ? judgeOf(message) : this.#filter.judgeOf(message.id)
    return before?.gate === this.#guard.tools.gateFor(message.params.name)
      ? message
      : this.#judged(message, extra, before?.told)
  }

  /**
   * The message, or what the server gets in its place.
   *
   * @param {any} message
   * @param {any} extra
   * @param {Set<string>} [told] of it before
   */
  #judged(message, extra, told) {
    const bytes = this.#does.inbound ? judgedNow() : undefined
    if (this.#does.inbound && bytes === undefined && !isInMemory(this.#transport)) {
      warnOfParsed()
    }
    let verdict
    try {
      const { folder, tools } = this.#guard
      folder.follow()
      const name = message?.method === CALL ? message.params?.name : undefined
      const gate = typeof name === 'string' ? tools.gateFor(name) : tools.gate
      const text = written(message)
      const context = {
        session: this.#transport.sessionId ?? extra?.sessionId,
        // What was found in the bytes was told then.
        told: told ?? (bytes?.gate === this.#guard.root ? bytes.told : undefined),
      }
      verdict = /** @type {any} */ (
        text === undefined
          ? tooDeep(this.#guard.root, message)
          : /** @type {any} */ (gate)[INSIDE].within(context, () => judged(gate, text))
      )
    } catch (error) {
      // The gate is closed or failed: nothing is let through.
      this.#transport.onerror?.(error)
      if (message?.id !== undefined && message.method !== undefined) {
        this.#reply(errorAnswer(message.id, -32603, 'the message could not be judged'))
      }
      return undefined
    }
    this.#modern ||= isModern(message)
    if (verdict.action !== 'deny') {
      return message
    }
    const answer = answerTo(verdict, this.#modern)
    if (answer !== undefined) {
      this.#reply(answer)
    }
    return insteadOf(verdict)
  }

  /**
   * @param {any} answer
   * @param {string} [writtenId]
   */
  async #reply(answer, writtenId) {
    try {
      const line = { message: answer, text: lineOf(answer, writtenId) }
      await (this.#sendText?.(line) ?? this.#send.call(this.#transport, answer))
    } catch (error) {
      this.#transport.onerror?.(error)
    }
  }
}

/**
 * Whether messages come from the same process, as objects that never were bytes: the SDKs' transport for tests.
 *
 * @param {any} transport
 */
function isInMemory(transport) {
  return '_otherTransport' in transport
}

/**
 * The JSON of a message; none where it is nested deeper than JSON can be written.
 *
 * @param {unknown} message
 */
function written(message) {
  try {
    return stringify(message)
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined
    }
    throw error
  }
}

/**
 * @param {Gate} gate
 * @param {any} message
 * @returns {any}
 */
function tooDeep(gate, { id, method, params }) {
  /** @type {import('../../index.js').MessageKind} */
  const kind = method === undefined ? 'response' : id === undefined ? 'notification' : 'request'
  const message = { kind, id: id ?? null, method, tool: params?.name }
  return judgedFor(gate, message, 'limit.depth', '', 'containers nested deeper than can be written', 'deny')
}

/**
 * Whether a message calls a tool, and is answered.
 *
 * @param {any} message
 */
function isCall(message) {
  return message?.method === CALL && message.id !== undefined && typeof message.params?.name === 'string'
}

/**
 * How a property is read and written, be it a plain one or one of the class.
 *
 * @param {any} target
 * @param {string} name
 */
function accessor(target, name) {
  for (let object = target; object !== null; object = Object.getPrototypeOf(object)) {
    const found = Object.getOwnPropertyDescriptor(object, name)
    if (found?.get !== undefined && found.set !== undefined) {
      const { get, set } = found
      return { get: () => get.call(target), set: (/** @type {any} */ value) => set.call(target, value) }
    }
  }
  let held = target[name]
  return {
    get: () => held,
    set: (/** @type {any} */ value) => {
      held = value
    },
  }
}

/**
 * @template T
 * @param {T} server
 * @param {Gate} gate
 * @param {{ schemas?: boolean }} [options]
 * @returns {T}
 */
function guardServer(server, gate, options) {
  const { schemas } = checked(options, OPTIONS)
  if (/** @type {any} */ (gate)?.[INSIDE] === undefined) {
    throw inputError('expected a Gate')
  }
  const given = /** @type {any} */ (server)
  const inner = typeof given?.setRequestHandler === 'function' ? given : given?.server
  if (typeof inner?.connect !== 'function' || typeof inner.setRequestHandler !== 'function') {
    throw inputError('expected an McpServer or a Server')
  }
  const guard = guards.get(inner)
  if (guard === undefined) {
    // An McpServer validates by itself, and may take more than its schemas say.
    const holds = schemas ?? given === inner
    guards.set(inner, new Guard(given, inner, gate, holds ? 'deny' : 'off'))
  } else if (guard.root !== gate) {
    throw inputError('the server is guarded by another gate already')
  }
  return server
}

module.exports = { Guard, guardServer }
