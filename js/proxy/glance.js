// @ts-check
'use strict'

// The id and method of a message that the gate let pass, without parsing all of it, where they stand in the places
// that the SDKs write them to. The gate has seen to it that the text is one object in which no member stands twice.
//
// Why a pattern cannot be led astray: it holds on to the first bytes of the text or to its last ones. What follows
// `{` there is a member of the message itself, and so is what stands before the last `}`; a quote behind a comma or a
// brace begins a string, as one inside of a string would have a backslash before it.

/** @import { ReadMessage } from '../../index.js' */

const ID = '"id":(?:(-?\\d{1,16})|"([\\w.:-]{1,64})")'
const HEAD = new RegExp(`^\\{"jsonrpc":"2\\.0",${ID}[,}]`)
const TAIL = new RegExp(`,${ID}\\}$`)
const METHOD = new RegExp(`^\\{(?:"jsonrpc":"2\\.0",(?:${ID},)?)?"method":"(?<method>[\\w./-]{1,64})"[,}]`)

/** No tail that is looked for is longer (characters). */
const LONGEST = 96

/** @param {RegExpExecArray | null} found */
function idIn(found) {
  return found === null ? undefined : (found[2] ?? Number(found[1]))
}

/**
 * @param {ReadMessage} message one that was not refused
 * @returns {string | number | null}
 */
function idOf(message) {
  if ('kind' in message.verdict) {
    return message.verdict.id
  }
  const text = /** @type {string} */ (message.text)
  return idIn(HEAD.exec(text)) ?? idIn(TAIL.exec(text.slice(-LONGEST))) ?? message.id
}

/**
 * @param {ReadMessage} message one that was not refused
 * @returns {string | undefined}
 */
function methodOf(message) {
  if ('kind' in message.verdict) {
    return message.verdict.method
  }
  return METHOD.exec(/** @type {string} */ (message.text))?.groups?.method ?? message.method
}

module.exports = { idOf, methodOf }
