// @ts-check
'use strict'

// What a server said of itself when it was pinned, and what it says now.

const { createHash } = require('node:crypto')

/** @typedef {{ name: string, [member: string]: unknown }} Entry */

/**
 * What a server says of itself.
 *
 * @typedef {object} Described
 * @property {string | null} instructions
 * @property {unknown} serverInfo
 * @property {Entry[]} tools
 * @property {Entry[]} prompts
 * @property {Entry[]} resources
 * @property {Entry[]} resourceTemplates
 */

/**
 * What was pinned of an entry. `anyOrder` where the server says the same words in another order at each start, or other
 * numbers.
 *
 * @typedef {{ digest: string, definition: unknown, anyOrder?: boolean }} Pin
 */

/**
 * What a lock file holds.
 *
 * @typedef {object} Lock
 * @property {Pin} instructions of a text, or of `null` where the server gives none
 * @property {Map<string, Pin>} tools
 * @property {Map<string, Pin>} [prompts] none in a lock file of version 1
 * @property {Map<string, Pin>} [resources] by their URI
 * @property {Map<string, Pin>} [resourceTemplates] by their template
 */

const VERSION = 2
/** The lists that are pinned, by what their entries are called by. @type {readonly ['tools' | 'prompts' | 'resources' | 'resourceTemplates', string][]} */
const LISTS = [
  ['tools', 'name'],
  ['prompts', 'name'],
  ['resources', 'uri'],
  ['resourceTemplates', 'uriTemplate'],
]
/** Differences that are told of one entry. */
const MAX_TOLD = 20
/** A text from here on is told by the words that differ (characters). */
const LONG = 80
/** Words around the difference that are told. */
const AROUND = 6
/** Characters of a difference of a long text. */
const MAX_WORDS = 600

/**
 * The same value with the members of all objects in one order.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function ordered(value) {
  if (Array.isArray(value)) {
    return value.map(ordered)
  }
  if (typeof value !== 'object' || value === null) {
    return value
  }
  const names = Object.keys(value).sort()
  // Not by assignment: a member may be named `__proto__`.
  return Object.fromEntries(names.map((name) => [name, ordered(/** @type {any} */ (value)[name])]))
}

/** @param {unknown} definition */
function pinOf(definition) {
  const sorted = ordered(definition)
  return {
    digest: `sha256-${createHash('sha256').update(JSON.stringify(sorted)).digest('base64')}`,
    definition: sorted,
  }
}

/**
 * What an entry differs by from its pin, if it does.
 *
 * @param {Pin} pin
 * @param {unknown} definition
 */
function differsFrom(pin, definition) {
  const isSame =
    pinOf(definition).digest === pin.digest ||
    (pin.anyOrder === true && saysTheSame(pin.definition, definition, false))
  return isSame ? undefined : differences(pin.definition, definition)
}

/**
 * The lock of a server that was started twice, and what it says in other words by itself.
 *
 * @param {Described} first
 * @param {Described} [second]
 * @returns {{ lock: Lock, changing: { subject: string, difference: string[], isMild: boolean }[] }}
 */
function lockOf(first, second = first) {
  /** @type {{ subject: string, difference: string[], isMild: boolean }[]} */
  const changing = []
  /** @type {(subject: string, one: unknown, other: unknown) => Pin} */
  const pinned = (subject, one, other) => {
    const pin = pinOf(one)
    if (pinOf(other).digest === pin.digest) {
      return pin
    }
    const isMild = other !== undefined && saysTheSame(one, other, false)
    changing.push({ subject, difference: differences(one, other), isMild })
    return isMild ? { ...pin, anyOrder: true } : pin
  }
  const lists = LISTS.map(([member, key]) => {
    const others = new Map((second[member] ?? []).map((entry) => [entry[key], entry]))
    const pins = (first[member] ?? []).map((entry) => {
      const name = String(entry[key])
      return /** @type {[string, Pin]} */ ([name, pinned(`${member} ${name}`, entry, others.get(entry[key]))])
    })
    return [member, new Map(pins)]
  })
  const instructions = pinned('the instructions', first.instructions, second.instructions)
  return { lock: { instructions, .../** @type {any} */ (Object.fromEntries(lists)) }, changing }
}

/**
 * @param {Lock} lock
 * @returns {string} the text of the file
 */
