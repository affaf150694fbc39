// Audits beside JSON.parse of the same text, and beside the stack that a server would build instead.

import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import Ajv from 'ajv'
import { Gate } from '../../index.mjs'
import { blob, real, struct } from './inputs.mjs'
import { compare } from './measure.mjs'

const KIB = 1024
const SIZES = [23, 246, 1108, 4 * KIB, 64 * KIB, KIB * KIB]
const SHAPES = /** @type {const} */ ([
  ['struct', struct, SIZES],
  ['blob', blob, SIZES],
  ['prose', real('prose'), SIZES.slice(2)],
  ['source', real('source'), SIZES.slice(2)],
])
/** What judges structure alone. */
const STRUCTURE = /** @type {const} */ ({ 'injection.*': 'off', 'text.*': 'off', 'secret.*': 'off' })
/** Inputs of one size together have at least this many bytes, where 64 of them do. */
const ROTATED_BYTES = 4 * KIB * KIB

/** The limits that callgate has by default, as far as a schema can say them. */
const SCHEMA = {
  type: 'object',
  propertyNames: { maxLength: 1024 },
  maxProperties: 65_536,
  properties: {
    items: {
      type: 'array',
      maxItems: 65_536,
      items: { type: 'object', properties: { name: { type: 'string' } } },
    },
    text: { type: 'string', maxLength: 16_777_216 },
  },
}

const secrets = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] }

/** @param {string} content */
function scan(content) {
  return lintSource({
    source: { filePath: 'arguments.json', content, contentType: 'text' },
    options: { config: secrets },
  })
}

/** Texts of one size that are allowed, each different, each once alone in memory. */
function textsOf(make, size, gate) {
  const count = Math.max(4, Math.min(64, Math.ceil(ROTATED_BYTES / size)))
  const texts = []
  for (let seed = 0; texts.length < count && seed < 16 * count; seed++) {
    const text = make(size, seed)
    if (gate.audit('t', text).action === 'allow') {
      texts.push(text)
    }
  }
  if (texts.length < count) {
    throw new Error('the benchmark measures allowed calls')
  }
  return texts
}

async function row(shape, make, size) {
  const gate = new Gate()
  const structure = new Gate({ rules: STRUCTURE })
  const texts = textsOf(make, size, gate)
  const buffers = texts.map((text) => Buffer.from(text))
  const objects = texts.map((text) => JSON.parse(text))
  const at = (list, index) => list[index % list.length]
  const validate = new Ajv().compile(SCHEMA)
  const times = await compare({
    parse: { job: (index) => JSON.parse(at(texts, index)) },
    buffer: { job: (index) => gate.audit('t', at(buffers, index)) },
    structure: { job: (index) => structure.audit('t', at(buffers, index)) },
    string: { job: (index) => gate.audit('t', at(texts, index)) },
    object: { job: (index) => gate.audit('t', at(objects, index)) },
    stack: {
      async: true,
      job: (index) => {
        const text = at(texts, index)
        validate(JSON.parse(text))
        return scan(text)
      },
    },
  })
  return { shape, size, times }
}

export async function auditRows() {
  const rows = []
  for (const [shape, make, sizes] of SHAPES) {
    for (const size of sizes) {
      rows.push(await row(shape, make, size))
    }
  }
  return rows
}
