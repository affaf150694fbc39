// Real source and prose of what is installed on the machine: benign, whatever it looks like.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Gate } from '../../index.mjs'
import { quiet } from './corpora.mjs'

const LANGUAGES = /** @type {Record<string, RegExp>} */ ({
  Rust: /\.rs$/,
  C: /\.[ch]$/,
  JavaScript: /\.[cm]?js$/,
  TypeScript: /\.[cm]?ts$/,
  Python: /\.py$/,
  Markdown: /\.md$/,
  shell: /\.(?:sh|bash)$/,
})
/** Files of each language. */
const EACH = 100
/** Bytes of a file that counts: generated ones are larger, stubs smaller. */
const SMALLEST = 500
const LARGEST = 100_000
const LEAST_FILES = 400
const LEAST_LINES = 20_000
const LEAST_NAMES = 20_000

/** Python's own modules; none without a Python. */
function pythonFolder() {
  try {
    const program = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    return [execFileSync('python3', ['-c', program], { encoding: 'utf8' }).trim()]
  } catch {
    return []
  }
}

function folders() {
  return [
    fileURLToPath(new URL('../../node_modules', import.meta.url)),
    join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src'),
    ...pythonFolder(),
    '/usr/share',
    '/usr/lib/git-core',
  ].filter((folder) => existsSync(folder))
}

/**
 * Every file below a folder, in the order of the names; no links are followed.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
}

/**
 * Files of each language, spread over all that there are.
 *
 * @returns {{ language: string, text: string }[]}
 */
export function chosen() {
  const every = folders().flatMap(filesBelow)
  return Object.entries(LANGUAGES).flatMap(([language, names]) => {
    const named = every.filter((path) => names.test(path))
    const sized = named.filter((path) => {
      const { size } = statSync(path)
      return size >= SMALLEST && size <= LARGEST
    })
    const count = Math.min(EACH, sized.length)
    return Array.from({ length: count }, (_, index) => ({
      language,
      text: readFileSync(sized[Math.floor((index * sized.length) / count)] ?? '', 'utf8'),
    }))
  })
}

/**
 * @param {ReturnType<typeof chosen>} files
 * @returns {import('./corpora.mjs').Row[]}
 */
export function sources(files) {
  const texts = files.map(({ text }) => text)
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '')
  /** @param {string} kind @param {string[]} values @param {number} least @param {number} most */
  const row = (name, kind, values, least, most) => {
    const { passes, gate } = quiet(most)
    return {
      name,
      kind,
      label: /** @type {const} */ ('benign'),
      files: [],
      read: () => ({ values }),
      passes: (/** @type {import('./corpora.mjs').Counts} */ counts) =>
        counts.cases >= least && passes(counts),
      gate: `${gate}, >= ${least.toLocaleString('en')} cases`,
    }
  }
  return [
    row('lines of source and prose', 'code', lines, LEAST_LINES, 0.005),
    row('lines of source and prose', 'auto', lines, LEAST_LINES, 0.02),
    row('files of source and prose', 'code', texts, LEAST_FILES, 0.02),
    row('files of source and prose', 'auto', texts, LEAST_FILES, 0.05),
  ]
}

/**
 * The names of all files that are there, each as the path that a tool is asked to read.
 *
 * @returns {import('./corpora.mjs').Row[]}
 */
export function names() {
  const most = 0.00005
  const gate = new Gate({
    paths: { roots: [realpathSync(tmpdir())] },
    tools: { t: { arguments: { '/path': { kind: 'path', intent: 'read' } } } },
  })
  return [
    {
      name: 'names of installed files',
      kind: 'path',
      label: 'benign',
      files: [],
      read: () => ({
        values: folders().flatMap((folder) => filesBelow(folder).map((path) => relative(folder, path))),
      }),
      judge: (path) => {
        const { action, findings } = gate.audit('t', { path })
        return { action, rules: findings.map(({ rule }) => rule) }
      },
      passes: ({ cases, denied }) => cases >= LEAST_NAMES && denied <= most * cases,
      gate: `denied <= ${most * 100} %, >= ${LEAST_NAMES.toLocaleString('en')} cases`,
    },
  ]
}
