// Rows that are more than an audit of one value: paths below a root, URLs, secrets with their ranges.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { Gate } from '../../index.mjs'
import { refused } from './corpora.mjs'
import { cases, records } from './formats.mjs'

const PATHS = [
  'path/patt_directory_traversal.txt',
  'path/patt_Linux-files.txt',
  'path/fuzzdb_path-traversal-windows.txt',
  'path/fuzzdb_invalid-filenames-microsoft.txt',
]
const INTENTS = /** @type {const} */ (['read', 'list', 'write', 'delete'])

/**
 * Hostile paths as an argument of kind `path` with every intent. One that is not refused must resolve inside the
 * root.
 *
 * @param {string} folder
 * @returns {{ rows: import('./corpora.mjs').Row[], done: () => void }}
 */
export function paths(folder) {
  const temp = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-eval-')))
  const root = join(temp, 'root')
  // What the paths ask for is there, below the root: that must be what is met.
  mkdirSync(join(root, 'etc'), { recursive: true })
  writeFileSync(join(root, 'etc/passwd'), '')
  const gates = INTENTS.map((intent) => ({
    intent,
    gate: new Gate({
      paths: { roots: [root] },
      tools: { t: { arguments: { '/value': { kind: 'path', intent } } } },
    }),
  }))

  /** @param {unknown} value */
  const judge = (value) => {
    const answers = gates.map(({ gate, intent }) => {
      const { action, findings } = gate.audit('t', { value })
      if (action === 'deny') {
        return findings.map(({ rule }) => rule)
      }
      try {
        const { path } = gate.resolvePath(String(value), { intent })
        return path === root || path.startsWith(root + sep) ? 'inside' : 'allow'
      } catch (error) {
        return [/** @type {{ code: string }} */ (error).code]
      }
    })
    if (answers.includes('allow')) {
      return { action: 'allow', rules: [] }
    }
    const rules = answers.flatMap((answer) => (answer === 'inside' ? [] : answer))
    return answers.includes('inside')
      ? { action: 'inside', rules: ['resolved inside the root'] }
      : { action: 'deny', rules: [...new Set(rules)] }
  }
  const rows = PATHS.map((file) => ({
    name: file.replace(/^path\//, '').replace(/\.txt$/, ''),
    kind: 'path',
    label: /** @type {const} */ ('attack'),
    files: [file],
    read: () => ({ values: existsSync(join(folder, file)) ? cases(join(folder, file)) : [] }),
    judge,
    passes: (/** @type {import('./corpora.mjs').Counts} */ counts) => counts.missed === 0,
    gate: '100 % refused or inside the root',
  }))
  return { rows, done: () => rmSync(temp, { recursive: true, force: true }) }
}

const URLS = new URL('../../tests/vectors/urls.json', import.meta.url)
const LEAST_REFUSED = 150
const LEAST_ALLOWED = 60
/** The rules of hosts that no server may be led to; the others of the table are about spelling and scheme. */
const PRIVATE = new Set(['url.private', 'url.metadata'])

/**
 * Our own table of URLs, under the default policy.
 *
 * @returns {import('./corpora.mjs').Row[]}
 */
export function urls() {
  /** @type {{ action: string, rules?: string[], policy?: object, urls?: string[] }[]} */
  const groups = JSON.parse(readFileSync(URLS, 'utf8')).urls.filter(
    (/** @type {{ policy?: object }} */ { policy }) => policy === undefined,
  )
  const of = (/** @type {(group: typeof groups[number]) => boolean} */ wanted) => ({
    files: [],
    read: () => ({ values: [...new Set(groups.filter(wanted).flatMap((group) => group.urls ?? []))] }),
  })
  const least = (/** @type {number} */ count) => (/** @type {import('./corpora.mjs').Counts} */ counts) =>
    counts.cases >= count
  return [
    {
      name: 'private and metadata hosts, own table',
      kind: 'url',
      label: 'attack',
      ...of(({ action, rules = [] }) => action === 'deny' && rules.some((rule) => PRIVATE.has(rule))),
      passes: (counts) => least(LEAST_REFUSED)(counts) && refused(1).passes(counts),
      gate: `100 % denied of >= ${LEAST_REFUSED}`,
    },
    {
      name: 'other URLs to refuse, own table',
      kind: 'url',
      label: 'attack',
      ...of(({ action, rules = [] }) => action === 'deny' && !rules.some((rule) => PRIVATE.has(rule))),
      ...refused(1),
    },
    {
      name: 'public URLs, own table',
      kind: 'url',
      label: 'benign',
      ...of(({ action }) => action === 'allow'),
      passes: (counts) => least(LEAST_ALLOWED)(counts) && counts.false === 0,
      gate: `100 % allowed of >= ${LEAST_ALLOWED}`,
    },
  ]
}

const SECRETS = 'secrets/secretlint_a.jsonl.gz'

/**
 * @typedef {{ label: string, rule: string, case: string, input: string, ranges: [number, number][] }} Case
 */

/** @param {string} text */
const bytes = (text) => Buffer.byteLength(text)

/**
 * Where the secret is. Where a label is not the secret's own place, this says what is; `tests/secret_corpora.rs` holds
 * the same.
 *
 * @param {Case} row
 */
function secretsOf({ input, ranges }) {
  return ranges.map(([start, end]) => {
    const text = input.slice(start, end)
    const value = input.indexOf(' = ')
    // The label counts its length from the name instead of the value.
    if (text.startsWith('AWS_SECRET_ACCESS_KEY') && value >= 0) {
      return [value + 3, value + 3 + end - start]
    }
    // The label ends at a space, behind the quote that closes the string.
    if (text.includes('://') && text.includes('@')) {
      return [start, start + text.replace(/["';)]+$/, '').length]
    }
    // The label ends inside the token: its last part would stay.
    if (text.startsWith('xapp-')) {
      return [start, end + (/^[a-z0-9-]*/i.exec(input.slice(end))?.[0].length ?? 0)]
    }
    return [start, end]
  })
}

/** A range of a text as one of the document that holds it as `/value`. */
function inDocument(/** @type {string} */ text, /** @type {number[]} */ [start, end]) {
  const before = bytes('{"value":"')
  const escaped = (/** @type {number} */ at) => before + bytes(JSON.stringify(text.slice(0, at))) - 2
  return `${escaped(start)}-${escaped(end)}`
}

/**
 * Secrets: found where they are and nowhere else.
 *
 * @param {string} folder
 * @returns {import('./corpora.mjs').Row[]}
 */
export function secrets(folder) {
  const path = join(folder, SECRETS)
  if (!existsSync(path)) {
    return []
  }
  const all = /** @type {Case[]} */ (/** @type {unknown} */ (records(path)))
  const gate = new Gate({ tools: { t: { arguments: { '/value': { kind: 'text' } } } } })
  // These hold what other cases call a secret: the linter was told by an option to let it pass.
  const byOption = (/** @type {Case} */ row) => row.case.includes('allows') || row.case.endsWith('Rule-false')
  /** @param {unknown} value */
  const judge = (value) => {
    const row = /** @type {Case} */ (value)
    const { findings } = gate.audit('t', JSON.stringify({ value: row.input }))
    const found = findings.filter(({ rule }) => rule.startsWith('secret.'))
    const rules = found.map(({ rule }) => rule)
    const wanted = secretsOf(row).map((range) => inDocument(row.input, range))
    const got = found.map(({ start, end }) => `${start}-${end}`)
    const exact = wanted.length === got.length && wanted.every((range) => got.includes(range))
    // A secret counts as found with every one of its ranges exact, and clean text as clean without any.
    const right = row.label === 'secret' ? exact : got.length > 0
    return { action: right ? 'flag' : 'allow', rules }
  }
  const row = (
    /** @type {string} */ name,
    /** @type {'attack' | 'benign'} */ label,
    /** @type {Case[]} */ values,
    left = 0,
  ) => ({ name, kind: 'text', label, files: [SECRETS], read: () => ({ values, left }), judge })
  const clean = all.filter(({ label }) => label === 'clean')
  return [
    {
      ...row(
        'secretlint, secrets with exact ranges',
        'attack',
        all.filter(({ label }) => label === 'secret'),
      ),
      passes: (counts) => counts.missed === 0 && counts.cases > 0,
      gate: '100 % found, ranges exact',
    },
    {
      ...row(
        'secretlint, clean',
        'benign',
        clean.filter((row) => !byOption(row)),
        clean.filter(byOption).length,
      ),
      passes: (counts) => counts.false === 0 && counts.cases > 0,
      gate: '100 % clean',
    },
  ]
}
