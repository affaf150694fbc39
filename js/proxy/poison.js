// @ts-check
'use strict'

// Signs that the description of a tool talks to the model behind the user's back.

const { Gate } = require('../../index.js')

/** @import { Finding } from '../../index.js' */

/** Characters of a name: the protocol asks for 1 to 128. */
const LONGEST_NAME = 256
/** Characters of all texts of one tool together; those of real servers have some thousands. */
const LONGEST = 1 << 17

/** What shows as nothing, turns the direction, or is obeyed by a terminal; and known phrasings of injections. */
const RULES = new Set(['text.invisible', 'text.bidi', 'text.control', 'injection.prompt'])
/** Letters of other alphabets are a matter of names only: descriptions are written in all languages. */
const NAME_RULE = 'text.homoglyph'
/** The tool of our own gate whose arguments are names. */
const NAME = 'name'

const SECRETS = 'a file of secrets that the model is to read'
/** What names a resource, which may be such a file: to list it is no order to read it. */
const NAMES = new Set(['/name', '/title', '/uri', '/uriTemplate'])

const GAP = '[^.!?\\n]{0,80}'

/**
 * What tool descriptions that were made to deceive say, and documentation does not. Gaps are bounded, so that time is
 * linear in the text.
 *
 * @type {readonly [what: string, sign: RegExp][]}
 */
const SIGNS = [
  [
    'text between tags that a model takes for instructions',
    /<\/?(?:important|system|secret|instructions?|hidden|admin)>/i,
  ],
  [
    'a marker of a chat format',
    /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>/i,
  ],
  [
    'that something is kept from the user',
    new RegExp(
      `\\b(?:do not|don['’]t|never|must not|without|avoid)\\b[^.!?\\n]{0,24}\\b(?:tell|telling|mention|mentioning|inform|informing|notify|notifying|show|showing|reveal|revealing|disclose|disclosing|alert|alerting|ask|asking)\\b${GAP}\\buser\\b`,
      'i',
    ),
  ],
  [
    'that something is kept secret',
    /\b(?:keep|do) (?:this|it|that)\b[^.!?\n]{0,40}\b(?:secret|hidden|silently|secretly)\b/i,
  ],
  [
    SECRETS,
    /(?:~|\$HOME|\/home\/\w{1,32}|\/root)\/\.(?:ssh|aws|gnupg|cursor|kube|docker|npmrc|netrc)\b|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:passwd|shadow)\b|\bmcp\.json\b/i,
  ],
  [
    'what the model is to do before other tools may be used',
    new RegExp(
      `\\b(?:before|prior to|whenever)\\b${GAP}\\b(?:any|every|all|another) other tools?\\b|\\bbefore (?:using|calling|invoking|executing) (?:any|every|all|another)\\b${GAP}\\btools?\\b`,
      'i',
    ),
  ],
  [
    'an order about another tool',
    new RegExp(
      `\\b(?:instead of|in place of|rather than)\\b[^.!?\\n]{0,16}\\b(?:using|calling)\\b${GAP}\\b(?:always|must)\\b|\\bwhen(?:ever)?\\b[^.!?\\n]{0,60}\\btool\\b[^.!?\\n]{0,60}\\b(?:recipient|bcc|forward|redirect)`,
      'i',
    ),
  ],
  [
    'the conversation, which a tool does not need',
    /\b(?:full|entire|whole|complete|previous|all)\b[^.!?\n]{0,24}\b(?:conversation|chat) (?:history|log|transcript)\b/i,
  ],
  [
    'an order to disregard other instructions',
    /\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,24}\b(?:previous|prior|above|earlier|system|all other)\b[^.!?\n]{0,24}\b(?:instructions?|prompts?|rules?|messages?)\b/i,
  ],
]

/** @type {Gate | undefined} */
let judge

/** Judges texts as prose, whatever the policy of the session says. */
function gate() {
  judge ??= new Gate({
    limits: { elements: 1 << 24 },
    rules: { 'json.*': 'flag', 'secret.*': 'off' },
    tools: {
      '*': { arguments: { '/*': { kind: 'text' } } },
      [NAME]: { arguments: { '/*': { kind: 'identifier' } } },
    },
  })
  return judge
}

/**
 * All strings and names of members in a value, with where they are.
 *
 * @param {unknown} value
 * @param {string} pointer
 * @param {[pointer: string, text: string][]} texts
 */
function collect(value, pointer, texts) {
  if (typeof value === 'string') {
    texts.push([pointer, value])
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!Array.isArray(value)) {
        texts.push([at, name])
      }
      collect(member, at, texts)
    }
  }
  return texts
}

/** @param {Finding} finding */
function isOfNames({ rule }) {
  return rule === NAME_RULE
}

/**
 * What a finding says, less its rule at the end.
 *
 * @param {Finding} finding
 */
function told({ rule, message }) {
  return `${rule}: ${message.slice(0, message.lastIndexOf(` (${rule}`))}`
}

/**
 * What gives a value away that a server describes itself with, or `undefined`.
 *
 * @param {unknown} value the definition of a tool or of something else that is listed, or a text
 * @param {boolean} [isResource] whether its name is for people, in any language, and none to call it by
 * @returns {{ pointer: string, message: string } | undefined}
 */
function poisonIn(value, isResource = false) {
  const texts = collect(value, '', [])
  const total = texts.reduce((sum, [, text]) => sum + text.length, 0)
  if (total > LONGEST) {
    return { pointer: '', message: `more text than ${LONGEST} characters` }
  }
  const name = isResource ? undefined : /** @type {any} */ (value)?.name
  if (typeof name === 'string' && (name === '' || name.length > LONGEST_NAME)) {
    return { pointer: '/name', message: `a name has 1 to ${LONGEST_NAME} characters` }
  }
  for (const finding of gate().audit(
    '',
    texts.map(([, text]) => text),
  ).findings) {
    if (RULES.has(finding.rule)) {
      const [pointer] = texts[Number(finding.pointer.slice(1))] ?? ['']
      return { pointer, message: told(finding) }
    }
  }
  const odd = typeof name === 'string' && gate().audit(NAME, [name]).findings.find(isOfNames)
  if (odd) {
    return { pointer: '/name', message: told(odd) }
  }
  for (const [pointer, text] of texts) {
    const mayBeSecret = isResource && NAMES.has(pointer)
    const sign = SIGNS.find(([what, pattern]) => pattern.test(text) && !(mayBeSecret && what === SECRETS))
    if (sign !== undefined) {
      return { pointer, message: `it holds ${sign[0]}` }
    }
  }
  return undefined
}

module.exports = { poisonIn }
