// @ts-check
'use strict'

// What the commands that start a server have in common.

const { readFileSync } = require('node:fs')
const { resolve } = require('node:path')
const { Gate } = require('../../index.js')
const { INSIDE } = require('../inside.js')
const { definitionsOf, familiesOf } = require('../mcp/families.js')
const { readLock } = require('../proxy/lock.js')
const { CliError, reading } = require('./exit.js')

/** @import { Grant } from '../proxy/grants.js' */

/** Rules about what a text says. Of answers they refuse nothing. */
const CONTENT = ['injection', 'text', 'secret']

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
 * @returns {{ gate: Gate, serverGate: Gate, learn: (tools: ReadonlyMap<string, any>) => Gate, grants: Grant[],
 *   observes: boolean, hasRoots: boolean, followsClient: boolean }}
 */
function judgesOf(gate) {
  const policy = insideOf(gate).policy()
  return {
    gate,
    serverGate: gateForServer(policy),
    learn: (tools) => learnt(gate, tools),
    grants: policy.access.peer,
    observes: policy.mode === 'observe',
    hasRoots: policy.paths.roots === 'client' || policy.paths.roots.length > 0,
    followsClient: policy.paths.roots === 'client',
  }
}

/** @param {Gate} gate */
function insideOf(gate) {
  return /** @type {any} */ (gate)[INSIDE]
}

/**
 * The gate of the same policy that knows what a server publishes of its tools.
 *
 * @param {Gate} gate
 * @param {ReadonlyMap<string, any>} tools
 * @returns {Gate}
 */
function learnt(gate, tools) {
  return familiesOf(gate, 'flag').of(new Map(definitionsOf([...tools.values()]))).gate
}

/**
 * The gate of a policy file, or of the default policy, with more roots.
 *
 * @param {string | undefined} file
 * @param {string[]} [roots]
 */
function gateFrom(file, roots = []) {
  const folders = roots.map((root) => resolve(root))
  if (file === undefined) {
    return rooted(() => new Gate({ paths: { roots: folders } }))
  }
  const gate = reading(file, () => Gate.load(file))
  if (folders.length === 0) {
    return gate
  }
  gate.close()
  return rooted(() => /** @type {any} */ (Gate)[INSIDE].load(file, folders))
}

/**
 * @param {() => Gate} make
 * @returns {Gate}
 */
function rooted(make) {
  try {
    return make()
  } catch (thrown) {
    throw new CliError(`--root: ${/** @type {Error} */ (thrown).message}`)
  }
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

module.exports = { failureOf, gateForServer, gateFrom, judgesOf, launching, lockFrom }
