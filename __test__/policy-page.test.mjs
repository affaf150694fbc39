// docs/policy.md says what the schema of policies says, and what it shows as a policy is one.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test, { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Gate } from '../index.mjs'
import { refusal } from './support/callgate.mjs'
import { anchor, FILE, groupsOf, page, schema } from './support/policy/page.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const TEXT = readFileSync(FILE, 'utf8')
const SCHEMA = schema()
const GROUPS = groupsOf(SCHEMA)
const MEMBERS = GROUPS.flatMap(({ paths, members }) =>
  members.map((member) => ({ ...member, path: [paths[0], member.name].filter(Boolean).join('.') })),
)
const accepts = new Ajv2020({ strict: false }).compile(SCHEMA)

/** Every schema of a member in a document of schemas, wherever it stands. */
function schemasOf(node, found = []) {
  if (typeof node === 'object' && node !== null) {
    // Names that a map fixes are listed with the map.
    const isMap = typeof node.additionalProperties === 'object'
    for (const [name, member] of isMap ? [] : Object.entries(node.properties ?? {})) {
      found.push([name, member])
    }
    for (const [keyword, inner] of Object.entries(node)) {
      if (!['examples', 'default', 'enum', 'const'].includes(keyword)) {
        schemasOf(inner, found)
      }
    }
  }
  return found
}

describe('docs/policy.md', () => {
  it('is what the schema makes', () => {
    assert.equal(TEXT, page(SCHEMA), 'write it anew: node __test__/support/policy/write-page.mjs')
  })

  it('has every member of the schema', () => {
    const all = schemasOf(SCHEMA)
    assert.ok(all.length > 50, 'members were found')
    assert.equal(MEMBERS.length, all.length)
    const shown = [...TEXT.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name).sort()
    assert.deepEqual(shown, all.map(([name]) => name).sort())
  })

  for (const { path, node, required } of MEMBERS) {
    it(`says what ${path} does, and its default or that it has none`, () => {
      assert.match(node.description ?? '', /^\S.{9,}\.$/)
      const isSaid = required || /\bNo default\b/.test(node.description)
      assert.equal(node.default === undefined, isSaid)
    })
  }

  for (const { paths, node, examples } of GROUPS) {
    const name = paths[0] || 'the whole policy'
    it(`says what ${name} is, with examples`, () => {
      assert.match(node.description ?? '', /^\S.{9,}\.$/)
      assert.ok(examples.length > 0)
    })
  }

  const blocks = [...TEXT.matchAll(/^```(\w*)\n(.*?)\n```$/gms)]
  const temp = temporaryFolder(test)
  /** A gate by a policy in a file, in a folder of its own with the roots that it names. */
  const load = (text, index) => {
    const folder = join(temp, String(index))
    mkdirSync(folder)
    for (const root of JSON.parse(text).paths?.roots ?? []) {
      mkdirSync(join(folder, root))
    }
    writeFileSync(join(folder, 'policy.json'), text)
    return Gate.load(join(folder, 'policy.json'))
  }

  it('shows policies and nothing else', () => {
    assert.equal(blocks.length, GROUPS.flatMap(({ examples }) => examples).length)
    assert.ok(blocks.every(([, language]) => language === 'json'))
  })

  for (const [index, [, , text]] of blocks.entries()) {
    it(`shows a policy: ${text.replace(/\s+/g, ' ').slice(0, 60)}`, () => {
      assert.ok(accepts(JSON.parse(text)), JSON.stringify(accepts.errors))
      load(text, index).close()
    })
  }

  it('would not show what is none', () => {
    for (const [index, policy] of [{ limit: {} }, { paths: { hardLinks: 'never' } }].entries()) {
      assert.equal(accepts(policy), false)
      refusal(() => load(JSON.stringify(policy), `none-${index}`), 'policy.invalid')
    }
  })

  it('leads to what is there', () => {
    const headings = [...TEXT.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading))
    assert.equal(new Set(headings).size, headings.length)
    const links = [...TEXT.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link)
    assert.ok(links.length > 10)
    for (const link of links) {
      const there = link.startsWith('#')
        ? headings.includes(link.slice(1))
        : existsSync(join(dirname(FILE), link))
      assert.ok(there, link)
    }
  })
})
