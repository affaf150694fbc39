// The big list of naughty strings as text: nothing may crash, and every string that is flagged is defended here by its
// place in the list, its rule and the reason. The strings themselves are never written down.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from './formats.mjs'
import { verdict } from './judge.mjs'

const FILE = 'robustness/blns.json'

/** @type {{ at: number[], rules: string[], what: string, why: string }[]} */
const DEFENDED = [
  {
    at: [93],
    rules: ['text.control'],
    what: 'the C0 controls U+0001 to U+001F and DEL',
    why: 'no text holds them; terminals and log readers act on them',
  },
  {
    at: [94],
    rules: ['text.control'],
    what: 'the C1 controls U+0080 to U+009F',
    why: 'they start escape sequences in eight bits',
  },
  {
    at: [95],
    rules: ['text.control', 'text.invisible'],
    what: 'every white space of Unicode in one string, with vertical tab, form feed and zero-width ones',
    why: 'zero-width characters hide text from a reader and not from a model',
  },
  {
    at: [96],
    rules: ['text.bidi', 'text.invisible'],
    what: 'every format character of Unicode in one string',
    why: 'soft hyphens, joiners without letters and direction marks show nothing',
  },
  {
    at: [146],
    rules: ['text.invisible'],
    what: 'a byte order mark between letters',
    why: 'it means something only at the start of a file; here it splits a word unseen',
  },
  {
    at: [171, 172, 173, 174],
    rules: ['text.bidi'],
    what: 'direction overrides and embeddings round words',
    why: 'what a reader sees is in another order than what a model reads',
  },
  {
    at: [176],
    rules: ['text.bidi', 'text.invisible'],
    what: 'a word joiner and a direction embedding between letters',
    why: 'both of the reasons above',
  },
  {
    at: [177],
    rules: ['text.bidi'],
    what: 'direction isolates that cross each other',
    why: 'an isolate that does not end with its word reorders what follows it',
  },
  {
    at: [178, 180, 181],
    rules: ['text.invisible'],
    what: 'letters under heaps of combining marks, grapheme joiners among them',
    why: 'U+034F shows nothing and is used to carry hidden bits; the marks themselves are let pass',
  },
  {
    at: [506, 507],
    rules: ['text.control'],
    what: 'terminal escape sequences (colours, a window title)',
    why: 'a terminal that shows the value obeys it',
  },
  {
    at: [508],
    rules: ['text.control'],
    what: 'a bell and a backspace',
    why: 'a backspace removes from the screen what stays in the text',
  },
]

/**
 * @param {string} folder
 * @returns {import('./corpora.mjs').Row[]}
 */
export function naughty(folder) {
  const present = existsSync(join(folder, FILE))
  const files = [FILE]
  const read = () => ({ values: present ? cases(join(folder, FILE)).map((text, at) => ({ at, text })) : [] })
  const undefended = new Set()
  const text = (/** @type {unknown} */ value) => /** @type {{ at: number, text: string }} */ (value)
  return [
    {
      name: 'naughty strings',
      kind: 'text',
      label: 'benign',
      files,
      read,
      judge: (value) => {
        const found = verdict('text', text(value).text)
        const known = DEFENDED.find(({ at }) => at.includes(text(value).at))?.rules ?? []
        if (!found.rules.every((rule) => known.includes(rule))) {
          undefended.add(text(value).at)
        }
        return found
      },
      passes: ({ denied }) => denied === 0 && undefended.size === 0,
      gate: 'no crash, denied 0, each flagged one defended',
    },
    {
      name: 'naughty strings (a third are attacks)',
      kind: 'auto',
      label: 'benign',
      files,
      read,
      judge: (value) => verdict('auto', text(value).text),
    },
  ]
}

export function defence() {
  return DEFENDED.map(
    ({ at, rules, what, why }) =>
      `- ${at.join(', ')}: ${rules.map((rule) => `\`${rule}\``).join(', ')}: ${what}; ${why}.`,
  ).join('\n')
}
