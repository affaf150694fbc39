// @ts-check
'use strict'

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Gate } from '../../index.js' */
/** @import { Headers, Refused } from './body.js' */

const { AsyncResource } = require('node:async_hooks')
const { inputError } = require('../error.js')
const { INSIDE } = require('../inside.js')
const { isOfAnother, judgeBody, maxBytes, mayHoldMessage, notJudged, parsed, tooLarge } = require('./body.js')
const { storage } = require('./judged.js')

/** A body that `express.json` must not pass on. */
class RefusedBody extends Error {
  /** @param {Refused} refused */
  constructor({ status, answer }) {
    super('the body is refused')
    this.name = 'RefusedBody'
    this.type = 'callgate.refused'
    /** @readonly */
    this.callgate = { status, answer }
  }
}

/** @param {Gate} gate */
function checkGate(gate) {
  if (/** @type {any} */ (gate)?.[INSIDE] === undefined) {
    throw inputError('expected a Gate')
  }
}

/** @param {unknown} handler */
function checkHandler(handler) {
  if (typeof handler !== 'function') {
    throw inputError('expected a function that handles requests')
  }
}

/**
 * @param {IncomingMessage} req
 * @returns {Headers}
 */
function headersOf({ headers }) {
  return (name) => {
    const value = headers[name]
    return Array.isArray(value) ? value.join() : value
  }
}

/**
 * @param {Gate} gate
 * @returns {(req: IncomingMessage, res: ServerResponse, body: Buffer, encoding?: string) => void}
 */
function verifyBody(gate) {
  checkGate(gate)
  return (req, _res, body, encoding = 'utf-8') => {
    const header = headersOf(req)
    // Express has undone the encoding, and says what it takes the bytes for.
    const known = (/** @type {string} */ name) => {
      return name === 'content-encoding'
        ? undefined
        : name === 'content-type'
          ? `application/json; charset=${encoding}`
          : header(name)
    }
    const { refused, judged } = judgeBody(gate, body, known)
    if (refused !== undefined) {
      throw new RefusedBody(refused)
    }
    if (judged !== undefined) {
      // Whatever Express calls next for this request.
      storage.enterWith(judged)
    }
  }
}

/** @returns {(error: any, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void} */
function answerRefusedBody() {
  // Express tells such a function by its four parameters.
  return (error, _req, res, next) => {
    if (error?.callgate === undefined || res.headersSent) {
      next(error)
    } else {
      respond(res, error.callgate)
    }
  }
}

/**
 * @param {ServerResponse} res
 * @param {Refused} refused
 * @param {Record<string, string>} [headers]
 */
function respond(res, { status, answer }, headers = {}) {
  if (res.headersSent) {
    // Somebody else has answered, such as a time limit.
    return
  }
  if (answer === undefined) {
    res.writeHead(status, headers).end()
  } else {
    res.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }
}

/**
 * Calls a handler. What it fails with ends the request, and not the process.
 *
 * @param {ServerResponse} res
 * @param {() => unknown} handle
 */
async function answered(res, handle) {
  try {
    await handle()
  } catch (error) {
    process.emitWarning('a handler of requests failed', {
      type: 'CallgateWarning',
      code: 'CALLGATE_HANDLER',
      detail: describe(error),
    })
    fail(res)
  }
}

/**
 * Ends a request whose handler failed. A status message that cannot be sent may be why it did.
 *
 * @param {ServerResponse} res
 */
function fail(res) {
  if (res.headersSent) {
    res.destroy()
    return
  }
  try {
    res.writeHead(500, 'Internal Server Error').end()
  } catch {
    res.destroy()
  }
}

/**
 * The text of whatever was thrown, which may have none.
 *
 * @param {any} error
 */
function describe(error) {
  try {
    return String(error?.stack ?? error)
  } catch {
    return 'a value without a text'
  }
}

/**
 * @template {IncomingMessage} Req
 * @template {ServerResponse} Res
 * @param {Gate} gate
 * @param {(req: Req, res: Res, body?: unknown) => unknown} handler
 * @returns {(req: Req, res: Res) => Promise<void>}
 */
function guardRequests(gate, handler) {
  checkHandler(handler)
  return guarded(gate, (req, res, bytes) => {
    return bytes === undefined ? handler(req, res) : handler(req, res, parsed(bytes))
  })
}

/**
 * @template {IncomingMessage} Req
 * @template {ServerResponse} Res
 * @param {Gate} gate
 * @param {(req: Req, res: Res) => unknown} app
 * @returns {(req: Req, res: Res) => Promise<void>}
 */
function guardApp(gate, app) {
  checkHandler(app)
  return guarded(gate, (req, res) => app(req, res))
}

/**
 * @template {IncomingMessage} Req
 * @template {ServerResponse} Res
 * @param {Gate} gate
 * @param {(req: Req, res: Res, bytes?: Buffer) => unknown} handle with the body without its encoding, where it was read
 * @returns {(req: Req, res: Res) => Promise<void>}
 */
function guarded(gate, handle) {
  checkGate(gate)
  return (req, res) => answered(res, () => judgedFirst(gate, req, res, handle))
}

/**
 * @template {IncomingMessage} Req
 * @template {ServerResponse} Res
 * @param {Gate} gate
 * @param {Req} req
 * @param {Res} res
 * @param {(req: Req, res: Res, bytes?: Buffer) => unknown} handle
 * @returns {unknown} a promise where the handler makes one, or where the body must be read first
 */
