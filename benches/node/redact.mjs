// Redaction beside the stack that a server would build instead: JSON.parse, fast-redact by key, secretlint by shape.

import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import fastRedact from 'fast-redact'
import { Gate } from '../../index.mjs'
import { blob, struct } from './inputs.mjs'
import { compare } from './measure.mjs'

const KIB = 1024
const SIZES = [KIB, 64 * KIB, KIB * KIB]
/** Inputs of one size together have at least this many bytes. */
const ROTATED_BYTES = 4 * KIB * KIB

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] }
const byKey = fastRedact({
  paths: [
    'password',
    'token',
    'secret',
    'authorization',
    'items[*].password',
    'items[*].token',
    'items[*].apiKey',
  ],
  censor: '[REDACTED]',
})

/** @param {string} content */
function byShape(content) {
  return lintSource({ source: { filePath: 'log.json', content, contentType: 'text' }, options: { config } })
}

const MEMBER = '"password":"correct horse",'

/** A text of one size with one secret key in it. */
function withKey(make, size, seed) {
  return make(size - MEMBER.length, seed).replace('{', `{${MEMBER}`)
}

async function row(shape, make, size) {
  const count = Math.max(4, Math.min(64, Math.ceil(ROTATED_BYTES / size)))
  const texts = Array.from({ length: count }, (_, seed) => withKey(make, size, seed))
  const buffers = texts.map((text) => Buffer.from(text))
  const gate = new Gate()
  for (const text of texts) {
    if (gate.redact(text) !== text.replace('"correct horse"', '"[REDACTED]"')) {
      throw new Error('the benchmark measures one redacted key')
    }
  }
  const at = (list, index) => list[index % list.length]
  const times = await compare({
    parse: { job: (index) => JSON.parse(at(texts, index)) },
    string: { job: (index) => gate.redact(at(texts, index)) },
    buffer: { job: (index) => gate.redact(at(buffers, index)) },
    stack: {
      async: true,
      job: (index) => {
        const text = at(texts, index)
        byKey(JSON.parse(text))
        return byShape(text)
      },
    },
  })
  return { shape, size, times }
}

export async function redactRows() {
  const rows = []
  for (const [shape, make] of Object.entries({ struct, blob })) {
    for (const size of SIZES) {
      rows.push(await row(shape, make, size))
    }
  }
  return rows
}
