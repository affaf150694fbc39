// Audits of ordinary calls: those of the collections, where they lie beside the repository, and those of our own, which
// hold on purpose what attacks hold.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Gate } from '../../index.mjs'
import { records, text } from '../eval/formats.mjs'
import { learnt, ownTools } from '../eval/ordinary.mjs'
import { compare } from './measure.mjs'

const COLLECTION = fileURLToPath(new URL('../../../shared/corpora/ordinary/', import.meta.url))

/** @typedef {{ tool: string, arguments: object }} Call */

/** @param {string} name @param {Call[]} calls @param {any[]} tools */
async function row(name, calls, tools) {
  const texts = calls.map(({ arguments: args }) => JSON.stringify(args))
  const buffers = texts.map((text) => Buffer.from(text))
  const names = calls.map(({ tool }) => tool)
  const bytes = buffers.reduce((sum, { length }) => sum + length, 0) / calls.length
  const [bare, inferred] = [new Gate(), learnt(tools)]
  bare.warm()
  const pick = (/** @type {number} */ index) => index % calls.length
  const times = await compare({
    parse: { job: (index) => JSON.parse(texts[pick(index)]) },
    auto: { job: (index) => bare.audit(names[pick(index)], buffers[pick(index)]) },
    inferred: { job: (index) => inferred.audit(names[pick(index)], buffers[pick(index)]) },
  })
  return { name, calls: calls.length, bytes, times }
}

/** One row for all calls of a set, and one for each tool of the collection. */
export async function ordinaryRows() {
  const own = ownTools()
  const rows = [await row('our own, all tools', own.calls, own.tools)]
  if (existsSync(COLLECTION)) {
    const calls = /** @type {Call[]} */ (/** @type {unknown} */ (records(`${COLLECTION}calls_a.jsonl.gz`)))
    const tools = JSON.parse(text(`${COLLECTION}tools.json`))
    rows.push(await row('collection, all tools', calls, tools))
    for (const name of new Set(calls.map(({ tool }) => tool))) {
      rows.push(
        await row(
          `\`${name}\``,
          calls.filter(({ tool }) => tool === name),
          tools,
        ),
      )
    }
  }
  return rows
}