function judgedFirst(gate, req, res, handle) {
  const header = headersOf(req)
  if (!mayHoldMessage(req.method, header) || req.readableEnded) {
    return handle(req, res)
  }
  const most = maxBytes(gate)
  return read(req, most, (body, start) => {
    if (body === 'gone') {
      return undefined
    }
    if (body === 'long') {
      return isOfAnother(start, header)
        ? handle(req, res)
        : respond(res, tooLarge(gate), { connection: 'close' })
    }
    const { refused, judged, bytes } = judgeBody(gate, body, header)
    if (refused !== undefined) {
      return respond(res, refused)
    }
    const go = () => handle(req, res, bytes)
    return judged === undefined ? go() : storage.run(judged, go)
  })
}

/**
 * Reads a body and puts it back, so that whoever is called then can read it again; called before the stream can say
 * that it has ended.
 *
 * @param {IncomingMessage} req
 * @param {number} most bytes
 * @param {(body: Buffer | 'long' | 'gone', start: Buffer) => unknown} then told also what was read
 * @returns {Promise<void>} done when what is called is done
 */
function read(req, most, then) {
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = []
    let size = 0
    const finish = AsyncResource.bind((/** @type {Buffer | 'long' | 'gone'} */ body) => {
      req.off('readable', onReadable).off('end', onEnd).off('close', onGone).off('error', onGone)
      // What is left of a body that is cut off is nobody's fault.
      req.on('error', () => {})
      const start = typeof body === 'string' ? Buffer.concat(chunks) : body
      if (body !== 'gone' && start.length > 0) {
        req.unshift(start)
      }
      // What throws here fails the promise, not the event.
      resolve(new Promise((done) => done(/** @type {any} */ (then(body, start)))))
    })
    const onEnd = () => finish(Buffer.concat(chunks))
    const onGone = () => finish('gone')
    const onReadable = () => {
      for (let chunk = req.read(); chunk !== null; chunk = req.read()) {
        size += chunk.length
        chunks.push(chunk)
        if (size > most) {
          finish('long')
          return
        }
      }
      if (req.complete) {
        onEnd()
      }
    }
    req.on('readable', onReadable).on('end', onEnd).on('close', onGone).on('error', onGone)
  })
}

/**
 * @template {unknown[]} Rest
 * @param {Gate} gate
 * @param {(request: Request, ...rest: Rest) => Response | Promise<Response>} handler
 * @returns {(request: Request, ...rest: Rest) => Promise<Response>}
 */
function guardFetch(gate, handler) {
  checkGate(gate)
  checkHandler(handler)
  return async (request, ...more) => {
    const header = (/** @type {string} */ name) => request.headers.get(name) ?? undefined
    if (!mayHoldMessage(request.method, header) || request.body === null) {
      return handler(request, ...more)
    }
    const { method, headers, signal } = request
    const { body, start, rest } = await collected(request, maxBytes(gate))
    if (body === 'long' && isOfAnother(start, header)) {
      const whole = joined(start, rest)
      const init = { method, headers, signal, body: whole, duplex: 'half' }
      return handler(new Request(request.url, /** @type {any} */ (init)), ...more)
    }
    await rest?.return?.()
    const { refused, judged } =
      typeof body === 'string' ? { refused: UNREAD[body](gate) } : judgeBody(gate, body, header)
    if (refused !== undefined) {
      const { status, answer } = refused
      return answer === undefined ? new Response(null, { status }) : Response.json(answer, { status })
    }
    const again = new Request(request.url, { method, headers, signal, body: /** @type {Buffer} */ (body) })
    const go = () => handler(again, ...more)
    return judged === undefined ? go() : storage.run(judged, go)
  }
}

/** Why a body is refused of which there are not all bytes. */
const UNREAD = {
  long: tooLarge,
  gone: (/** @type {Gate} */ gate) => ({ ...notJudged(gate), status: 400 }),
}

/**
 * @typedef {object} Collected
 * @property {Buffer | 'long' | 'gone'} body
 * @property {Buffer} start what was read
 * @property {AsyncIterator<Uint8Array>} [rest] what was not, of a long one
 */

/**
 * @param {Request} request
 * @param {number} most
 * @returns {Promise<Collected>}
 */
async function collected(request, most) {
  /** @type {Uint8Array[]} */
  const chunks = []
  let size = 0
  const stream = /** @type {AsyncIterable<Uint8Array>} */ (/** @type {any} */ (request.body))
  const rest = stream[Symbol.asyncIterator]()
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      chunks.push(next.value)
      size += next.value.length
      if (size > most) {
        return { body: 'long', start: Buffer.concat(chunks), rest }
      }
    }
  } catch {
    return { body: 'gone', start: Buffer.alloc(0) }
  }
  const body = Buffer.concat(chunks)
  return { body, start: body }
}

/**
 * A body as it came, of which some was read.
 *
 * @param {Buffer} start
 * @param {AsyncIterator<Uint8Array> | undefined} rest
 */
function joined(start, rest) {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(start)),
    pull: async (controller) => {
      const { done, value } = (await rest?.next()) ?? { done: true }
      done ? controller.close() : controller.enqueue(value)
    },
    cancel: async () => {
      await rest?.return?.()
    },
  })
}

module.exports = { answerRefusedBody, guardApp, guardFetch, guardRequests, verifyBody }
