// @ts-check
'use strict'

const { runProxy } = require('../proxy/proxy.js')
const { EXIT } = require('./exit.js')
const { failureOf, lockFrom, policyOf } = require('./launch.js')

/** @import { Grant } from '../proxy/grants.js' */
/** @import { Io } from './program.js' */

/**
 * @param {string[]} command
 * @param {{ policy?: string, lock?: string, allow?: Grant[], grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function proxy(command, { policy, lock, allow = [], grace }, io) {
  const { grants, ...judges } = policyOf(policy)
  const options = { ...judges, lock: lockFrom(lock), grants: [...grants, ...allow], grace }
  const { end, refused, abandoned } = await runProxy(command, options, io)
  const failure = failureOf(command[0] ?? '', end)
  if (failure === undefined && abandoned && io === process) {
    // A client that takes nothing any more would keep the process for ever.
    process.exit(refused ? EXIT.refused : EXIT.clean)
  }
  if (failure !== undefined) {
    throw failure
  }
  return refused ? EXIT.refused : EXIT.clean
}

module.exports = { proxy }
