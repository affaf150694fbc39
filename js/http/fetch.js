// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { GuardedFetchOptions } from './index.js' */
/** @import { IncomingMessage } from 'node:http' */
/** @import { LookupFunction } from 'node:net' */

const http = require('node:http')
const https = require('node:https')
const { Readable, pipeline } = require('node:stream')
const zlib = require('node:zlib')
const { inputError } = require('../error.js')
const { createLookup, refusalOf } = require('./lookup.js')

const MAX_REDIRECTS = 10
/** Answers before the answer of one request, such as hints of what will be needed. */
const MAX_INTERIM = 16
/** A host as a redirect writes it, with the scheme or without. */
const WRITTEN = /^([a-z][a-z\d+.-]*:)?[\\/]{2,}([^\\/?#]*)/i
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const NULL_BODY = new Set([204, 205, 304])
const MIN_STATUS = 200
const MAX_STATUS = 599

/** What proves who asks: not for another origin. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'cookie2']

/** What describes a body that is no longer sent. */
const OF_THE_BODY = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
]

/** Of one connection, not of the request: the client sets them. */
const OF_THE_CONNECTION = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

const DECODERS = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
}

/**
 * @typedef {object} Hop
 * @property {URL} url
 * @property {string} method
 * @property {Headers} headers
 * @property {Buffer | undefined} body
 * @property {AbortSignal} signal
 */

/**
 * @param {Gate} gate
 * @param {string | URL | Request} input
 * @param {GuardedFetchOptions} [init]
 * @returns {Promise<Response>}
 */
async function guardedFetch(gate, input, init = {}) {
  const { resolver, ...rest } = init
  const lookup = createLookup(gate, { resolver })
  if (typeof input !== 'string' && !(input instanceof URL) && !(input instanceof Request)) {
    throw inputError('the input of guardedFetch is a string, a URL or a Request')
  }
  // As written, before any parser folds it.
  const first = input instanceof Request ? input.url : String(input)
  allow(gate, first)
  const request = new Request(input, rest)
  const redirect = rest.redirect ?? (input instanceof Request ? input.redirect : 'follow')
  /** @type {string | undefined} */
  let written
  let hop = await firstHop(request, new URL(first))

  for (let followed = 0; ; followed++) {
    // As Node reads it, which is what is connected to. An address is not looked up, so that this is its check.
    allow(gate, hop.url.href)
    if (written !== undefined) {
      allow(gate, written)
    }
    hop.signal.throwIfAborted()
    const message = await send(hop, lookup)
    const location = REDIRECTS.has(message.statusCode ?? 0) ? message.headers.location : undefined
    if (location === undefined || redirect === 'manual') {
      try {
        return response(message, hop, followed > 0)
      } catch {
        // A status, a reason or a header that no Response can have.
        message.destroy()
        throw new TypeError('an answer that cannot be told')
      }
    }
    message.destroy()
    if (redirect === 'error' || followed === MAX_REDIRECTS) {
      throw new TypeError(
        redirect === 'error' ? 'unexpected redirect' : `more than ${MAX_REDIRECTS} redirects`,
      )
    }
    written = asWritten(location, hop.url)
    hop = nextHop(hop, message.statusCode ?? 0, location)
  }
}

/**
 * @param {Gate} gate
 * @param {string} url
 */
function allow(gate, url) {
  const refused = refusalOf(gate.checkUrl(url))
  if (refused) {
    throw refused
  }
}

/**
 * @param {Request} request
 * @param {URL} url
 * @returns {Promise<Hop>}
 */
async function firstHop(request, url) {
  const headers = new Headers(request.headers)
  for (const name of OF_THE_CONNECTION) {
    headers.delete(name)
  }
  if (!headers.has('accept')) {
    headers.set('accept', '*/*')
  }
  if (!headers.has('accept-encoding')) {
    headers.set('accept-encoding', 'gzip, deflate, br')
  }
  // Whole in memory, because a redirect may ask for it again.
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
  return { url, method: request.method, headers, body, signal: request.signal }
}

/**
 * The host of a redirect as it is written, which what Node reads was folded from; none where the host stays.
 *
 * @param {string} location
 * @param {URL} from
 */
function asWritten(location, from) {
  const [, scheme = from.protocol, host] = WRITTEN.exec(location.replaceAll('\t', '').trim()) ?? []
  return host === undefined ? undefined : `${scheme}//${host}/`
}

/**
 * The request that a redirect asks for (Fetch, "HTTP-redirect fetch").
 *
 * @param {Hop} hop
 * @param {number} status
 * @param {string} location
 * @returns {Hop}
 */
function nextHop(hop, status, location) {
  let url
  try {
    url = new URL(location, hop.url)
  } catch {
    throw new TypeError('a redirect to what is no URL')
  }
  const headers = new Headers(hop.headers)
  let { method, body } = hop
  const becomesGet = status === 303 ? !['GET', 'HEAD'].includes(method) : status < 303 && method === 'POST'
  if (becomesGet) {
    method = 'GET'
    body = undefined
    for (const name of OF_THE_BODY) {
      headers.delete(name)
    }
  }
  if (url.origin !== hop.url.origin) {
    for (const name of CREDENTIALS) {
      headers.delete(name)
    }
  }
  return { url, method, headers, body, signal: hop.signal }
}

/**
 * @param {Hop} hop
 * @param {LookupFunction} lookup
 * @returns {Promise<IncomingMessage>}
 */
function send({ url, method, headers, body, signal }, lookup) {
  const client = { 'http:': http, 'https:': https }[url.protocol]
  if (client === undefined) {
    throw new TypeError('guardedFetch speaks http and https')
  }
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method,
      headers: Object.fromEntries(headers),
      lookup: lookup,
      signal,
      // A connection of its own: one from a pool may have been made without this look-up.
      agent: false,
    })
    request.on('response', resolve)
    request.on('error', reject)
    let interim = 0
    request.on('information', () => {
      interim += 1
      if (interim > MAX_INTERIM) {
        request.destroy(new TypeError('the server answers and answers, and never to the end'))
      }
    })
    // Nothing is spoken here but HTTP.
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(new TypeError('the server switches to another protocol'))
    })
    // After an answer it says nothing more.
    request.on('close', () => reject(new TypeError('the connection ended without an answer')))
    request.end(body)
  })
}

/**
 * @param {IncomingMessage} message
 * @param {Hop} hop
 * @param {boolean} redirected
 */
function response(message, hop, redirected) {
  const status = message.statusCode ?? 0
  if (status < MIN_STATUS || status > MAX_STATUS) {
    throw new RangeError('no status of an answer')
  }
  const headers = new Headers()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    headers.append(message.rawHeaders[at], message.rawHeaders[at + 1])
  }
  const empty = NULL_BODY.has(status) || hop.method === 'HEAD'
  if (empty) {
    message.resume()
  }
  const body = empty ? null : /** @type {ReadableStream} */ (Readable.toWeb(decoded(message)))
  const answer = new Response(body, { status, statusText: message.statusMessage, headers })
  Object.defineProperty(answer, 'url', { value: hop.url.href })
  Object.defineProperty(answer, 'redirected', { value: redirected })
  return answer
}

/**
 * The body without its encoding; one that is not known stays as it is.
 *
 * @param {IncomingMessage} message
 */
function decoded(message) {
  const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase()
  if (!Object.hasOwn(DECODERS, encoding)) {
    return message
  }
  const decoder = DECODERS[/** @type {keyof typeof DECODERS} */ (encoding)]()
  // A failure of either end reaches the reader through the decoder.
  return pipeline(message, decoder, () => {})
}

module.exports = { guardedFetch }
