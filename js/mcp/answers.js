// @ts-check
'use strict'

/** @import { Finding, MessageVerdict } from '../../index.js' */

const { refusalFor } = require('../refuse.js')

const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600
const INVALID_PARAMS = -32602
const INTERNAL_ERROR = -32603

/** Codes of our own, by what starts the id of the rule. Never reused. */
const CODES = /** @type {const} */ ([
  ['json.', -32010],
  ['limit.', -32011],
  ['rpc.', -32012],
  ['access.', -32013],
])
/** A refusal by policy of a request whose result has no place to say it. */
const POLICY = -32014

const CALL = 'tools/call'
const PROTOCOL = 'io.modelcontextprotocol/protocolVersion'

/**
 * @typedef {string | number | null} Id
 * @typedef {{ jsonrpc: '2.0', id: Id, error: { code: number, message: string, data?: unknown } }} ErrorAnswer
 * @typedef {{ jsonrpc: '2.0', id: Id, result: object }} ResultAnswer
 * @typedef {ErrorAnswer | ResultAnswer} Answer
 */

/**
 * @param {Id} id
 * @param {number} code
 * @param {string} message
 * @param {unknown} [data]
 * @returns {ErrorAnswer}
 */
function errorAnswer(id, code, message, data) {
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } }
}

/** @param {MessageVerdict} verdict */
function codeOf({ kind, findings }) {
  const denied = findings.filter(({ action }) => action === 'deny')
  const unread = denied.find(({ rule }) => rule === 'json.syntax' || rule === 'json.utf8')
  if (unread !== undefined) {
    return { code: PARSE_ERROR, finding: unread }
  }
  const envelope = denied.find(({ rule }) => rule.startsWith('rpc.'))
  if (envelope !== undefined && (kind === 'invalid' || kind === 'batch')) {
    return { code: INVALID_REQUEST, finding: envelope }
  }
  const finding = /** @type {Finding} */ (denied[0])
  if (finding.rule === 'rpc.envelope') {
    return { code: INVALID_PARAMS, finding }
  }
  return { code: CODES.find(([start]) => finding.rule.startsWith(start))?.[1], finding }
}

/**
 * The answer to a message that is refused; none to a notification and to an answer.
 *
 * @param {MessageVerdict} verdict
 * @param {boolean} modern whether it speaks a protocol whose results have a type
 * @returns {Answer | undefined}
 */
function answerTo(verdict, modern) {
  const { kind, id, method } = verdict
  if (kind === 'notification' || kind === 'response') {
    return undefined
  }
  const { code, finding } = codeOf(verdict)
  if (code === undefined && method === CALL) {
    const result = refusalFor(verdict)
    return { jsonrpc: '2.0', id, result: modern ? { ...result, resultType: 'complete' } : result }
  }
  const { rule, pointer, message } = finding
  return errorAnswer(id, code ?? POLICY, message, { rule, pointer })
}

/**
 * What the server is told instead of an answer of its peer that is refused: it waits for one.
 *
 * @param {MessageVerdict} verdict
 * @returns {ErrorAnswer | undefined}
 */
function insteadOf(verdict) {
  if (verdict.kind !== 'response' || verdict.id === null) {
    return undefined
  }
  const { code, finding } = codeOf(verdict)
  const { rule, pointer, message } = finding
  return errorAnswer(verdict.id, code ?? POLICY, message, { rule, pointer })
}

/**
 * The refusal of an id that another request still has.
 *
 * @param {Id} id
 */
function idInUse(id) {
  const message = 'another request with this id is not answered yet (rpc.id)'
  return errorAnswer(id, INVALID_REQUEST, message, { rule: 'rpc.id', pointer: '/id' })
}

/**
 * The refusal of a call of which it is not known what its arguments are.
 *
 * @param {Id} id
 */
function notListed(id) {
  const message = 'the tool cannot be called: the server does not list its tools'
  return errorAnswer(id, INTERNAL_ERROR, message)
}

/** @param {any} message a request or notification */
function isModern(message) {
  return message?.params?._meta?.[PROTOCOL] !== undefined
}

module.exports = {
  CALL,
  INTERNAL_ERROR,
  PARSE_ERROR,
  PROTOCOL,
  answerTo,
  errorAnswer,
  idInUse,
  insteadOf,
  isModern,
  notListed,
}
