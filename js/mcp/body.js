// @ts-check
'use strict'

// The body of a request over HTTP: whether it is for MCP, and what is answered where it is refused. Knows nothing of
// the kinds of servers.

/** @import { Gate, MessageVerdict } from '../../index.js' */
/** @import { Answer } from './answers.js' */
/** @import { Judged } from './judged.js' */

const zlib = require('node:zlib')
const { INSIDE } = require('../inside.js')
const { INTERNAL_ERROR, PROTOCOL, answerTo, errorAnswer } = require('./answers.js')
const { judgedBy } = require('./judged.js')
const { judgedFor } = require('./refused.js')

/** Bytes of a body where the policy does not refuse by size. */
const MAX_BODY = 64 << 20
/** Bytes of a long body that tell whether it may be JSON. */
const LOOKED_AT = 1024
/** Stands for a body in another encoding, of which its bytes tell nothing: UTF-7 hides all in ASCII. */
const NO_UTF8 = Buffer.of(0xff)

const JSON_TYPE = /^[^;]*[/+]json\s*(;|$)/i
/** A charset that every reader of the header finds: behind no quoted text, which may hold another. */
const CHARSET = /^[^"]*;\s*charset\s*=\s*(?:"([^\s";\\]+)"|([^\s";\\]+))\s*(?:;|$)/i
const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii'])
/** The member that every message has. */
const MEMBER = 'jsonrpc'

/** @typedef {(bytes: Buffer, options: { maxOutputLength: number }) => Buffer} Decoder */

/** @type {Record<string, Decoder>} */
const DECODERS = {
  identity: (bytes) => bytes,
  gzip: zlib.gunzipSync,
  'x-gzip': zlib.gunzipSync,
  deflate: zlib.inflateSync,
  br: zlib.brotliDecompressSync,
  // Newer versions of Node only.
  .../** @type {any} */ ('zstdDecompressSync' in zlib && { zstd: zlib.zstdDecompressSync }),
}

/**
 * What a refused body is answered with. A result goes out as any other; a refused notification has no body.
 *
 * @typedef {{ status: number, answer: Answer | undefined }} Refused
 */

/**
 * What is known of a body before it is handed on: why it is refused, or that it was judged; neither where it is none of
 * MCP's. And its bytes without their encoding.
 *
 * @typedef {{ refused?: Refused, judged?: Judged, bytes?: Buffer }} Judgement
 */

/** @typedef {(name: string) => string | undefined} Headers of a request, by their names in lower case */

/**
 * The bytes that a body may have.
 *
 * @param {Gate} gate
 */
function maxBytes(gate) {
  return /** @type {any} */ (gate)[INSIDE].messageBytes ?? MAX_BODY
}

/**
 * The refusal of a body that is too long, which is told.
 *
 * @param {Gate} gate
 * @returns {Refused}
 */
function tooLarge(gate) {
  const most = maxBytes(gate)
  /** @type {import('../../index.js').MessageKind} */
  const kind = 'invalid'
  const unread = { kind, id: null }
  judgedFor(gate, unread, 'limit.bytes', '', `more bytes than ${most}`, 'deny')
  const data = { rule: 'limit.bytes', pointer: '' }
  return { status: 413, answer: errorAnswer(null, -32011, `more bytes than ${most} (limit.bytes)`, data) }
}

/** @type {WeakSet<Gate>} gates that failed, which is told once of each */
const failed = new WeakSet()

/**
 * The refusal of a body that cannot be judged: the gate was closed, or failed.
 *
 * @param {Gate} gate
 * @param {unknown} [error]
 * @returns {Refused}
 */
function notJudged(gate, error) {
  if (error !== undefined && !failed.has(gate)) {
    failed.add(gate)
    process.emitWarning('messages are refused that cannot be judged', {
      type: 'CallgateWarning',
      code: 'CALLGATE_NOT_JUDGED',
      detail: String(error),
    })
  }
  return { status: 500, answer: errorAnswer(null, INTERNAL_ERROR, 'the message could not be judged') }
}

/**
 * Whether a client of MCP sends it, by what the transport asks of all of them.
 *
 * @param {Headers} header
 */
function isOfMcp(header) {
  return (
    header('mcp-protocol-version') !== undefined ||
    header('mcp-session-id') !== undefined ||
    (header('accept') ?? '').toLowerCase().includes('text/event-stream')
  )
}

/**
 * Whether a body need be read before anybody else reads it: every transport of the SDKs asks for what this looks for.
 *
 * @param {string | undefined} method
 * @param {Headers} header
 */
function mayHoldMessage(method, header) {
  const type = header('content-type')?.toLowerCase()
  const isOpen = type === undefined || type.includes('json') || type.startsWith('text/')
  return method === 'POST' && (isOpen || isOfMcp(header))
}

/**
 * Whether a body that is longer than a message may be is surely none: of no client of MCP, in no encoding, and no JSON
 * whatever its header says.
 *
 * @param {Uint8Array} start of the body
 * @param {Headers} header
 */
function isOfAnother(start, header) {
  const type = header('content-type')
  const encoding = (header('content-encoding') ?? 'identity').trim().toLowerCase()
  const text = Buffer.from(start.subarray(0, LOOKED_AT)).toString('utf8').trimStart()
  return (
    type !== undefined &&
    !type.toLowerCase().includes('json') &&
    encoding === 'identity' &&
    !isOfMcp(header) &&
    !(text === '' || text.startsWith('{') || text.startsWith('['))
  )
}

/**
 * Judges a body, unless it is none of MCP's: of no client of MCP, and without a message.
 *
 * @param {Gate} gate
 * @param {Buffer} body
 * @param {Headers} header
 * @returns {Judgement}
 */
function judgeBody(gate, body, header) {
  try {
    const isJson = JSON_TYPE.test(header('content-type') ?? '')
    const most = maxBytes(gate)
    const bytes = textOf(body, header, isJson, most)
    if (bytes.length > most) {
      return { refused: tooLarge(gate) }
    }
    const concerns = () => bytes === NO_UTF8 || isOfMcp(header) || holdsMessage(bytes, isJson)
    return { ...judgeBytes(gate, bytes, concerns), bytes }
  } catch (error) {
    return { refused: notJudged(gate, error) }
  }
}

/**
 * The bytes that whoever parses the body makes its text of.
 *
 * @param {Buffer} body
 * @param {Headers} header
 * @param {boolean} isJson
 * @param {number} most
 * @returns {Buffer} one byte more than the most where there are more
 */
function textOf(body, header, isJson, most) {
  const encoding = (header('content-encoding') ?? 'identity').trim().toLowerCase()
  const isKnown = Object.hasOwn(DECODERS, encoding)
  if ((isJson || isOfMcp(header)) && !(isKnown && isUtf8(header('content-type') ?? ''))) {
    return NO_UTF8
  }
  try {
    return isKnown ? DECODERS[encoding](body, { maxOutputLength: most }) : body
  } catch (error) {
    return /** @type {any} */ (error).code === 'ERR_BUFFER_TOO_LARGE' ? Buffer.alloc(most + 1) : NO_UTF8
  }
}

/**
 * Whether all readers of a content type take the body for UTF-8. They differ where it names two charsets.
 *
 * @param {string} type
 */
function isUtf8(type) {
  const mentions = type.toLowerCase().split('charset').length - 1
  if (mentions === 0) {
    return true
  }
  const [, quoted, plain] = CHARSET.exec(type) ?? []
  return mentions === 1 && UTF8.has((quoted ?? plain ?? '').toLowerCase())
}

/**
 * @param {Gate} gate
 * @param {Buffer} bytes
 * @param {() => boolean} concerns whether it is MCP's
 * @returns {Judgement}
 */
function judgeBytes(gate, bytes, concerns) {
  const inside = /** @type {any} */ (gate)[INSIDE]
  const start = inside.clock()
  /** @type {MessageVerdict} */
  const verdict = inside.judge(bytes)
  // What is surely a message need not be looked at for whose it is.
  if ((verdict.kind === 'invalid' || verdict.kind === 'batch') && !concerns()) {
    return {}
  }
  inside.tell(verdict, start)
  if (verdict.action !== 'deny') {
    return { judged: judgedBy(gate, verdict) }
  }
  const answer = answerTo(verdict, bytes.includes(PROTOCOL))
  return { refused: { status: answer !== undefined && 'result' in answer ? 200 : 400, answer } }
}

/**
 * Whether a body is a message, or a list with one, for any reader of JSON.
 *
 * @param {Buffer} bytes
 * @param {boolean} isJson whether it says that it is JSON
 */
function holdsMessage(bytes, isJson) {
  if (!bytes.includes(MEMBER) && !bytes.includes('\\u')) {
    return false
  }
  const value = parsed(bytes)
  if (value === undefined) {
    return isJson
  }
  return (Array.isArray(value) ? value : [value]).some((one) => {
    return typeof one === 'object' && one !== null && Object.hasOwn(one, MEMBER)
  })
}

/**
 * What readers of JSON make of a text, most of which take a byte order mark off; `undefined` for what is none.
 *
 * @param {Buffer} bytes
 * @returns {unknown}
 */
function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

module.exports = { isOfAnother, judgeBody, maxBytes, mayHoldMessage, notJudged, parsed, tooLarge }
