// @ts-check
'use strict'

// What a refused message is answered with.

/** @import { Finding } from '../../index.js' */

/**
 * What is known of a refused message.
 *
 * @typedef {object} Refused
 * @property {'request' | 'notification' | 'response' | 'batch' | 'invalid'} kind
 * @property {string | number | null} id
 * @property {string} [method]
 * @property {readonly Finding[]} findings
 */

/** JSON-RPC's own codes. */
const PARSE = -32700
const ENVELOPE = -32600
const PARAMS = -32602
const INTERNAL = -32603

/** Codes of callgate, by what refuses. Those of JSON-RPC and of the SDKs lie elsewhere. */
const CODES = Object.freeze({
  json: -32010,
  limit: -32011,
  rpc: -32012,
  access: -32013,
  rate: -32014,
  resource: -32015,
  tool: -32016,
})
/** What is left: the content of a request that is no call of a tool. */
const CONTENT = -32019

/** A call that one of these refuses never got as far as its arguments: that is an error, not a result. */
const STRUCTURAL = new Set(['json', 'limit', 'rpc', 'access', 'rate'])

const ARGUMENTS = '/params/arguments'
/** Findings that a text tells. */
const MAX_TOLD = 3
/** Characters of what it says of one. */
const MAX_TEXT = 2048

/** @param {string} rule */
function family(rule) {
  return rule.slice(0, rule.indexOf('.'))
}

/** @param {string} text */
function cut(text) {
  return (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text).toWellFormed()
}

/** @param {Finding} finding */
function sentence({ pointer, message, rule }) {
  const inside = pointer.startsWith(`${ARGUMENTS}/`)
  const place = inside
    ? `argument ${pointer.slice(ARGUMENTS.length)}: `
    : pointer === ''
      ? ''
      : `${pointer}: `
  return cut(`${place}${message}${message.includes(rule) ? '' : ` (${rule})`}`)
}

/**
 * The finding that decided.
 *
 * @param {readonly Finding[]} findings
 */
function deciding(findings) {
  return /** @type {Finding} */ (findings.find(({ action }) => action === 'deny') ?? findings[0])
}

/**
 * @param {Refused} refused
 * @param {Finding} finding
 */
function codeOf({ kind }, { rule }) {
  if (rule === 'json.syntax' || rule === 'json.utf8') {
    return PARSE
  }
  if (kind === 'invalid' || kind === 'batch') {
    return ENVELOPE
  }
  if (rule === 'rpc.envelope') {
    return PARAMS
  }
  const codes = /** @type {Record<string, number>} */ (CODES)
  return codes[family(rule)] ?? CONTENT
}

/**
 * The JSON-RPC error that a finding is told with.
 *
 * @param {Refused} refused
 */
function errorFor(refused) {
  const finding = deciding(refused.findings)
  const { rule, pointer } = finding
  return {
    code: codeOf(refused, finding),
    message: cut(finding.message),
    data: { rule, pointer: cut(pointer) },
  }
}

/**
 * What a refused request is answered with; `undefined` for what is never answered: notifications and answers. What is
 * no message of JSON-RPC is answered as a request is, because that is what its sender waits for.
 *
 * A call of a tool that its content, a path, a URL or the state of the tool refuses gets a result with `isError`, which
 * the model can read; everything else gets an error.
 *
 * @param {Refused} refused
 * @param {{ modern?: boolean }} [options] `modern` for protocol 2026-07-28 and later
 * @returns {object | undefined}
 */
function answerTo(refused, { modern = false } = {}) {
  const { kind, id, method, findings } = refused
  if (kind === 'notification' || kind === 'response') {
    return undefined
  }
  const { rule } = deciding(findings)
  if (kind !== 'request' || method !== 'tools/call' || STRUCTURAL.has(family(rule))) {
    return { jsonrpc: '2.0', id, error: errorFor(refused) }
  }
  const told = findings.filter(({ action }) => action === 'deny').slice(0, MAX_TOLD)
  const text = `Refused: ${told.map(sentence).join('\n')}`
  const result = { content: [{ type: 'text', text }], isError: true }
  return { jsonrpc: '2.0', id, result: modern ? { resultType: 'complete', ...result } : result }
}

module.exports = { CODES, INTERNAL, answerTo, errorFor }
