// @ts-check
'use strict'

/** @import { Gate } from '../../index.js' */
/** @import { LookupAddress, LookupOptions } from 'node:dns' */
/** @import { LookupFunction } from 'node:net' */
/** @import { Resolver } from './index.js' */

const dns = require('node:dns')
const { CallgateError, inputError } = require('../error.js')

/**
 * The refusal behind a verdict, or nothing.
 *
 * @param {import('../../index.js').Verdict} verdict
 */
function refusalOf(verdict) {
  const finding =
    verdict.action === 'deny' ? verdict.findings.find(({ action }) => action === 'deny') : undefined
  return finding && new CallgateError(finding.rule, finding.message, finding)
}

/**
 * @param {Gate} gate
 * @param {{ resolver?: Resolver }} [options]
 * @returns {LookupFunction}
 */
function createLookup(gate, { resolver = dns.lookup } = {}) {
  if (typeof gate?.checkAddress !== 'function' || typeof resolver !== 'function') {
    throw inputError('createLookup takes a Gate, and as options.resolver a function like dns.lookup')
  }

  /**
   * @param {string} hostname
   * @param {LookupOptions} options
   * @param {(error: Error | null, address?: any, family?: number) => void} callback
   */
  function lookup(hostname, options, callback) {
    let isAnswered = false
    // Every address is wanted, whatever the caller takes: one that is refused among them is a reason to refuse.
    resolver(hostname, { ...options, all: true }, (error, found) => {
      if (isAnswered) {
        // A resolver that calls back twice answers once.
        return
      }
      isAnswered = true
      if (error) {
        callback(error)
        return
      }
      let answer
      try {
        answer = judged(hostname, found)
      } catch (refused) {
        callback(/** @type {Error} */ (refused))
        return
      }
      if (options.all) {
        callback(null, answer)
      } else {
        callback(null, answer[0].address, answer[0].family)
      }
    })
  }

  /**
   * The addresses, none of which is refused.
   *
   * @param {string} hostname
   * @param {LookupAddress[]} found
   */
  function judged(hostname, found) {
    if (!Array.isArray(found) || found.length === 0) {
      throw inputError('the resolver answered no addresses')
    }
    // A copy of what was judged: the resolver keeps its own.
    return found.map(({ address, family }) => {
      const refused = refusalOf(gate.checkAddress(hostname, address))
      if (refused) {
        throw refused
      }
      return { address, family }
    })
  }

  return /** @type {LookupFunction} */ (
    (hostname, options, callback) =>
      typeof options === 'function'
        ? lookup(hostname, {}, options)
        : lookup(hostname, options ?? {}, callback)
  )
}

module.exports = { createLookup, refusalOf }
