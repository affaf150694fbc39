// @ts-check
'use strict'

/** @import { Finding, Verdict } from '../index.js' */

const { freeze } = Object
const { parse } = JSON

/**
 * The verdict of every audit that found nothing.
 *
 * @type {Verdict}
 */
const ALLOWED = freeze({ action: 'allow', findings: freeze([]) })

/**
 * @param {string} json
 * @returns {readonly Finding[]}
 */
function findingsOf(json) {
  return freeze(/** @type {Finding[]} */ (parse(json)).map((finding) => freeze(finding)))
}

/**
 * @param {string} json
 * @returns {Finding}
 */
function findingOf(json) {
  return freeze(parse(json))
}

/**
 * The frozen verdict behind a native report.
 *
 * @param {string | null | undefined} report
 * @returns {Verdict}
 */
function verdictOf(report) {
  if (report === undefined || report === null) {
    return ALLOWED
  }
  const verdict = parse(report)
  verdict.findings.forEach(freeze)
  freeze(verdict.findings)
  return freeze(verdict)
}

/**
 * One verdict for a flag and what was found besides.
 *
 * @param {Verdict} flag
 * @param {Verdict} verdict
 * @returns {Verdict}
 */
function joined(flag, verdict) {
  const { action } = verdict.action === 'deny' ? verdict : flag
  return freeze({ action, findings: freeze([...flag.findings, ...verdict.findings]) })
}

module.exports = { ALLOWED, findingOf, findingsOf, joined, verdictOf }
