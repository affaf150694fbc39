// docs/threat-model.md names what exists, and each of its rows is shown by tests that speak of its rules.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as callgate from '../index.mjs'
import * as http from '../js/http/index.js'
import * as mcp from '../js/mcp/index.js'
import { groupsOf, schema } from './support/policy/page.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FILE = join(ROOT, 'docs/threat-model.md')
const read = (path) => readFileSync(join(ROOT, path), 'utf8')
const TEXT = read('docs/threat-model.md')

/** Rules of the table, and those that the proxy raises by itself. */
const RULES = new Set([
  ...[...read('docs/rules.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, rule]) => rule),
  ...readdirSync(join(ROOT, 'js/proxy')).flatMap((file) =>
    [...read(`js/proxy/${file}`).matchAll(/'((?:tool|rate)\.[a-z-]+)'/g)].map(([, rule]) => rule),
  ),
])
const FAMILIES = new Set([...RULES].map((rule) => rule.split('.')[0]))
const GROUPS = groupsOf(schema())
const MEMBERS = new Set(
  GROUPS.flatMap(({ paths, members }) =>
    paths.flatMap((path) => members.map(({ name }) => [path, name].filter(Boolean).join('.'))),
  ),
)
const NAMED = GROUPS.flatMap(({ members }) => members)
const VALUES = new Set(NAMED.flatMap(({ node }) => node.enum ?? node.anyOf?.[0].enum ?? []))
for (const { node } of NAMED) {
  for (const { $ref } of node.anyOf ?? []) {
    for (const value of schema().$defs[$ref?.split('/').at(-1)]?.enum ?? []) {
      VALUES.add(value)
    }
  }
}
const EXPORTS = new Set([callgate, mcp, http].flatMap((module) => Object.keys(module)))
const COMMANDS = read('js/cli/program.js')
/** Words that are no names of ours. */
const WORDS = new Set(['Host', 'Origin', 'callgate.lock', 'format', 'unsafe', 'xn--'])

const gate = new callgate.Gate()

/** Whether a rule is one, or a family with at least one. @param {string} name */
const isRule = (name) => RULES.has(name) || (name.endsWith('.*') && FAMILIES.has(name.slice(0, -2)))
const isPath = (name) => name.includes('/') && existsSync(join(ROOT, name))
const isFunction = (name) =>
  EXPORTS.has(name) || (name.startsWith('gate.') && name.slice('gate.'.length) in gate)
const isCommand = (name) => {
  const [program, ...words] = name.split(' ')
  const isThere = (word) => COMMANDS.includes(word.startsWith('--') ? `'${word} ` : `.command('${word}`)
  return program === 'callgate' && words.length > 0 && words.every(isThere)
}
/** What names in the page may be. */
const KINDS = { isRule, isPath, isFunction, isCommand, isMember: (name) => MEMBERS.has(name) }
const PACKAGE = new Set(
  Object.keys(JSON.parse(read('package.json')).exports).map((key) => `callgate${key.slice(1)}`),
)

const isKnown = (name) =>
  Object.values(KINDS).some((is) => is(name)) || VALUES.has(name) || WORDS.has(name) || PACKAGE.has(name)

const prose = TEXT.replace(/^```.*?^```$/gms, '')
const spans = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
/** The boundaries, each with the rows of its table. */
const boundaries = prose
  .split(/^## (?=\d)/m)
  .slice(1)
  .map((part) => ({
    number: part[0],
    rows: [...part.split(/^## /m)[0].matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, cells]) => {
      const [id, threat, covered, shown, open] = cells.split(/ *\| */)
      return { id, threat, covered, shown, open }
    }),
  }))
const rows = boundaries.flatMap(({ rows }) => rows)

/** Texts in which a rule may be spoken of: as text, in a pattern, or as Rust names it. @param {string} rule */
function spellings(rule) {
  const words = rule.split(/[.-]/).filter((word) => word !== '*')
  const variant = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')
  return [rule.replace('*', ''), `Rule::${variant}`]
}

describe('docs/threat-model.md', () => {
  it('names nothing that does not exist', () => {
    const names = spans(prose)
    assert.ok(names.length > 150, 'names were found')
    assert.deepEqual([...new Set(names.filter((name) => !isKnown(name)))], [])
  })

  it('would not name what is none', () => {
    for (const name of [
      'path.none',
      'nothing.*',
      '__test__/none.test.mjs',
      'gate.none',
      'guardNone',
      'callgate none',
      'callgate init --none',
      'paths.none',
    ]) {
      assert.equal(isKnown(name), false, name)
    }
  })

  it('looks at each boundary for all of STRIDE', () => {
    assert.deepEqual(
      boundaries.map(({ number }) => number),
      ['1', '2', '3', '4', '5', '6'],
    )
    for (const { number, rows } of boundaries) {
      assert.deepEqual(new Set(rows.map(({ id }) => id[2])), new Set('STRIDE'), number)
      for (const { id } of rows) {
        assert.match(id, new RegExp(`^${number}\\.[STRIDE]\\d$`))
      }
    }
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
  })

  for (const { id, threat, covered, shown, open } of rows) {
    it(`${id}: ${threat} is shown by tests that speak of it`, () => {
      assert.notEqual(covered, '')
      assert.notEqual(open, undefined, 'five cells')
      const files = spans(shown)
      assert.ok(files.length > 0 && files.every(isPath), shown)
      const texts = files.map((file) => read(file).replaceAll('\\.', '.'))
      for (const rule of spans(covered).filter(isRule)) {
        const isSpokenOf = texts.some((text) => spellings(rule).some((name) => text.includes(name)))
        assert.ok(isSpokenOf, `${rule} in ${shown}`)
      }
    })
  }

  it('leads to what is there', () => {
    const links = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link)
    assert.ok(links.length > 0)
    for (const link of links) {
      assert.ok(existsSync(join(dirname(FILE), link)), link)
    }
  })
})
