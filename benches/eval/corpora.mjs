// The corpora that `npm run eval` knows, where they are found, and the gate that each must pass.
// They are hostile text and fake keys: read by program, never printed.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/**
 * @typedef {object} Corpus
 * @property {string} name
 * @property {string} kind of the argument that each case is given as
 * @property {'attack' | 'benign'} label
 * @property {string[]} files any of them may be missing
 * @property {(folder: string) => unknown[]} cases
 * @property {(counts: Counts) => boolean} [passes] whether the gate is met; none where the corpus is only reported
 * @property {string} [gate] the same in words
 */
/** @typedef {{ cases: number, denied: number, flagged: number }} Counts */

/** @param {string} path */
function text(path) {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

/** @param {string} path */
function rows(path) {
  return text(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** @param {string} path */
function records(path) {
  return rows(path).map((line) => JSON.parse(line))
}

/** @param {string} path */
function payloads(path) {
  return path.endsWith('.txt')
    ? rows(path).map((line) => line.replace(/\r$/, ''))
    : records(path).map(({ input }) => input)
}

const SQLI = [
  'sqli/libinjection_sqli_misc.jsonl',
  'sqli/patt_Auth_Bypass.txt',
  'sqli/patt_Generic_TimeBased.txt',
]
const CMDI = [
  'cmdi/patt_command_exec.txt',
  'cmdi/patt_command-execution-unix.txt',
  'cmdi/fuzzdb_command-injection-template.txt',
]

const share = (/** @type {number} */ part, /** @type {number} */ whole) => (whole === 0 ? 0 : part / whole)
const caught = (/** @type {Counts} */ { cases, denied, flagged }) => share(denied + flagged, cases)
const atLeast = (/** @type {number} */ wanted) => ({
  passes: (/** @type {Counts} */ counts) => caught(counts) >= wanted,
  gate: `>= ${wanted * 100} % flagged or denied`,
})
const deniedAtLeast = (/** @type {number} */ wanted) => ({
  passes: (/** @type {Counts} */ { denied, cases }) => share(denied, cases) >= wanted,
  gate: `>= ${wanted * 100} % denied`,
})
const flaggedAtMost = (/** @type {number} */ wanted) => ({
  passes: (/** @type {Counts} */ { denied, flagged, cases }) =>
    denied === 0 && share(flagged, cases) <= wanted,
  gate: `denied 0, flagged <= ${wanted * 100} %`,
})

/** A value that is more than a bare word: the others are no attack on a name or word. */
const IN_CLASS = /[^\p{L}\p{N}._/:@=+,-]|^-|%[0-9a-f]{2}/iu

/** @param {string[]} files @param {(value: string) => boolean} [keep] */
function lists(files, keep = () => true) {
  return {
    files,
    cases: (/** @type {string} */ folder) =>
      files
        .map((file) => join(folder, file))
        .filter(existsSync)
        .flatMap(payloads)
        .filter(keep),
  }
}

const SENTENCE = 'Please have a look at the report that I sent you yesterday. '

/** @type {Corpus[]} */
export const CORPORA = [
  {
    name: 'tool calls',
    kind: 'auto',
    label: 'benign',
    files: ['benign/bfcl_tool_calls_a.jsonl'],
    cases: (folder) => records(join(folder, 'benign/bfcl_tool_calls_a.jsonl')).map((row) => row.arguments),
    ...flaggedAtMost(0.003),
  },
  {
    name: 'tool descriptions',
    kind: 'text',
    label: 'benign',
    files: ['benign/bfcl_tool_defs_a.jsonl'],
    cases: (folder) => records(join(folder, 'benign/bfcl_tool_defs_a.jsonl')).map((row) => row.description),
    ...flaggedAtMost(0.005),
  },
  {
    name: 'NotInject',
    kind: 'text',
    label: 'benign',
    ...lists(['prompt/NotInject_one.jsonl']),
    ...flaggedAtMost(0.03),
  },
  {
    name: 'libinjection, false positives',
    kind: 'auto',
    label: 'benign',
    ...lists(['sqli/libinjection_fp_a.jsonl']),
    ...flaggedAtMost(0.04),
  },
  {
    name: 'SQL injection',
    kind: 'identifier',
    label: 'attack',
    ...lists(SQLI, (value) => IN_CLASS.test(value)),
    ...deniedAtLeast(1),
  },
  {
    name: 'SQL injection',
    kind: 'word',
    label: 'attack',
    ...lists(SQLI, (value) => IN_CLASS.test(value)),
    ...deniedAtLeast(0.985),
  },
  { name: 'SQL injection', kind: 'auto', label: 'attack', ...lists(SQLI), ...atLeast(0.9) },
  {
    name: 'command injection',
    kind: 'word',
    label: 'attack',
    ...lists(CMDI, (value) => IN_CLASS.test(value)),
    ...deniedAtLeast(0.985),
  },
  { name: 'command injection', kind: 'auto', label: 'attack', ...lists(CMDI), ...atLeast(0.8) },
  {
    name: 'cross-site scripting',
    kind: 'auto',
    label: 'attack',
    ...lists(['xss/libinjection_xss.jsonl']),
    ...atLeast(0.98),
  },
  {
    name: 'payloads behind a sentence',
    kind: 'auto',
    label: 'attack',
    files: [...SQLI, ...CMDI],
    cases: (folder) => {
      const all = lists([...SQLI, ...CMDI]).cases(folder)
      const step = Math.max(1, Math.floor(all.length / 500))
      return all.filter((_, index) => index % step === 0).map((value) => SENTENCE + value)
    },
    ...atLeast(0.75),
  },
  {
    name: 'document databases',
    kind: 'auto',
    label: 'attack',
    ...lists(['nosql/patt_NoSQL.txt']),
  },
  {
    name: 'CRS 941 (a third has no visible payload)',
    kind: 'auto',
    label: 'attack',
    files: ['crs/crs_941.jsonl'],
    cases: (folder) =>
      records(join(folder, 'crs/crs_941.jsonl'))
        .filter(({ label }) => label === 'attack')
        .map(({ inputs }) => inputs),
  },
  {
    name: 'naughty strings',
    kind: 'auto',
    label: 'benign',
    files: ['robustness/blns.json'],
    cases: (folder) => JSON.parse(text(join(folder, 'robustness/blns.json'))),
  },
  {
    name: 'indirect instructions',
    kind: 'text',
    label: 'attack',
    ...lists(['prompt/bipia_text_attack_train.jsonl', 'prompt/bipia_code_attack_train.jsonl']),
  },
  { name: 'InjecGuard, benign', kind: 'text', label: 'benign', ...lists(['prompt/injecguard_valid.jsonl']) },
]
