// @ts-check
'use strict'

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Gate, MessageVerdict } from '../../index.js' */
/** @import { Answer } from './answers.js' */

const { INSIDE } = require('../inside.js')
const { PROTOCOL, answerTo, errorAnswer } = require('./answers.js')

/** Bytes of a body where the policy does not refuse by size. */
const MAX_BODY = 64 << 20
/** Stands for a body in another encoding, of which its bytes tell nothing: UTF-7 hides all in ASCII. */
const NO_UTF8 = Buffer.of(0xff)

/** @param {Gate} gate */
function maxBytes(gate) {
  return /** @type {any} */ (gate)[INSIDE].messageBytes ?? MAX_BODY
}

/**
 * What a refused body is answered with. A result goes out as any other; a refused notification has no body.
 *
 * @typedef {{ status: number, answer: Answer | undefined }} Refused
 */

/** @param {number} most @returns {Refused} */
function tooLarge(most) {
  const data = { rule: 'limit.bytes', pointer: '' }
  return { status: 413, answer: errorAnswer(null, -32011, `more bytes than ${most} (limit.bytes)`, data) }
}

/**
 * @param {Gate} gate
 * @param {Uint8Array} body
 * @returns {Refused | undefined}
 */
function refusedBody(gate, body) {
  const verdict = gate.auditMessage(body)
  if (verdict.action !== 'deny') {
    return undefined
  }
  const answer = answerTo(verdict, Buffer.from(body.buffer, body.byteOffset, body.length).includes(PROTOCOL))
  return { status: answer !== undefined && 'result' in answer ? 200 : 400, answer }
}

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

/**
 * @param {Gate} gate
 * @returns {(req: IncomingMessage, res: ServerResponse, body: Buffer, encoding?: string) => void}
 */
function verifyBody(gate) {
  return (_req, _res, body, encoding = 'utf-8') => {
    const refused = refusedBody(gate, encoding.toLowerCase() === 'utf-8' ? body : NO_UTF8)
    if (refused !== undefined) {
      throw new RefusedBody(refused)
    }
  }
}

/** @returns {(error: any, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void} */
function answerRefusedBody() {
  // Express tells such a function by its four parameters.
  return (error, _req, res, next) => {
    if (error?.callgate === undefined) {
      next(error)
    } else {
      respond(res, error.callgate)
    }
  }
}

/**
 * @param {ServerResponse} res
 * @param {Refused} refused
 */
function respond(res, { status, answer }) {
  if (answer === undefined) {
    res.writeHead(status).end()
  } else {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
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
  return async (req, res) => {
    if (req.method !== 'POST') {
      await handler(req, res)
      return
    }
    const most = maxBytes(gate)
    const body = await collected(req, most)
    if (body === undefined) {
      res.setHeader('connection', 'close')
      respond(res, tooLarge(most))
      return
    }
    const refused = refusedBody(gate, body)
    if (refused !== undefined) {
      respond(res, refused)
      return
    }
    await handler(req, res, JSON.parse(body.toString('utf8')))
  }
}

/**
 * The bytes of a body, `undefined` for more than there may be.
 *
 * @param {AsyncIterable<Uint8Array>} stream
 * @param {number} most
 */
async function collected(stream, most) {
  const chunks = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > most) {
      return undefined
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * @template {unknown[]} Rest
 * @param {Gate} gate
 * @param {(request: Request, ...rest: Rest) => Response | Promise<Response>} handler
 * @returns {(request: Request, ...rest: Rest) => Promise<Response>}
 */
function guardFetch(gate, handler) {
  return async (request, ...rest) => {
    if (request.method !== 'POST' || request.body === null) {
      return handler(request, ...rest)
    }
    const most = maxBytes(gate)
    const body = await collected(/** @type {any} */ (request.body), most)
    const refused = body === undefined ? tooLarge(most) : refusedBody(gate, body)
    if (refused !== undefined) {
      const { status, answer } = refused
      return answer === undefined ? new Response(null, { status }) : Response.json(answer, { status })
    }
    const { method, headers, signal } = request
    return handler(new Request(request.url, { method, headers, signal, body }), ...rest)
  }
}

module.exports = { answerRefusedBody, guardFetch, guardRequests, verifyBody }
