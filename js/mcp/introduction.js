// @ts-check
'use strict'

// What a server says of itself as it introduces itself: its instructions and `serverInfo`, which hosts show to the model.

/** The requests that a server answers with it. */
const INTRODUCTIONS = new Set(['initialize', 'server/discover'])

/**
 * An introduction without instructions that may not be shown, and with the name and the version alone of a `serverInfo`
 * that may not.
 *
 * @param {any} result
 * @param {object} denies
 * @param {(instructions: unknown) => boolean} denies.instructions of which there may be none
 * @param {(info: unknown) => boolean} denies.info
 * @param {(text: string) => boolean} denies.text of a name or version
 * @returns {any} the same object where nothing is taken out
 */
function introduced(result, denies) {
  const { instructions, serverInfo } = Object(result)
  let shown = result
  if (denies.instructions(instructions) && instructions !== undefined) {
    const { instructions: _, ...rest } = shown
    shown = rest
  }
  if (serverInfo !== undefined && denies.info(serverInfo)) {
    const { name, version } = Object(serverInfo)
    const kept = Object.entries({ name, version }).map(([member, value]) => {
      const isPlain = typeof value === 'string' && !denies.text(value)
      return [member, isPlain ? value : 'unknown']
    })
    shown = { ...shown, serverInfo: Object.fromEntries(kept) }
  }
  return shown
}

module.exports = { INTRODUCTIONS, introduced }
