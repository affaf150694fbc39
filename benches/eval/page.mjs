// The table, and the page that holds it.

import { defence } from './naughty.mjs'

/** @typedef {ReturnType<typeof import('./judge.mjs').evaluate> & { peer?: number }} Result */

const HEAD = ['corpus', 'kind', 'cases', 'denied', 'flagged', 'missed', 'false', 'gate', 'met']

/** @param {number} part @param {number} whole */
function count(part, whole) {
  return part === 0 ? '0' : `${part} (${((100 * part) / whole).toFixed(2)} %)`
}

/** @param {string[]} head @param {string[][]} rows @param {number} [words] columns of words at the left */
function markdown(head, rows, words = 2) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`
  return [
    line(head),
    line(head.map((_, column) => (column < words ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}

/** @param {string} name @param {Result['counts']} counts */
function named(name, { left, inside }) {
  const told = [left > 0 ? `${left} out of class` : '', inside > 0 ? `${inside} inside the root` : '']
  const notes = told.filter((note) => note !== '').join(', ')
  return notes === '' ? name : `${name} (${notes})`
}

/** @param {Result[]} results */
export function table(results) {
  return markdown(
    HEAD,
    results.map(({ name, kind, label, counts, gate, met }) => [
      named(name, counts),
      kind,
      counts.cases.toLocaleString('en'),
      count(counts.denied, counts.cases),
      count(counts.flagged, counts.cases),
      label === 'attack' ? count(counts.missed, counts.cases) : '',
      label === 'benign' ? count(counts.false, counts.cases) : '',
      gate,
      counts.cases === 0 ? 'no cases' : met === undefined ? '' : met ? 'yes' : '**NO**',
    ]),
  )
}

/** @param {import('./kinds.mjs').KindResult[]} results */
export function kindsTable(results) {
  return markdown(
    ['kind', 'labelled', 'found', 'given', 'right', 'gate', 'met'],
    results.map(({ kind, labelled, found, given, right, gate, met }) => [
      kind,
      String(labelled),
      count(found, labelled),
      String(given),
      count(right, given),
      gate,
      met === undefined ? 'no cases' : met ? 'yes' : '**NO**',
    ]),
    1,
  )
}

/** @param {Result[]} results */
function rules(results) {
  return results
    .filter(({ kind }) => kind === 'path')
    .map(({ name, rules }) => {
      const told = [...rules].sort((a, b) => b[1] - a[1]).map(([rule, times]) => `\`${rule}\` ${times}`)
      return `- ${name}: ${told.join(', ')}`
    })
    .join('\n')
}

/** @param {Result[]} results */
function peers(results) {
  return markdown(
    ['corpus', 'cases', 'callgate', 'secretlint'],
    results
      .filter(({ peer }) => peer !== undefined)
      .map(({ name, counts, peer = 0, label }) => [
        label === 'attack' ? `${name}: found` : `${name}: wrongly found`,
        String(counts.cases),
        String(counts.denied + counts.flagged),
        String(peer),
      ]),
    1,
  )
}

/**
 * @param {{ results: Result[], kinds: import('./kinds.mjs').KindResult[], own: Result[], languages: [string, number][], offer: string }} measured
 */
