// @ts-check
'use strict'

// Carries the bytes of a session between the streams of a client and a server, no faster than they are taken.

/** @import { Readable, Writable } from 'node:stream' */

/** Answers of our own that may wait for a slow reader before the other side is no longer read (bytes). */
const MOST_WAITING = 1 << 20

/**
 * @param {object} streams
 * @param {Readable} streams.from the client's messages
 * @param {Writable} streams.to what the client reads
 * @param {Readable} streams.serverFrom
 * @param {Writable} streams.serverTo
 * @param {{ fromClient(chunk: Uint8Array): void, fromServer(chunk: Uint8Array): void }} session
 */
function relay({ from, to, serverFrom, serverTo }, session) {
  const flow = () => {
    pace(from, serverTo.writableNeedDrain || to.writableLength > MOST_WAITING)
    pace(serverFrom, to.writableNeedDrain || serverTo.writableLength > MOST_WAITING)
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

module.exports = { relay }
