// @ts-check
'use strict'

// Findings of one message as people read them: a table of a thousand cells with one fault is one line.

/** @import { Finding } from '../index.js' */

/** Findings that a verdict has at most; a message may hold more than that. */
const MOST = 32
/** So many findings of a rule are each told. */
const FEW = 3

/**
 * The findings that are told, each with what is said of others like it: where a rule matches often, its first one.
 *
 * @param {readonly Finding[]} findings of one message
 * @returns {Map<Finding, string>}
 */
function grouped(findings) {
  /** @type {Map<string, Finding[]>} */
  const groups = new Map()
  for (const finding of findings) {
    const key = `${finding.action} ${finding.rule}`
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  const least = findings.length < MOST ? '' : 'at least '
  /** @type {Map<Finding, string>} */
  const told = new Map()
  for (const group of groups.values()) {
    const [first] = group
    if (group.length > FEW && first !== undefined) {
      told.set(first, `; ${least}${group.length - 1} more of this rule in the same message`)
    } else {
      for (const finding of group) {
        told.set(finding, '')
      }
    }
  }
  return told
}

module.exports = { grouped }
