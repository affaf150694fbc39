// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { Clean } from './results.js' */

const { StdinFilter } = require('./filter.js')
const { Writer } = require('./writer.js')

/**
 * Puts a filter between standard input and the SDK's transport for it, so that the bytes are judged and not what was
 * made of them. The transport stays the object that it is. Only before it starts, and where its streams are where
 * both lines have them; `undefined` otherwise.
 *
 * @param {any} transport
 * @param {Gate} gate
 */
function filterInput(transport, gate) {
  const { _stdin: source, _stdout: stdout, _started: started, _readBuffer: buffer } = transport
  if (started !== false || buffer === undefined || !isStream(source, 'pipe') || !isStream(stdout, 'write')) {
    return undefined
  }
  const filter = new StdinFilter(gate, { stdout, maxLineBytes: buffer._maxBufferSize })
  const fails = (/** @type {Error} */ error) => filter.destroy(error)
  source.on('error', fails)
  // The transport pauses its input when it closes, and the process may end then.
  filter.pause = () => {
    if (filter.listenerCount('data') === 0) {
      source.unpipe(filter)
      source.off('error', fails)
      source.pause()
    }
    return StdinFilter.prototype.pause.call(filter)
  }
  transport._stdin = source.pipe(filter)
  return filter
}

/**
 * How messages go out over the SDK's transport for standard output when their text is there already: it is not made
 * a second time.
 *
 * @param {any} transport
 */
function textSender(transport) {
  const stdout = transport._stdout
  if (transport._readBuffer === undefined || !isStream(stdout, 'write')) {
    return undefined
  }
  const writer = new Writer(stdout)
  return (/** @type {Clean} */ clean) => {
    return transport._closed === true
      ? Promise.reject(new Error('the transport is closed'))
      : writer.writeClean(clean)
  }
}

/**
 * @param {any} stream
 * @param {string} method
 */
function isStream(stream, method) {
  return typeof stream?.[method] === 'function' && typeof stream.on === 'function'
}

module.exports = { filterInput, textSender }