function written(lock) {
  const lists = LISTS.map(([member]) => {
    const sorted = [...(lock[member] ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    return [member, Object.fromEntries(sorted)]
  })
  const file = { version: VERSION, instructions: lock.instructions, ...Object.fromEntries(lists) }
  return `${JSON.stringify(file, null, 2)}\n`
}

/**
 * @param {string} text
 * @returns {Lock}
 * @throws {Error} where it is no lock file, or a digest does not fit what stands beside it
 */
function readLock(text) {
  let file
  try {
    file = JSON.parse(text)
  } catch {
    throw new Error('not JSON')
  }
  const version = file?.version
  if ((version !== 1 && version !== VERSION) || typeof file.tools !== 'object' || file.tools === null) {
    throw new Error(`not a lock file of version 1 or ${VERSION}`)
  }
  const lists = LISTS.map(([member]) => [
    member,
    file[member] === undefined ? undefined : new Map(Object.entries(file[member])),
  ])
  const lock = { instructions: file.instructions, ...Object.fromEntries(lists) }
  for (const [name, pin] of [
    ['the instructions', file.instructions],
    ...LISTS.flatMap(([member]) => [...(lock[member] ?? [])]),
  ]) {
    if (pinOf(pin?.definition).digest !== pin?.digest) {
      throw new Error(`the digest of ${name} does not fit its definition; pin the server anew`)
    }
  }
  return lock
}

/**
 * What differs between a lock and what a server says now, entry by entry.
 *
 * @param {Lock} lock
 * @param {Described} now
 * @returns {{ subject: string, what: string, difference: string[] }[]}
 */
function changesSince(lock, now) {
  const changes = []
  const difference = differsFrom(lock.instructions, now.instructions)
  if (difference !== undefined) {
    changes.push({ subject: 'the instructions', what: 'changed', difference })
  }
  for (const [member, key] of LISTS) {
    const pins = lock[member]
    if (pins === undefined) {
      continue
    }
    const unseen = new Set(pins.keys())
    for (const entry of now[member] ?? []) {
      const name = String(entry[key])
      const pin = pins.get(name)
      unseen.delete(name)
      const differs = pin === undefined ? differences(undefined, entry) : differsFrom(pin, entry)
      if (differs !== undefined) {
        changes.push({
          subject: `${member} ${name}`,
          what: pin === undefined ? 'new' : 'changed',
          difference: differs,
        })
      }
    }
    for (const name of unseen) {
      changes.push({ subject: `${member} ${name}`, what: 'gone', difference: [] })
    }
  }
  return changes
}

/** Members whose text a model reads. */
const TEXTS = new Set(['description', 'title', 'instructions'])

/**
 * The words of all texts in a value, in one order; numbers are left out.
 *
 * @param {unknown} value
 * @param {boolean} textsOnly whether only what describes counts
 */
function wordsOf(value, textsOnly) {
  /** @type {string[]} */
  const words = []
  const collect = (/** @type {unknown} */ part, /** @type {boolean} */ counts) => {
    if (typeof part === 'string') {
      words.push(...(counts ? (part.match(/[\p{L}\p{M}_]+/gu) ?? []) : []))
    } else if (typeof part === 'object' && part !== null) {
      for (const [name, member] of Object.entries(part)) {
        if (counts && !Array.isArray(part)) {
          words.push(name)
        }
        collect(member, counts || TEXTS.has(name))
      }
    }
  }
  collect(value, !textsOnly)
  return words.sort().join(' ')
}

/**
 * Whether two definitions say the same to a model: with the same words in another order, or, where only descriptions
 * count, in these.
 *
 * @param {unknown} before
 * @param {unknown} after
 * @param {boolean} textsOnly
 */
function saysTheSame(before, after, textsOnly) {
  return wordsOf(before, textsOnly) === wordsOf(after, textsOnly)
}

/** Texts and numbers of JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/**
 * The value of a JSON text, with numbers as they are written where JavaScript would write another one: `1.0`, or what is
 * rounded.
 *
 * @param {string} json
 * @returns {any}
 */
function exactly(json) {
  return JSON.parse(
    json.replace(TOKEN, (token) =>
      token.startsWith('"') || String(Number(token)) === token ? token : JSON.stringify(`\0number ${token}`),
    ),
  )
}

/**
 * What differs between two values: one line for each member, with its pointer.
 *
 * @param {unknown} before
 * @param {unknown} after
 * @returns {string[]}
 */
function differences(before, after) {
  /** @type {string[]} */
  const lines = []
  compare(before, after, '', lines)
  const more = lines.length - MAX_TOLD
  return more > 0 ? [...lines.slice(0, MAX_TOLD), `and ${more} more lines`] : lines
}

/**
 * @param {string} before
 * @param {string} after
 */
function isLong(before, after) {
  return before.length > LONG && after.length > LONG
}

/**
 * The words that differ between two texts, with some around them: `[-old-]{+new+}`.
 *
 * @param {string} before
 * @param {string} after
 */
function wordDifference(before, after) {
  const [old, now] = [before, after].map((text) => text.match(/\s+|[^\s]+/g) ?? [])
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) {
    start++
  }
  let end = 0
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++
  }
  const cut = (/** @type {string[]} */ words) => {
    const text = words.join('')
    return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS).toWellFormed()}...` : text
  }
  const [gone, come] = [cut(old.slice(start, old.length - end)), cut(now.slice(start, now.length - end))]
  const lead = old.slice(Math.max(0, start - AROUND), start).join('')
  const tail = old.slice(old.length - end, old.length - end + AROUND).join('')
  const change = `${gone === '' ? '' : `[-${gone}-]`}${come === '' ? '' : `{+${come}+}`}`
  return `${start > AROUND ? '...' : ''}${lead}${change}${tail}${end > AROUND ? '...' : ''}`
}

/** @param {unknown} value */
function isTree(value) {
  return typeof value === 'object' && value !== null
}

/**
 * @param {any} before
 * @param {any} after
 * @param {string} pointer
 * @param {string[]} lines
 */
function compare(before, after, pointer, lines) {
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const own = (/** @type {object} */ value) =>
        Object.hasOwn(value, name) ? /** @type {any} */ (value)[name] : undefined
      compare(
        own(before),
        own(after),
        `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        lines,
      )
    }
  } else if (
    typeof before === 'string' &&
    typeof after === 'string' &&
    before !== after &&
    isLong(before, after)
  ) {
    lines.push(`~ ${pointer === '' ? '' : `${pointer}: `}${wordDifference(before, after)}`)
  } else if (!Object.is(before, after)) {
    const at = pointer === '' ? '' : `${pointer}: `
    if (before !== undefined) {
      lines.push(`- ${at}${JSON.stringify(before)}`)
    }
    if (after !== undefined) {
      lines.push(`+ ${at}${JSON.stringify(after)}`)
    }
  }
}

module.exports = {
  changesSince,
  differences,
  differsFrom,
  exactly,
  lockOf,
  pinOf,
  readLock,
  saysTheSame,
  written,
}
