// @ts-check
'use strict'

/** @import { Finding, Refusal, Verdict } from '../index.js' */

const { inputError } = require('./error.js')

/** Where the arguments of a call lie in its message. */
const ARGUMENTS = '/params/arguments'

/** Findings that a text tells, and characters of what it says of one. */
const MAX_TOLD = 3
const MAX_TEXT = 2048

/** @param {string} text */
function cut(text) {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}...` : text
}

/**
 * A finding for the model: which argument, what is wrong with it, which rule says so.
 *
 * @param {Finding} finding
 */
function sentence({ pointer, message, rule }) {
  const inside = pointer === ARGUMENTS || pointer.startsWith(`${ARGUMENTS}/`)
  const at = inside ? pointer.slice(ARGUMENTS.length) : pointer
  const place = at === '' ? '' : `${inside || !at.startsWith('/params') ? 'argument ' : ''}${at}: `
  return cut(`${place}${message}${message.includes(rule) ? '' : ` (${rule})`}`.toWellFormed())
}

/** @param {Verdict} verdict */
function verdictText({ findings }) {
  const denied = findings.filter(({ action }) => action === 'deny')
  const told = (denied.length === 0 ? findings : denied).slice(0, MAX_TOLD)
  return told.map(sentence).join('\n')
}

/**
 * The result that refuses a call, and tells the model why.
 *
 * @param {string} reason
 * @returns {Refusal}
 */
function refusal(reason) {
  return { content: [{ type: 'text', text: `Refused: ${reason}` }], isError: true }
}

/**
 * @param {string | Verdict | Error} reason
 * @returns {Refusal}
 */
function refusalFor(reason) {
  if (typeof reason === 'string') {
    return refusal(cut(reason.toWellFormed()))
  }
  if (reason instanceof Error) {
    const { finding } = /** @type {{ finding?: Finding }} */ (reason)
    return refusal(finding === undefined ? cut(reason.message) : sentence(finding))
  }
  if (typeof reason === 'object' && reason !== null && Array.isArray(reason.findings)) {
    return refusal(verdictText(reason))
  }
  throw inputError('a reason is a string, a verdict or an error')
}

module.exports = { refusalFor, verdictText }
