// @ts-check
'use strict'

// One session: a client on our own streams, and the server that is started for it.

const { Catalogue } = require('./catalogue.js')
const { Child } = require('./child.js')
const { Grants } = require('./grants.js')
const { MOST, relay, whenLeft } = require('./relay.js')
const { Results } = require('../mcp/results.js')
const { Session } = require('./session.js')
const { Whereabouts } = require('./whereabouts.js')

/** @import { Gate } from '../../index.js' */
/** @import { Io } from '../cli/program.js' */
/** @import { End } from './child.js' */
/** @import { Lock } from './lock.js' */
/** @import { Grant } from './grants.js' */

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * @typedef {object} Options
 * @property {Gate} gate
 * @property {Gate} serverGate
 * @property {(tools: ReadonlyMap<string, any>) => Gate} learn makes the gate that knows tools
 * @property {boolean} observes
 * @property {Lock} [lock]
 * @property {Grant[]} grants
 * @property {number} grace milliseconds that the server has to end
 * @property {(tools: ReadonlyMap<string, any>) => void} known told once, when all tools of the server are known
 * @property {(roots: unknown) => void} [narrows] told which roots the client names
 * @property {(folders: readonly (string | undefined)[]) => void} [moved] told in which folders the server may work, where
 *   that is not the one that it was started in
 * @property {InstanceType<typeof import('./log.js').Log>} log
 */

/**
 * Runs a session to its end.
 *
 * @param {string[]} command
 * @param {Options} options
 * @param {Io} io
 * @returns {Promise<{ end: End, abandoned: boolean }>} abandoned: the client has not read all of it
 */
async function runProxy(
  command,
  { gate, serverGate, learn, observes, lock, grants, grace, known, narrows, moved, log },
  io,
) {
  const child = new Child(command, grace)
  const from = /** @type {import('node:stream').Readable} */ (io.stdin)
  const to = /** @type {import('node:stream').Writable} */ (io.stdout)
  const { stdin: serverTo, stdout: serverFrom } = child
  const catalogue = new Catalogue({ gate, lock, report: (report) => log.tell({ side: 'server', ...report }) })
  const session = new Session({
    gate,
    serverGate,
    catalogue,
    learn,
    known,
    narrows,
    grants: new Grants(grants),
    observes,
    results: new Results(gate),
    whereabouts:
      moved === undefined || child.pid === undefined ? undefined : new Whereabouts(child.pid, moved),
    toClient: (bytes) => to.writable && to.write(bytes),
    // A server that asks and asks, and reads no answer, gets none.
    toServer: (bytes, own) =>
      serverTo.writable && (own !== true || serverTo.writableLength <= MOST) && serverTo.write(bytes),
    tell: (told) => log.tell(told),
    note: (text) => log.line(text),
  })

  // Whoever reads may go at any time: then the session is over, and not yet the process.
  const clientGone = new Promise((resolve) => {
    to.removeAllListeners('error')
    to.on('error', resolve)
    to.on('close', resolve)
  })
  /** @type {(value?: unknown) => void} */
  let hurry = () => {}
  /** Once the session is to end, nobody is waited for much longer. */
  const outOfTime = new Promise((resolve) => {
    hurry = () => setTimeout(resolve, grace, 'late').unref()
  })
  const finish = () => {
    hurry()
    child.finish()
  }
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    hurry()
    child.signal(signal)
  }
  const onExit = () => child.kill()
  clientGone.then(finish)
  from.on('end', () => {
    hurry()
    session.whenReleased(() => child.finish())
    outOfTime.then(() => child.finish())
  })
  from.on('error', finish)
  whenLeft(from, () => {
    hurry()
    child.expire()
  })
  for (const signal of SIGNALS) {
    process.on(signal, onSignal)
  }
  process.on('exit', onExit)

  relay({ from, to, serverFrom, serverTo }, session)
  const end = await child.ended
  // What it wrote before it ended is still in the pipe, and is passed on as fast as it is read.
  await Promise.race([ended(serverFrom), clientGone, outOfTime])
  session.serverEnded()
  from.destroy()
  const last = await Promise.race([flushed(to), clientGone, outOfTime])
  for (const signal of SIGNALS) {
    process.off(signal, onSignal)
  }
  process.off('exit', onExit)
  log.end()
  return { end, abandoned: last === 'late' }
}

/** @param {import('node:stream').Readable} stream */
function ended(stream) {
  return stream.readableEnded || stream.destroyed
    ? undefined
    : new Promise((resolve) => {
        stream.on('end', resolve)
        stream.on('close', resolve)
      })
}

/** @param {import('node:stream').Writable} stream */
function flushed(stream) {
  return new Promise((resolve) => stream.write('', () => resolve('flushed')))
}

module.exports = { runProxy }
