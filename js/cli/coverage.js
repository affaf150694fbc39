// @ts-check
'use strict'

// What a gate protects, told to a person.

const { shown } = require('./place.js')

/** @import { ArgumentCoverage, Coverage, CoverageNote } from '../../index.js' */

/** Characters of a name or a reason in a row. */
const LONGEST = 60
/** Rows of a table; of a server with more the rest is counted. */
const MAX_ROWS = 2000

/** @param {string} text */
function cut(text) {
  const line = shown(text)
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3).toWellFormed()}...` : line
}

/**
 * Columns of one width each, but for the last one.
 *
 * @param {string[][]} rows
 */
function aligned(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
      .join('  ')
      .trimEnd(),
  )
}

/** @param {ArgumentCoverage} argument */
function rowOf({ pointer, kind, why, denies, flags }) {
  const told = [
    ...(denies.length > 0 ? [`denies ${denies.join(' ')}`] : []),
    ...(flags.length > 0 ? [`flags ${flags.join(' ')}`] : []),
  ]
  return [`  ${cut(pointer) || '(all)'}`, kind, cut(why), told.join('; ') || 'judged by nothing']
}

/**
 * @param {string} title
 * @param {readonly CoverageNote[]} notes
 */
function notesOf(title, notes) {
  return notes.length === 0
    ? []
    : [title, ...notes.map(({ member, what }) => `  ${cut(member)}: ${shown(what)}`)]
}

/**
 * What is missing, off or unknown: nothing where all is well.
 *
 * @param {Coverage} coverage
 * @returns {string[]}
 */
function gapLines({ off, unknown, unprotected }) {
  const gaps = unprotected.map(({ tool, pointer, what }) => ({ member: `${tool} ${pointer}`.trim(), what }))
  return [
    ...notesOf('Not protected:', gaps),
    ...notesOf('Weaker than by default:', off),
    ...notesOf('Names in the policy that stand for nothing:', unknown),
  ]
}

/**
 * How much there is of what, in one line.
 *
 * @param {Coverage} coverage
 */
function summary({ tools, unprotected }) {
  const all = tools.flatMap((tool) => tool.arguments)
  const denied = all.filter(({ denies }) => denies.length > 0).length
  const nothing = unprotected.filter(({ what }) => what === 'judged by nothing').length
  const flagged = all.length - denied - nothing
  return `${tools.length} tools, ${all.length} strings: ${denied} of a kind that refuses, ${flagged} that are only flagged, ${nothing} judged by nothing`
}

/**
 * The whole table.
 *
 * @param {Coverage} coverage
 * @returns {string[]}
 */
function coverageLines(coverage) {
  const lines = [summary(coverage)]
  for (const { tool, allowed, mode, arguments: rows } of coverage.tools) {
    const notes = [
      ...(allowed ? [] : ['may not be called']),
      ...(mode === 'observe' ? ['refuses nothing'] : []),
    ]
    lines.push(`${cut(tool)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`)
    lines.push(...aligned(rows.map(rowOf)))
  }
  const rest = lines.length - MAX_ROWS
  const kept = rest > 0 ? [...lines.slice(0, MAX_ROWS), `and ${rest} more lines`] : lines
  return [...kept, ...gapLines(coverage)]
}

/**
 * What is worth a line before the first call: names that stand for nothing, and paths without roots.
 *
 * @param {Coverage} coverage
 * @returns {string[]}
 */
function startLines({ unknown, unprotected }) {
  const rootless = unprotected.filter(({ what }) => what.startsWith('no roots'))
  const first = rootless[0]
  const more = rootless.length > 1 ? ` and ${rootless.length - 1} more` : ''
  return [
    ...unknown.map(({ member, what }) => `the policy's ${member}: ${what}`),
    ...(first === undefined
      ? []
      : [`${first.tool} ${first.pointer}${more}: ${first.what} (--root, paths.roots)`]),
  ]
}

/** @param {Coverage} coverage */
function isComplete({ off, unknown, unprotected }) {
  return off.length + unknown.length + unprotected.length === 0
}

module.exports = { coverageLines, gapLines, isComplete, startLines }
