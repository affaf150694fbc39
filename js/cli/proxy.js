// @ts-check
'use strict'

const { createWriteStream } = require('node:fs')
const { randomUUID } = require('node:crypto')
const { describe } = require('../proxy/client.js')
const { Log } = require('../proxy/log.js')
const { runProxy } = require('../proxy/proxy.js')
const { coverageLines, isComplete, startLines } = require('./coverage.js')
const { CliError, EXIT } = require('./exit.js')
const { followNamed, following } = require('./folder.js')
const { RELATIVE } = require('./roots.js')
const { failureOf, gateFrom, judgesOf, launching, lockFrom } = require('./launch.js')

/** @import { Gate } from '../../index.js' */
/** @import { Grant } from '../proxy/grants.js' */
/** @import { Io } from './program.js' */

/** Who may read the log: it holds names of tools and places in arguments. */
const LOG_MODE = 0o600

/**
 * Opens a log to write on at its end, before anything is started.
 *
 * @param {string} file
 */
async function logStream(file) {
  const stream = createWriteStream(file, { flags: 'a', mode: LOG_MODE })
  await new Promise((resolve, reject) => {
    stream.once('open', resolve)
    stream.once('error', ({ message }) => reject(new CliError(`${file}: ${message}`)))
  })
  // A disk that is full ends no session.
  stream.on('error', () => {})
  return stream
}

/**
 * What is to be known of the protection before the first call: where relative paths lie, what is not protected, which names
 * in the policy stand for nothing.
 *
 * @param {Gate} gate
 * @param {InstanceType<typeof Log>} log
 * @param {boolean} verbose whether all of it is told
 */
function telling(gate, log, verbose) {
  return (/** @type {ReadonlyMap<string, object>} */ tools) => {
    try {
      const coverage = gate.describe([...tools.values()])
      for (const line of verbose ? coverageLines(coverage) : startLines(coverage)) {
        log.line(line)
      }
    } catch (thrown) {
      // What a server lists may be too much to be described; its calls are judged all the same.
      log.line(`what is protected cannot be told: ${/** @type {Error} */ (thrown).message}`)
    }
  }
}

/** How long a server may take to answer before it serves (milliseconds). */
const TIMEOUT = 60_000

/**
 * Whether nothing of a server is unprotected, off or named in vain; otherwise the table of it is told. The server is started
 * for that, and ended.
 *
 * @param {string[]} command
 * @param {Gate} gate
 * @param {number} grace
 * @param {Io} io
 */
async function isProtected(command, gate, grace, io) {
  const { tools } = await launching(command, () => describe(command, { timeout: TIMEOUT, grace }))
  const coverage = gate.describe(tools)
  if (isComplete(coverage)) {
    return true
  }
  const lines = [...coverageLines(coverage), '--strict: the server was not started']
  io.stderr.write(`${lines.map((line) => `callgate: ${line}`).join('\n')}\n`)
  return false
}

/**
 * Takes the roots that the client names, where the policy says that they hold.
 *
 * @param {Gate} gate
 * @param {InstanceType<typeof Log>} log
 */
function narrowing(gate, log) {
  return (/** @type {unknown} */ roots) => {
    try {
      const inForce = gate.setClientRoots(Array.isArray(roots) ? roots : null)
      log.line(`roots of the client in force: ${inForce.join(', ') || 'none'}`)
    } catch (thrown) {
      log.line(`the roots that the client names cannot be taken: ${/** @type {Error} */ (thrown).message}`)
    }
  }
}

/**
 * @param {string[]} command
 * @param {{ policy?: string, root?: string[], lock?: string, allow?: Grant[], grace: number, log: 'text' | 'json',
 *   logFile?: string, verbose?: boolean, strict?: boolean }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function proxy(
  command,
  { policy, root, lock, allow = [], grace, log: format, logFile, verbose = false, strict = false },
  io,
) {
  const gate = gateFrom(policy, root)
  if (strict && !(await isProtected(command, gate, grace, io))) {
    return EXIT.refused
  }
  const { grants, ...judges } = judgesOf(gate)
  const stream = logFile === undefined ? io.stderr : await logStream(logFile)
  const log = new Log(stream, {
    json: format === 'json',
    session: randomUUID().slice(0, 8),
    mode: judges.observes ? 'observe' : 'enforce',
  })
  const known = telling(judges.gate, log, verbose)
  const narrows = judges.followsClient ? narrowing(judges.gate, log) : undefined
  const options = {
    ...judges,
    lock: lockFrom(lock),
    grants: [...grants, ...allow],
    grace,
    known,
    narrows,
    moved: judges.hasRoots ? following(judges.gate, log) : undefined,
    log,
  }
  // The server inherits all of this process.
  const leadsInside = judges.gate.setServerProcess()
  if (judges.hasRoots && !judges.followsClient && !leadsInside) {
    log.line(RELATIVE)
  }
  if (judges.hasRoots) {
    followNamed(judges.gate, log, command)
  }
  for (const file of [policy, lock, logFile]) {
    if (file !== undefined) {
      judges.gate.protect(file)
    }
  }
  const { end, abandoned } = await runProxy(command, options, io)
  if (stream !== io.stderr) {
    await new Promise((resolve) => stream.end(() => resolve(undefined)))
  }
  const failure = failureOf(command[0] ?? '', end)
  if (failure === undefined && abandoned && io === process) {
    // A client that takes nothing any more would keep the process for ever.
    process.exit(log.refused ? EXIT.refused : EXIT.clean)
  }
  if (failure !== undefined) {
    throw failure
  }
  return log.refused ? EXIT.refused : EXIT.clean
}

module.exports = { proxy }
