// JSON texts of a wanted size: many small members, or one long string.

import { Gate } from '../../index.mjs'
import { chosen } from '../eval/sources.mjs'

/**
 * An object with many small members, about `size` bytes long. Different seeds give different texts, so that
 * rotating them keeps the branch predictor honest.
 *
 * @param {number} size
 * @param {number} [seed]
 */
export function struct(size, seed = 0) {
  if (size < 64) {
    return `{"path":"notes/${10 + (seed % 90)}.md"}`.padEnd(size)
  }
  const next = random(seed)
  const items = []
  let length = 12
  while (length < size) {
    const item = JSON.stringify({
      id: next(1_000_000),
      name: `note ${next(100_000).toString(36)}`,
      done: next(2) === 0,
      score: next(1000) / 8,
      tags: ['work', `t${next(100)}`],
      at: { line: next(500), column: next(80) },
      next: null,
    })
    items.push(item)
    length += item.length + 1
  }
  // The last item is cut to size by the length of its text.
  items.pop()
  const text = `{"items":[${items.join(',')}]`
  return `${text},"text":"${'x'.repeat(Math.max(0, size - text.length - 11))}"}`
}

/**
 * An object with one string, `size` bytes long.
 *
 * @param {number} size
 * @param {number} [seed]
 */
export function blob(size, seed = 0) {
  const words = Array.from({ length: 997 }, (_, index) => ((index + 7) * (seed + 13) * 7919).toString(36))
  const text = words.join(' ')
  const length = size - '{"text":""}'.length
  return `{"text":"${text.repeat(Math.ceil(length / text.length)).slice(0, length)}"}`
}

/** @type {Map<string, string>} */
const written = new Map()

/**
 * An object with one string of `size` bytes before it is escaped: real prose or source of what is installed, of the files
 * that are allowed as a whole.
 *
 * @param {'prose' | 'source'} kind
 * @returns {(size: number, seed?: number) => string}
 */
export function real(kind) {
  return (size, seed = 0) => {
    if (written.size === 0) {
      const gate = new Gate()
      const files = chosen().filter(({ text }) => gate.audit('', JSON.stringify({ text })).action === 'allow')
      gate.close()
      const of = (/** @type {(language: string) => boolean} */ wanted) =>
        files.flatMap(({ language, text }) => (wanted(language) ? [text] : [])).join('\n')
      written.set(
        'prose',
        of((language) => language === 'Markdown'),
      )
      written.set(
        'source',
        of((language) => language !== 'Markdown'),
      )
    }
    const text = written.get(kind) ?? ''
    // Steps that share no factor with the size: every slice is another.
    const from = (seed * (size + 7919)) % Math.max(1, text.length - size)
    return JSON.stringify({ text: text.slice(from, from + size) })
  }
}

/**
 * @param {number} seed
 * @returns {(below: number) => number}
 */
function random(seed) {
  let state = (seed + 1) * 2_654_435_761
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}
