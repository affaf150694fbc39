// The measured rows as Markdown, between the markers of docs/benchmarks.md.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median, ratioOf } from './measure.mjs'

const FILE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))
const [BEGIN, END] = ['<!-- node:begin -->', '<!-- node:end -->']
/** Most that the time of an audit may be, divided by that of JSON.parse. */
function target(shape, size, input) {
  if (input === 'string') {
    return shape === 'struct' && size >= 1024 ? 0.28 : undefined
  }
  if (shape === 'blob') {
    return size >= 65_536 ? 0.3 : undefined
  }
  return [
    [1024, 0.22],
    [200, 0.3],
    [0, 0.8],
  ].find(([least]) => size >= least)?.[1]
}

const number = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 })
const ratio = (value, most) => `${value.toFixed(2)}${most === undefined ? '' : ` (<= ${most})`}`

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

export function markdown({ audits, paths, files, machine }) {
  const auditTable = table(
    [
      'input',
      'JSON.parse(string), ns',
      'audit(Buffer)',
      'audit(string)',
      'audit(object)',
      'parse + ajv + secretlint',
    ],
    audits.map(({ shape, size, times }) => [
      `${shape}, ${size.toLocaleString('en')} B`,
      number(median(times.parse)),
      ratio(ratioOf(times.buffer, times.parse), target(shape, size, 'buffer')),
      ratio(ratioOf(times.string, times.parse), target(shape, size, 'string')),
      ratio(ratioOf(times.object, times.parse)),
      ratio(ratioOf(times.stack, times.parse)),
    ]),
  )
  const pathTable = table(
    ['path', 'resolvePath, calls/s', "server-filesystem's validatePath, calls/s", 'times as fast'],
    paths.map(({ name, target: least, times }) => [
      name,
      number(1e9 / median(times.resolve)),
      number(1e9 / median(times.peer)),
      `${number(ratioOf(times.peer, times.resolve))} (>= ${least})`,
    ]),
  )
  const fileTable = table(
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
  return `## Node

\`npm run bench\` on ${machine}. Audits are times divided by the time of
\`JSON.parse(string)\` of the same text; in brackets what they may be at most.

${auditTable}

${pathTable}

File operations are asynchronous, one after the other; the time of \`gate.files\` is divided by that of
\`fs.promises\`, whose \`readdir\` is asked for types but tells no sizes.

${fileTable}
`
}

/** @param {string} section */
export function writeSection(section) {
  const text = readFileSync(FILE, 'utf8')
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) {
    throw new Error(`docs/benchmarks.md has no ${BEGIN} and ${END}`)
  }
  writeFileSync(FILE, `${before}${BEGIN}\n${section}${END}${after}`)
}
