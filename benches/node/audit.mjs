// Audits beside JSON.parse of the same text, and beside the stack that a server would build instead.

import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import Ajv from 'ajv'
import { Gate } from '../../index.mjs'
import { blob, struct } from './inputs.mjs'
import { compare } from './measure.mjs'

const KIB = 1024
const SIZES = [23, 246, 1108, 4 * KIB, 64 * KIB, KIB * KIB]
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

/** Texts of one size, each different, each once alone in memory. */
function textsOf(make, size) {
  const count = Math.max(4, Math.min(64, Math.ceil(ROTATED_BYTES / size)))
  return Array.from({ length: count }, (_, seed) => make(size, seed))
}

async function row(shape, make, size) {
  const texts = textsOf(make, size)
  const buffers = texts.map((text) => Buffer.from(text))
  const objects = texts.map((text) => JSON.parse(text))
  const at = (list, index) => list[index % list.length]
  const gate = new Gate()
  const validate = new Ajv().compile(SCHEMA)
  for (const buffer of buffers) {
    if (gate.audit('t', buffer).action !== 'allow') {
      throw new Error('the benchmark measures allowed calls')
    }
  }
  const times = await compare({
    parse: { job: (index) => JSON.parse(at(texts, index)) },
    buffer: { job: (index) => gate.audit('t', at(buffers, index)) },
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
  for (const [shape, make] of Object.entries({ struct, blob })) {
    for (const size of SIZES) {
      rows.push(await row(shape, make, size))
    }
  }
  return rows
}
