// The measured rows as Markdown, between the markers of docs/benchmarks.md.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median, ratioOf } from './measure.mjs'

const FILE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

/** Most that the time of an audit may be, divided by that of JSON.parse: by shape and least size. */
const TARGETS = {
  structure: {
    struct: [
      [1024, 0.22],
      [200, 0.3],
      [0, 0.8],
    ],
    blob: [[65_536, 0.3]],
  },
  buffer: {
    struct: [
      [1024, 0.33],
      [200, 0.45],
    ],
    prose: [
      [1_048_576, 1],
      [65_536, 1.2],
    ],
    source: [
      [1_048_576, 1],
      [65_536, 1.2],
    ],
  },
}
/** How many times as long the stack must take at least. */
const TIMES = 10

function target(shape, size, input) {
  return TARGETS[input]?.[shape]?.find(([least]) => size >= least)?.[1]
}

const number = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 })
const ratio = (value, most) => `${value.toFixed(2)}${most === undefined ? '' : ` (<= ${most})`}`

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

export function auditTable(audits, machine) {
  const rows = table(
    [
      'input',
      'JSON.parse(string), ns',
      'audit(Buffer)',
      'GB/s',
      'structure alone',
      'audit(string)',
      'audit(object)',
      `parse + ajv + secretlint: times an audit`,
    ],
    audits.map(({ shape, size, times }) => [
      `${shape}, ${size.toLocaleString('en')} B`,
      number(median(times.parse)),
      ratio(ratioOf(times.buffer, times.parse), target(shape, size, 'buffer')),
      number(size / median(times.buffer)),
      ratio(ratioOf(times.structure, times.parse), target(shape, size, 'structure')),
      ratio(ratioOf(times.string, times.parse)),
      ratio(ratioOf(times.object, times.parse)),
      `${number(ratioOf(times.stack, times.buffer))}${size >= 1024 ? ` (>= ${TIMES})` : ''}`,
    ]),
  )
  return `\`npm run bench\` on ${machine}. Audits are times divided by the time of
\`JSON.parse(string)\` of the same text; in brackets what they may be at most. All rules of the default policy are on, but in the
column *structure alone*. *struct* has many small members, *blob* one string of letters and digits, *prose* and *source* a string
from real files, escaped; every call has another text.

${rows}
`
}

export function ordinaryTable(rows) {
  const columns = rows.map(({ name, calls, bytes, times }) => [
    name,
    calls.toLocaleString('en'),
    Math.round(bytes).toLocaleString('en'),
    number(median(times.parse)),
    number(ratioOf(times.auto, times.parse)),
    number(ratioOf(times.inferred, times.parse)),
  ])
  return `Audits of ordinary calls as Buffers, with no kinds (\`auto\`) and with those that are inferred, as times of
\`JSON.parse(string)\` of the same text. The calls take turns.

${table(['calls', 'number', 'bytes, mean', 'JSON.parse(string), ns', 'auto', 'inferred'], columns)}
`
}

/** Most that an audit of a hostile string may take, divided by the time for clean prose of the same size. */
const ADVERSARIAL_MOST = 20

export function adversarialTable(rows) {
  const columns = rows.map(({ name, size, times }) => [
    `\`${name}\``,
    `${size.toLocaleString('en')} B`,
    number(median(times.clean) / 1000),
    number(median(times.hostile) / 1000),
    ratio(ratioOf(times.hostile, times.clean), ADVERSARIAL_MOST),
  ])
  return `Audits of a Buffer whose one string is made of nothing but such places, beside clean prose of the same size.

${table(['made of', 'size', 'prose, us', 'hostile, us', 'times prose'], columns)}
`
}

/** Least that redact is faster than fast-redact and secretlint. */
const REDACT_LEAST = 5

export function redactTable(rows) {
  const faster = (times, name) => `${number(ratioOf(times.stack, times[name]))} (>= ${REDACT_LEAST})`
  const columns = rows.map(({ shape, size, times }) => [
    `${shape}, ${size.toLocaleString('en')} B`,
    number(median(times.stack) / 1000),
    faster(times, 'string'),
    faster(times, 'buffer'),
    ratio(ratioOf(times.string, times.parse)),
  ])
  return `\`gate.redact\` beside JSON.parse, fast-redact by key and secretlint by shape, for the same text with one secret key.

${table(
  [
    'input',
    'the stack, us',
    'redact(string), times as fast',
    'redact(Buffer), times as fast',
    'redact(string) / JSON.parse',
  ],
  columns,
)}
`
}

export function pathTable(paths) {
  return `${table(
    ['path', 'resolvePath, calls/s', "server-filesystem's validatePath, calls/s", 'times as fast'],
    paths.map(({ name, target: least, times }) => [
      name,
      number(1e9 / median(times.resolve)),
      number(1e9 / median(times.peer)),
      `${number(ratioOf(times.peer, times.resolve))} (>= ${least})`,
    ]),
  )}
`
}

export function fileTable(files) {
  const rows = table(
    [
      'operation',
      'gate.files, us',
      'beside fs.promises alone',
      "server-filesystem's validatePath + fs: times as fast",
    ],
    files.map(({ name, most, least, times }) => [
      name,
      number(median(times.own) / 1000),
      ratio(ratioOf(times.own, times.alone), most),
      times.peer === undefined ? '' : `${number(ratioOf(times.peer, times.own))} (>= ${least})`,
    ]),
  )
  return `File operations are asynchronous, one after the other; the time of \`gate.files\` is divided by that of
\`fs.promises\`, whose \`readdir\` is asked for types but tells no sizes.

${rows}
`
}

/** Most that an audit with a schema may take, divided by the time of JSON.parse and ajv together. */
const SCHEMA_MOST = 0.6

export function schemaTable(schemas) {
  const rows = table(
    ['struct', 'JSON.parse + ajv, us', 'audit with the schema', 'audit without', 'JSON.parse alone'],
    schemas.map(({ size, times: { stack, audit, plain, parse } }) => [
      `${size.toLocaleString('en')} B`,
      number(median(stack) / 1000),
      ratio(ratioOf(audit, stack), SCHEMA_MOST),
      ratio(ratioOf(plain, stack)),
      ratio(ratioOf(parse, stack)),
    ]),
  )
  return `Audits of a Buffer against a typical tool's schema, divided by the time that \`JSON.parse\` and ajv take together
for the same text and schema.

${rows}
`
}

export function proxyTable(rows) {
  return `A server of the official SDK (v1) with one tool, alone and behind \`callgate proxy\` with the default policy, over standard
input and output; each measurement has processes of its own.

${table(
  ['', 'server alone', 'behind the proxy', 'measured'],
  rows.map(({ name, alone, proxied, value, most, least }) => [
    name,
    number(alone),
    number(proxied),
    `${number(value)} (${most === undefined ? `>= ${least}` : `<= ${most}`})`,
  ]),
)}
`
}

/**
 * @param {string} name
 * @param {string} section
 */
export function writeSection(name, section) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const text = readFileSync(FILE, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) {
    throw new Error(`docs/benchmarks.md has no ${begin} and ${end}`)
  }
  writeFileSync(FILE, `${before}${begin}\n${section}${end}${after}`)
}