export function page({ results, kinds, own, languages, offer }) {
  const files = languages.map(([language, files]) => `${language} ${files}`).join(', ')
  return `# Evaluation

Written by \`npm run eval\`. Recall and false positives of an audit under the default policy, on public collections that
lie beside the repository and are not part of it. Their text is never printed here.

## Method

- Each case is one argument of the kind that the table names; a case counts as denied or flagged by the verdict's
  action. *Missed* is an attack that is allowed, *false* an ordinary value that is not.
- *Out of class*: bare words among the attacks (\`admin\`, a number). As an identifier or word they are what is asked for.
- Payloads behind a sentence: 500, evenly spread over the lists, behind five sentences in turn.
- Paths: each with the intents read, list, write and delete, below a root in a temporary folder that holds \`etc/passwd\`.
  What is not refused must resolve inside that root.
- Source and prose: files of installed dependencies (${files}), evenly spread over all that are
  there; each file and each line of it is one value. The figures move with what is installed.
- Secrets: found means that every range is exact to the byte and no other is there. Nine rows of the collection are
  argued: in five the label is not the secret's own place (\`tests/secret_corpora.rs\` says where it is), and four clean
  ones hold a secret that the linter was told by an option to let pass; these four are out of class.
- Instructions without a marker are not detected, and nothing here pretends otherwise: what they say is only wrong where
  it stands.
- Injected orders in traces: one case is the results that an agent read in one run, of runs whose trace says that the
  order was in one of them. The rules were written with these traces at hand, which hold one stock text; so its tags and
  each of its phrases are left out in turn.
- Orders in results and poisoned definitions of our own: written from published reports, each order in several texts and
  with several things to do. A hash of its name put each of the first set into one half before any rule was written; on
  one half rules were written, of the other only the figure was looked at. Later rounds were written when the rules
  stood, counted once, and then used for rules. The same hand wrote all of them:

  | round, at first sight | orders in results found | poisoned definitions found |
  | --- | ---: | ---: |
  | first, kept half | 165 of 195 | 30 of 35 |
  | second, 30 texts and 26 definitions | 105 of 450 | 19 of 26 |
  | third, 18 texts and 14 definitions | 102 of 270 | 8 of 14 |
  | fifth, 24 texts and 20 definitions | 123 of 360 | 13 of 20 |

  The fourth round is not used for rules, and of the fifth every other text and definition is not.

  An order that nobody is addressed with, and that claims nothing, is ordinary text: a third of the second round is such.
- Kinds of tools of our own (\`benches/eval/own-kinds.json\`): 459 arguments of 237 tools as public servers have them, and tools
  in 16 languages, labelled before it was looked at what is inferred. Rules were written on every other tool. At first
  sight \`path\` was right for 100 of 103 and found for 100 of 104; of the tools in other languages, before their words
  were known, 1 of 43 places was found.
- Calls of other servers: written by hand for 83 tools that the collections do not have, with the signs that attacks hold
  (quotes, pipes, operators of query languages, words of orders). At first sight 35 of 327 were flagged as \`auto\` and
  18 with the kinds that are inferred, none denied; then the classes that were wrong were mended.
- NotInject, InjecGuard, ordinary calls, ordinary traces, definitions of real tools: their false alarms were looked at
  while rules were made.

## Figures

${table(results)}

The paths, by what refused them (a path may be refused by several rules, one for each intent):

${rules(results)}

## Kinds

What \`inferKinds\` says of arguments of real tools that people labelled: *found* of those that are labelled so, *right* of
those that it gives. The rules were made with these labels at hand.

${kindsTable(kinds)}

## Our own set

${cases(own)} payloads and ordinary values in \`benches/eval/own.mjs\`, written from general knowledge, as \`auto\`. The ordinary
ones are chosen to be hard: they hold the words and signs that attacks hold. *Seen*: their failures were looked at while
the rules were made. *Kept back*: counted only, but the same hand wrote them. Each round was written when the rules
stood, counted, and then looked at, so that its figures at first sight tell more of unknown text than the table does:

| at first sight | attacks on programs found | orders to a model found | ordinary values flagged |
| --- | ---: | ---: | ---: |
| first set, the rules before | 150 of 174 | 18 of 42 | 31 of 193 |
| second round | 73 of 74 | 12 of 22 | 3 of 78 |
| third round | 38 of 41 | 5 of 21 | 6 of 60 |

Orders to a model have no grammar: the families find the phrasings they know, and a new phrasing passes.

${table(own)}

## Peers

- secretlint 12, recommended preset, the same inputs. It counts as finding what it says anything about, wherever; the
  collection has rules that the preset leaves out.

${peers(results)}

- mcp-fence: not compared: ${offer}.

## Naughty strings that are flagged as text

By their place in the list, counted from 0.

${defence()}
`
}

/** Of the rows that are no part of a total. */
function cases(/** @type {Result[]} */ results) {
  return results
    .filter(({ name }) => /^(?:attacks|ordinary values), /.test(name))
    .reduce((sum, { counts }) => sum + counts.cases, 0)
}
