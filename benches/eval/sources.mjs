// Real source and prose from what is installed on the machine: benign, whatever it looks like.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const CARGO = join(homedir(), '.cargo/registry/src')
const FOLDERS = [
  ['node_modules', /\.(?:js|mjs|cjs|ts|mts|md)$/],
  [CARGO, /\.(?:rs|c|h|md|py|sh)$/],
  ['/usr/lib/python3', /\.py$/],
  ['/usr/lib/python3.11', /\.py$/],
  ['/usr/share', /\.sh$/],
]
/** Bytes of a file that counts: generated ones are larger, stubs smaller. */
const SMALLEST = 500
const LARGEST = 100_000
/** Files of one extension and folder. */
const EACH = 60
const MOST_ENTRIES = 200_000

/** @param {string} folder @param {RegExp} names */
function files(folder, names) {
  /** @type {Map<string, string[]>} */
  const found = new Map()
  const open = [folder]
  let entries = 0
  while (open.length > 0 && entries < MOST_ENTRIES) {
    const here = /** @type {string} */ (open.pop())
    for (const entry of readdirSync(here, { withFileTypes: true })) {
      entries++
      const path = join(here, entry.name)
      if (entry.isDirectory()) {
        open.push(path)
      } else if (entry.isFile() && names.test(entry.name)) {
        const extension = entry.name.slice(entry.name.lastIndexOf('.'))
        const list = found.get(extension) ?? found.set(extension, []).get(extension)
        list?.push(path)
      }
    }
  }
  return [...found.values()].flatMap((list) => {
    const sized = list.sort().filter((path) => {
      const { size } = statSync(path)
      return size >= SMALLEST && size <= LARGEST
    })
    const step = Math.max(1, Math.floor(sized.length / EACH))
    return sized.filter((_, index) => index % step === 0).slice(0, EACH)
  })
}

/** @returns {import('./corpora.mjs').Corpus[]} */
export function sources() {
  const texts = FOLDERS.filter(([folder]) => existsSync(/** @type {string} */ (folder)))
    .flatMap(([folder, names]) => files(/** @type {string} */ (folder), /** @type {RegExp} */ (names)))
    .map((path) => readFileSync(path, 'utf8'))
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .filter((_, index) => index % 5 === 0)
  const at = (/** @type {number} */ most) => ({
    passes: (/** @type {import('./corpora.mjs').Counts} */ { denied, flagged, cases }) =>
      denied === 0 && flagged <= most * cases,
    gate: `denied 0, flagged <= ${most * 100} %`,
  })
  const row = (name, kind, cases, most) => ({
    name,
    kind,
    label: 'benign',
    files: [],
    cases: () => cases,
    ...at(most),
  })
  return [
    row('lines of source and prose', 'code', lines, 0.005),
    row('lines of source and prose', 'auto', lines, 0.02),
    row('files of source and prose', 'code', texts, 0.02),
    row('files of source and prose', 'auto', texts, 0.05),
  ]
}
