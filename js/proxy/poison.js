// @ts-check
'use strict'

const { Gate } = require('../../index.js')

/** @type {Gate | undefined} */
let judge

/**
 * What gives a value away that a server describes itself with and that is made to deceive the model, or `undefined`,
 * whatever the policy of the session says.
 *
 * @param {unknown} value the definition of a tool or of something else that is listed, or a text
 * @param {boolean} [isResource] whether its name is for people, in any language, and none to call it by
 * @returns {{ pointer: string, message: string } | undefined}
 */
function poisonIn(value, isResource = false) {
  judge ??= new Gate()
  const of = isResource ? 'resource' : typeof value === 'string' ? 'server' : 'tool'
  // `undefined` is no JSON, and holds nothing.
  const [finding] = judge.auditDefinition(JSON.stringify(value) ?? 'null', of).findings
  if (finding === undefined) {
    return undefined
  }
  const { rule, pointer, message } = finding
  return { pointer, message: message.slice(0, message.lastIndexOf(` (${rule}`)) }
}

module.exports = { poisonIn }
