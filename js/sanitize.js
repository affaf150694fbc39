// @ts-check
'use strict'

/** @import { Sanitized } from '../index.js' */

/** Half of a surrogate pair without the other half. */
const LONE = /\p{Surrogate}/gu

/**
 * Cleans a text, whose lone surrogates become U+FFFD first: the native library reads UTF-8, which has none.
 *
 * @param {string} text
 * @param {(text: string) => { text: string, kinds: string[], counts: number[] } | null} clean
 * @returns {Sanitized}
 */
function sanitized(text, clean) {
  const lone = text.isWellFormed() ? 0 : (text.match(LONE)?.length ?? 0)
  const wellFormed = lone === 0 ? text : text.toWellFormed()
  const answer = clean(wellFormed)
  const { kinds = [], counts = [] } = answer ?? {}
  const removed = kinds.map((kind, index) => ({ kind, count: counts[index] }))
  if (lone > 0) {
    removed.push({ kind: 'surrogate', count: lone })
  }
  return { text: answer?.text ?? wellFormed, removed: /** @type {Sanitized['removed']} */ (removed) }
}

module.exports = { sanitized }
