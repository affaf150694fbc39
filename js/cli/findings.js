// @ts-check
'use strict'

// How findings are told to a person.

const { binding } = require('../loader.js')
const { ascii, excerpt, lineAndColumn, shown } = require('./place.js')

/** @import { Finding } from '../../index.js' */
/** @typedef {{ id: string, summary: string, action: string, member: string | null }} RuleRow */

/** @type {Map<string, RuleRow> | undefined} */
let table

/** @param {string} id */
function rule(id) {
  table ??= new Map(JSON.parse(binding.ruleTable()).map((/** @type {RuleRow} */ row) => [row.id, row]))
  return table.get(id)
}

const WORDS = { deny: 'denied', flag: 'flagged' }
const DEFAULTS = { deny: 'denies', flag: 'flags', allow: 'is off' }

/**
 * @param {string} id
 * @returns {string[]}
 */
function explanation(id) {
  const row = rule(id)
  if (row === undefined) {
    return []
  }
  const change =
    row.member === null
      ? 'No policy weakens this rule.'
      : `Where a policy says nothing the rule ${DEFAULTS[/** @type {keyof typeof DEFAULTS} */ (row.action)]}.`
  return [`  ${row.summary}`, `  ${change}`]
}

/**
 * @param {Finding} finding
 * @param {{ place: string, bytes?: Buffer, line?: number, explain?: boolean }} context
 * @returns {string[]} lines
 */
function told(finding, { place, bytes, line = 1, explain = false }) {
  const { rule: id, action, severity, pointer, message, member, start, end } = finding
  const lines = []
  let where = place
  if (bytes !== undefined && start !== undefined && end !== undefined) {
    const at = lineAndColumn(bytes, start)
    where += `:${line + at.line - 1}:${at.column}`
    lines.push(...excerpt(bytes, start, end).map((text) => `  ${text}`))
  } else if (bytes !== undefined) {
    where += `:${line}`
  }
  const at = pointer === '' ? '' : ` at ${shown(pointer)}`
  lines.unshift(`${where}: ${WORDS[action]} ${id} (${severity})${at}`)
  lines.push(`  ${shown(message)}`)
  if (member !== undefined) {
    lines.push(`  policy: ${shown(member)}`)
  }
  return explain ? [...lines, ...explanation(id)] : lines
}

/** @typedef {{ action: string, findings: readonly Finding[] }} Result */

/**
 * What all results come to: how many were denied and flagged, and that as JSON or in words.
 *
 * @param {Result[]} results
 * @param {string} noun
 * @param {boolean | undefined} json
 */
function totalled(results, noun, json) {
  const count = (/** @type {string} */ action) => results.filter((result) => result.action === action).length
  const [denied, flagged] = [count('deny'), count('flag')]
  const all = results.length
  const words = `${all} ${noun}${all === 1 ? '' : 's'}: ${all - denied - flagged} allowed, ${flagged} flagged, ${denied} denied`
  const text = json ? ascii(JSON.stringify({ results, denied, flagged }, null, 2)) : words
  return { denied, flagged, text: `${text}\n` }
}

module.exports = { told, totalled }
