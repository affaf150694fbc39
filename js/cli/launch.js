// @ts-check
'use strict'

// What the commands that start a server have in common.

const { readFileSync } = require('node:fs')
const { Gate } = require('../../index.js')
const { INSIDE } = require('../inside.js')
const { readLock } = require('../proxy/lock.js')
const { CliError, reading } = require('./exit.js')

/** @import { Grant } from '../proxy/grants.js' */

/** Rules about what a text says. Of answers they refuse nothing. */
const CONTENT = ['injection', 'text', 'secret']

/** Members of a policy that say how answers are cleaned: one of them is enough for them to be. */
const CLEANING = new Set(['sanitize', 'redact'])

/**
 * The gate for what the server says: the same limits and names. What texts say is only looked at where the policy refuses
 * it, since nobody is told of flags.
 *
 * @param {any} policy with all its members
 */
function gateForServer({ mode, results, access, rules }) {
  const entries = Object.entries(rules)
  const isContent = (/** @type {string} */ id) => CONTENT.includes(id.slice(0, id.indexOf('.')))
  const refuses = entries.some(([id, action]) => action === 'deny' && isContent(id))
  const structural = entries.filter(([id]) => !isContent(id))
  const off = CONTENT.map((family) => [`${family}.*`, 'off'])
  return new Gate({
    mode,
    // Also what answers nothing, but the server says: its log, its progress.
    limits: results.limits,
    results,
    access,
    rules: refuses ? rules : Object.fromEntries([...structural, ...off]),
  })
}

/**
 * What a session needs to know of a policy.
 *
 * @param {Gate} gate
 * @returns {{ gate: Gate, serverGate: Gate, grants: Grant[], observes: boolean, cleans: boolean }}
 */
function judgesOf(gate) {
  const inside = /** @type {any} */ (gate)[INSIDE]
  const policy = inside.policy()
  return {
    gate,
    serverGate: gateForServer(policy),
    grants: policy.access.peer,
    observes: policy.mode === 'observe',
    cleans: inside.names().some((/** @type {string} */ name) => CLEANING.has(name)),
  }
}

/** @param {string | undefined} file */
function policyOf(file) {
  return judgesOf(file === undefined ? new Gate({}) : reading(file, () => Gate.load(file)))
}

/** @param {string | undefined} file */
function lockFrom(file) {
  return file === undefined ? undefined : reading(file, () => readLock(readFileSync(file, 'utf8')))
}

/**
 * Runs what starts a server; a failure of it is told without a stack.
 *
 * @template T
 * @param {string[]} command
 * @param {() => Promise<T>} start
 */
async function launching([program = ''], start) {
  try {
    return await start()
  } catch (thrown) {
    throw new CliError(`${program}: ${reasonOf(/** @type {NodeJS.ErrnoException} */ (thrown))}`)
  }
}

/** @param {NodeJS.ErrnoException} error */
function reasonOf({ code, message }) {
  return { ENOENT: 'no such program', EACCES: 'not permitted' }[code ?? ''] ?? message
}

/**
 * @param {string} program
 * @param {import('../proxy/child.js').End} end
 */
function failureOf(program, { code, signal, asked, error }) {
  if (error !== undefined) {
    const why =
      /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? 'no such program' : error.message
    return new CliError(`${program}: ${why}`)
  }
  if (asked || code === 0) {
    return undefined
  }
  return new CliError(`${program}: the server ended with ${signal ?? `exit code ${code}`}`)
}

module.exports = { failureOf, gateForServer, judgesOf, launching, lockFrom, policyOf }
