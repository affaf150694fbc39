// Audits with a schema beside JSON.parse and ajv with the same schema.

import Ajv from 'ajv'
import { Gate } from '../../index.mjs'
import { struct } from './inputs.mjs'
import { compare } from './measure.mjs'

const KIB = 1024
const SIZES = [1108, 4 * KIB, 64 * KIB, KIB * KIB]
const ROTATED_BYTES = 4 * KIB * KIB

/** What a server would write for the arguments that `struct` makes. */
export const TOOL = {
  type: 'object',
  required: ['items'],
  additionalProperties: false,
  properties: {
    items: {
      type: 'array',
      maxItems: 65_536,
      items: {
        type: 'object',
        required: ['id', 'name'],
        properties: {
          id: { type: 'integer', minimum: 0 },
          name: { type: 'string', minLength: 1, maxLength: 200 },
          done: { type: 'boolean' },
          score: { type: 'number' },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 16 },
          at: {
            type: 'object',
            properties: { line: { type: 'integer' }, column: { type: 'integer' } },
            required: ['line'],
          },
          next: { type: ['object', 'null'] },
        },
      },
    },
    text: { type: 'string', maxLength: 16_777_216 },
  },
}

/** One row a size: nanoseconds of each way. */
export async function schemaRows() {
  const rows = []
  for (const size of SIZES) {
    const count = Math.max(4, Math.min(64, Math.ceil(ROTATED_BYTES / size)))
    const texts = Array.from({ length: count }, (_, seed) => struct(size, seed))
    const buffers = texts.map((text) => Buffer.from(text))
    const gate = new Gate({ tools: { t: { schema: TOOL } } })
    const plain = new Gate()
    const validate = new Ajv().compile(TOOL)
    for (const [index, buffer] of buffers.entries()) {
      if (gate.audit('t', buffer).action !== 'allow' || !validate(JSON.parse(texts[index]))) {
        throw new Error('the benchmark measures allowed calls')
      }
    }
    const times = await compare({
      stack: { job: (index) => validate(JSON.parse(texts[index % count])) },
      parse: { job: (index) => JSON.parse(texts[index % count]) },
      audit: { job: (index) => gate.audit('t', buffers[index % count]) },
      plain: { job: (index) => plain.audit('t', buffers[index % count]) },
    })
    rows.push({ size, times })
  }
  return rows
}
