// Kinds that are inferred for labelled arguments of tools of our own.

import { readFileSync } from 'node:fs'
import { inferKinds } from '../../index.mjs'

/** @typedef {import('./corpora.mjs').Row} Row */
/** @typedef {{ name: string, title?: string, description?: string }} Words */
/** What is right of an argument: any of these; `none` stands for no kind and for a closed set. */
/** @typedef {{ name: string, labels: string[], kind: string | undefined }} Labelled */
/** @typedef {{ half: string, tool: Words, schema: object, labels: Record<string, string[]> }} Tool */

/** The kinds that judge most; a wrong one disturbs. */
const KINDS = new Set(['path', 'url', 'command', 'sql', 'code'])
const NAMES = new Set(['word', 'ref', 'identifier'])

/** @param {object} schema @param {Words} tool @param {string} pointer */
function inferred(schema, tool, pointer) {
  const kind = inferKinds(schema, tool)[pointer]
  return kind === 'opaque' ? undefined : kind
}

/** @returns {(Labelled & { half: string })[]} */
function ownLabels() {
  /** @type {Tool[]} */
  const tools = JSON.parse(readFileSync(new URL('own-kinds.json', import.meta.url), 'utf8'))
  return tools.flatMap(({ half, tool, schema, labels }) =>
    Object.entries(labels).map(([pointer, known]) => ({
      half,
      name: `${tool.name}${pointer}`,
      labels: known,
      kind: inferred(schema, tool, pointer),
    })),
  )
}

/** @param {Labelled} place */
const isRight = ({ labels, kind }) => labels.includes(kind ?? 'none')

/**
 * How many of the labelled places are found, and how many of those that are given a kind are of another.
 *
 * @param {string} name @param {Labelled[]} places @returns {Row[]}
 */
function rowsOf(name, places) {
  const of = (/** @type {Set<string>} */ kinds) =>
    places.filter(({ kind }) => kind !== undefined && kinds.has(kind))
  const told = (/** @type {unknown} */ place) => ({
    action: 'flag',
    rules: [/** @type {Labelled} */ (place).kind ?? 'none'],
  })
  const silent = { action: 'allow', rules: [] }
  const isOne = ({ labels }) => !labels.includes('none') && KINDS.has(labels[0] ?? '')
  return [
    {
      name: `kinds of ${name}, found`,
      kind: 'schema',
      label: 'attack',
      files: [],
      read: () => ({ values: places.filter(isOne) }),
      judge: (place) => (isRight(/** @type {Labelled} */ (place)) ? told(place) : silent),
      passes: ({ cases, missed }) => cases > 0 && missed / cases <= 0.1,
      gate: '>= 90 % found',
    },
    ...[
      { what: 'path, url, command, sql, code', kinds: KINDS, most: 0.03 },
      { what: 'word, ref, identifier', kinds: NAMES, most: 0.02 },
    ].map(({ what, kinds, most }) => ({
      name: `kinds of ${name}, ${what}`,
      kind: 'schema',
      label: /** @type {const} */ ('benign'),
      files: [],
      read: () => ({ values: of(kinds) }),
      judge: (/** @type {unknown} */ place) =>
        isRight(/** @type {Labelled} */ (place)) ? silent : told(place),
      passes: (/** @type {import('./corpora.mjs').Counts} */ counts) => counts.false <= counts.cases * most,
      gate: `<= ${most * 100} % of another kind`,
    })),
  ]
}

/** Rules were written on the first half, and only the figure of the other was looked at. @returns {Row[]} */
export function ownKinds() {
  const places = ownLabels()
  return /** @type {const} */ ([
    ['rules', 'own tools that rules were written on'],
    ['kept', 'own tools that no rule was written on'],
  ]).flatMap(([half, name]) =>
    rowsOf(
      name,
      places.filter((place) => place.half === half),
    ),
  )
}
