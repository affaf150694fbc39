// @ts-check
'use strict'

// What a gate protects, told to a person.

const { shown } = require('./place.js')

/** @import { ArgumentCoverage, Coverage, CoverageNote, NameCoverage } from '../../index.js' */

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

/**
 * What strings are held to, told once for all that are held to the same.
 *
 * @typedef {Map<string, { name: string, lines: string[] }>} Holds
 */

/**
 * The name of what a string is held to: `A`, `B`, and so on.
 *
 * @param {ArgumentCoverage | NameCoverage} judged
 * @param {Holds} holds
 */
function holdOf({ denies, flags }, holds) {
  if (denies.length + flags.length === 0) {
    return 'judged by nothing'
  }
  const lines = [
    ...(denies.length > 0 ? [`denies ${denies.join(' ')}`] : []),
    ...(flags.length > 0 ? [`flags  ${flags.join(' ')}`] : []),
  ]
  const key = lines.join('\n')
  const known = holds.get(key) ?? { name: nameOf(holds.size), lines }
  holds.set(key, known)
  return denies.length > 0 ? known.name : `${known.name}, only flagged`
}

/** @param {number} index */
function nameOf(index) {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`
}

/**
 * @param {ArgumentCoverage} argument
 * @param {Holds} holds
 */
function rowOf(argument, holds) {
  const { pointer, kind, intent, why } = argument
  const what = intent === undefined ? kind : `${kind}, ${intent}`
  return [`  ${cut(pointer) || '(all)'}`, what, cut(why), holdOf(argument, holds)]
}

/**
 * What the names of members are held to: mostly the same for all tools.
 *
 * @param {Coverage} coverage
 * @param {Holds} holds
 */
function nameLines({ tools }, holds) {
  /** @type {Map<string, string[]>} */
  const toolsOf = new Map()
  for (const { tool, names } of tools) {
    const hold = holdOf(names, holds)
    toolsOf.set(hold, [...(toolsOf.get(hold) ?? []), cut(tool)])
  }
  const told = [...toolsOf].map(([hold, of]) => (toolsOf.size === 1 ? hold : `${hold}: ${listed(of)}`))
  return told.map((text) => `names of members  ${text}`)
}

/** @param {Holds} holds */
function holdLines(holds) {
  const rows = [...holds.values()].flatMap(({ name, lines }) =>
    lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(3)}${line}`),
  )
  return rows.length === 0 ? [] : ['What they are held to:', ...rows]
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
  /** @type {Map<string, string[]>} */
  const places = new Map()
  for (const { tool, pointer, what } of unprotected) {
    places.set(what, [...(places.get(what) ?? []), cut(`${tool} ${pointer}`.trim())])
  }
  const gaps = [...places].map(([what, where]) => `  ${shown(what)}: ${listed(where)}`)
  return [
    ...(gaps.length > 0 ? ['Not protected:', ...gaps] : []),
    ...notesOf('Weaker than by default:', off),
    ...notesOf('Names in the policy that stand for nothing:', unknown),
  ]
}

/** Places that are named of one gap; of more the rest is counted. */
const MAX_PLACES = 20

/** @param {string[]} places */
function listed(places) {
  const rest = places.length - MAX_PLACES
  return `${places.slice(0, MAX_PLACES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
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
  const count = (/** @type {number} */ n, /** @type {string} */ what) => `${n} ${what}${n === 1 ? '' : 's'}`
  return `${count(tools.length, 'tool')}, ${count(all.length, 'string')}: ${denied} can be refused, ${flagged} only flagged, ${nothing} judged by nothing`
}

/**
 * The whole table.
 *
 * @param {Coverage} coverage
 * @returns {string[]}
 */
function coverageLines(coverage) {
  const lines = [summary(coverage)]
  /** @type {Holds} */
  const holds = new Map()
  for (const { tool, allowed, mode, arguments: rows } of coverage.tools) {
    const notes = [
      ...(allowed ? [] : ['may not be called']),
      ...(mode === 'observe' ? ['refuses nothing'] : []),
      ...(rows.length === 0 ? ['no strings'] : []),
    ]
    lines.push(`${cut(tool)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`)
    lines.push(...aligned(rows.map((row) => rowOf(row, holds))))
  }
  const rest = lines.length - MAX_ROWS
  const kept = rest > 0 ? [...lines.slice(0, MAX_ROWS), `and ${rest} more lines`] : lines
  const names = nameLines(coverage, holds)
  return [...kept, ...names, ...holdLines(holds), ...gapLines(coverage)]
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
