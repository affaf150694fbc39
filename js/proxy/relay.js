// @ts-check
'use strict'

// Carries the bytes of a session between the streams of a client and a server, no faster than they are taken.

const { binding } = require('../loader.js')

/** @import { Readable, Writable } from 'node:stream' */

/** What may wait for a reader before more of it is read (bytes). */
const ENOUGH = 1 << 18
/**
 * The same for answers of our own, which come of what the reader itself wrote. It may be one that reads nothing before
 * all of that is taken, so that there is room for more than a message.
 */
const MOST = 1 << 25
/** How often it is looked whether a client is still there whose messages are not read (milliseconds). */
const LOOK = 250

/**
 * Calls once nobody is left who writes to standard input. A stream that is paused tells its end to nobody: its client may
 * have left while its messages wait for a server that reads none.
 *
 * @param {Readable} from
 * @param {() => void} left
 */
function whenLeft(from, left) {
  const timer = setInterval(() => {
    if (from.isPaused() && binding.isInputOver()) {
      clearInterval(timer)
      left()
    }
  }, LOOK).unref()
  from.once('close', () => clearInterval(timer))
}

/**
 * @param {object} streams
 * @param {Readable} streams.from the client's messages
 * @param {Writable} streams.to what the client reads
 * @param {Readable} streams.serverFrom
 * @param {Writable} streams.serverTo
 * @param {{ fromClient(chunk: Uint8Array): void, fromServer(chunk: Uint8Array): void }} session
 */
function relay({ from, to, serverFrom, serverTo }, session) {
  // The server's output never waits for its input: a server that first writes and then reads would wait for ever.
  const flow = () => {
    pace(from, serverTo.writableLength > ENOUGH || to.writableLength > MOST)
    pace(serverFrom, to.writableLength > ENOUGH)
  }
  /** @param {(chunk: Uint8Array) => void} take */
  const batch = (take) => (/** @type {Uint8Array} */ chunk) => {
    // What comes of one chunk is written in one go.
    to.cork()
    serverTo.cork()
    try {
      take(chunk)
    } finally {
      to.uncork()
      serverTo.uncork()
    }
    flow()
  }
  to.on('drain', flow)
  serverTo.on('drain', flow)
  from.on(
    'data',
    batch((chunk) => session.fromClient(chunk)),
  )
  serverFrom.on(
    'data',
    batch((chunk) => session.fromServer(chunk)),
  )
}

/**
 * @param {Readable} stream
 * @param {boolean} waits
 */
function pace(stream, waits) {
  if (waits !== stream.isPaused()) {
    if (waits) {
      stream.pause()
    } else {
      stream.resume()
    }
  }
}

module.exports = { MOST, relay, whenLeft }
