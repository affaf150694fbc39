// Audits of strings that are made of nothing but what could be something, beside clean prose of the same size.

import { Gate } from '../../index.mjs'
import { compare } from './measure.mjs'

const KIB = 1024
const SIZES = [64 * KIB, KIB * KIB]

const PROSE = 'It rained in the north, and nobody had thought of it; see page 12. '

/** Units that are repeated, as JSON writes them. */
const UNITS = {
  quotes: "'",
  'escaped quotes': '\\"',
  'quotes as \\u0027': '\\u0027',
  backslashes: '\\\\',
  '<': '<',
  '&#': '&#',
  '%': '%',
  '${': '${',
  '${lower:': '${lower:',
  "'or' ": "'or' ",
  'union ': 'union ',
  'union select ': 'union select ',
  'encoded letters': '%73%65',
  'orders, almost': 'ignore you are now your previous ',
  'runs like tokens': 'ghp_aB3dE5fG7hI9-eyJhbGciOiJIUzI1NiJ9.eyJ/sl.x ',
  'one run like tokens': 'sk-aB3/eyJhbGciOiJIUzI1NiJ9.eyJ/sl.',
  '-----BEGIN': '-----BEGIN ',
  '://': '://',
  'addresses with passwords': 'a1://u:p4s@h ',
  'zero-width joiners': '\u200d',
  'direction marks': '\u200ea',
  'terminal escapes': '\\u001b]',
}

/** What must be found by a gate that judges content. */
const SEEN = Buffer.from(`{"text":"x' or '1'='1"}`)

/** A string of about so many bytes; different seeds start at different places of the unit. */
function text(unit, size, seed) {
  const bytes = Buffer.byteLength(unit)
  return Buffer.from(`{"text":"${' '.repeat(seed)}${unit.repeat(Math.floor((size - seed) / bytes))}"}`)
}

export async function adversarialRows() {
  const gate = new Gate()
  const rows = []
  for (const [name, unit] of Object.entries(UNITS)) {
    for (const size of SIZES) {
      const texts = (of) => Array.from({ length: 4 }, (_, seed) => text(of, size, seed))
      const [clean, hostile] = [texts(PROSE), texts(unit)]
      if (gate.audit('t', clean[0]).action !== 'allow' || gate.audit('t', SEEN).action !== 'flag') {
        throw new Error('the benchmark measures clean prose and a gate that judges content')
      }
      const times = await compare({
        clean: { job: (index) => gate.audit('t', clean[index % 4]) },
        hostile: { job: (index) => gate.audit('t', hostile[index % 4]) },
      })
      rows.push({ name, size, times })
    }
  }
  return rows
}
