// URLs as Node reads them: what the gate lets pass leads where Node goes. Single cases are in
// tests/vectors/urls.json.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CORPORA = process.env.CALLGATE_CORPORA ?? join(ROOT, '..', 'shared', 'corpora')
const WPT = join(CORPORA, 'ssrf', 'wpt_urltestdata.json')

/** Judges hosts by nothing but their reading. */
const WIDE = { urls: { schemes: ['http', 'https', 'ws', 'ftp'], allowPrivate: true } }
const wide = new Gate(WIDE)

/**
 * Whether the gate lets a URL pass that Node takes to another host. One that Node refuses leads nowhere.
 *
 * @param {string} url
 * @returns {'refused' | 'unread' | 'same' | 'other'}
 */
function compare(url) {
  if (wide.checkUrl(url).action !== 'allow') {
    return 'refused'
  }
  if (!URL.canParse(url)) {
    return 'unread'
  }
  const { hostname } = new URL(url)
  const gate = new Gate({ ...WIDE, urls: { ...WIDE.urls, allowHosts: [hostname] } })
  try {
    return gate.checkUrl(url).action === 'allow' ? 'same' : 'other'
  } finally {
    gate.close()
  }
}

/** Numbers that are the same in every run (mulberry32). */
function numbers(seed) {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const PARTS = [
  ...'abcxyz019.-_/\\?#@:;,%[] ',
  ...'äßÉσςıİñéẞﬁ①１ａ。．｡',
  ...[
    'xn--',
    'xn--mnchen-3ya',
    'xn--zca',
    'xn--a',
    '--',
    '..',
    '0x',
    '127.0.0.1',
    'localhost',
    'example.com',
  ],
  ...[
    '%2e',
    '%41',
    '\t',
    '\n',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u0301',
    '\u0307',
    '\u0345',
    '\ufe0f',
    '\ud83d\ude00',
  ],
  ...[
    '\u05d0',
    '\u0627',
    '\u0661',
    '\u0915\u094d\u200d\u0937',
    '\u30fb',
    '\u30a2',
    '\u4e2d',
    '\u1100',
    '\u1161',
  ],
  ...['\u212a', '\u0131', '\u2170', '\u10a0', '\u13a0', '\u1c90', '\u03c3', '\u0390', '\u1fd3'],
]

describe('the gate and Node read the same hosts', () => {
  it('in random URLs', () => {
    const next = numbers(20_26)
    const found = { refused: 0, unread: 0, same: 0, other: 0 }
    for (let round = 0; round < 20_000; round++) {
      let host = ''
      for (let count = 1 + next(6); count > 0; count--) {
        host += PARTS[next(PARTS.length)]
      }
      const url = `${['http', 'https', 'ws', 'ftp'][next(4)]}://${host}${['', '.com/', '/', ':80/x'][next(4)]}`
      const result = compare(url)
      assert.notEqual(result, 'other', JSON.stringify(url))
      found[result] += 1
    }
    assert.ok(found.same > 1_000 && found.refused > 1_000, JSON.stringify(found))
  })

  it('in every letter of a name', () => {
    let same = 0
    for (let code = 0x80; code < 0x20000; code++) {
      // A letter stands in one of some hundred places; every tenth letter and all of the first planes' alphabets.
      if ((code > 0x2fff && code % 10 !== 0) || (code >= 0xd800 && code < 0xe000)) {
        continue
      }
      const url = `http://a${String.fromCodePoint(code)}b.com/`
      const result = compare(url)
      assert.notEqual(result, 'other', JSON.stringify(url))
      same += result === 'same' ? 1 : 0
    }
    assert.ok(same > 5_000, `${same}`)
  })

  it('in the cases of web-platform-tests', { skip: !existsSync(WPT) && 'the corpora are absent' }, () => {
    const cases = JSON.parse(readFileSync(WPT, 'utf8')).filter((row) => typeof row === 'object')
    for (const { input } of cases) {
      assert.notEqual(compare(input), 'other', JSON.stringify(input))
    }
  })

  it('and the comparison sees one that differs', () => {
    const gate = new Gate({ urls: { allowHosts: ['xn--mnchen-3ya.de'] } })
    assert.equal(gate.checkUrl('http://münchen.de/').action, 'allow')
    assert.deepEqual(rulesOf(gate.checkUrl('http://munchen.de/')), ['url.host'])
  })
})

describe('checkUrl and checkAddress', () => {
  const gate = new Gate()

  it('answer frozen verdicts with ranges in the text', () => {
    const verdict = gate.checkUrl('ftp://u:p@[::1]/')
    assert.ok(Object.isFrozen(verdict) && verdict.findings.every(Object.isFrozen))
    assert.deepEqual(
      verdict.findings.map(({ rule, start, end }) => [rule, start, end]),
      [
        ['url.scheme', 0, 3],
        ['url.credentials', 6, 9],
        ['url.private', 10, 15],
      ],
    )
    assert.equal(gate.checkUrl('https://example.com'), gate.checkAddress('example.com', '8.8.8.8'))
  })

  it('say nothing of the text in messages', () => {
    for (const { message } of gate.checkUrl('ftp://sec:ret@10.9.8.7/').findings) {
      assert.doesNotMatch(message, /sec|ret|10\.9/)
    }
  })

  it('take well-formed strings', () => {
    for (const url of [
      undefined,
      null,
      1,
      new URL('http://a.com'),
      Buffer.from('http://a.com'),
      ['http://a.com'],
    ]) {
      refusal(() => gate.checkUrl(url), 'input.type')
      refusal(() => gate.checkAddress(url, '8.8.8.8'), 'input.type')
      refusal(() => gate.checkAddress('a.com', url), 'input.type')
    }
    for (const address of ['', 'a.com', '8.8.8', '0x8.8.8.8', '[::1]', '::1%lo', '8.8.8.8 ']) {
      refusal(() => gate.checkAddress('a.com', address), 'input.type', address)
    }
    assert.deepEqual(rulesOf(gate.checkUrl('http://a\ud800.com/')), ['json.surrogate'])
    const flagged = new Gate({ rules: { 'json.surrogate': 'flag' } })
    assert.equal(flagged.checkUrl('http://a\ud800.com/').action, 'deny')
  })

  it('throw once the gate is closed', () => {
    const closed = new Gate()
    closed.close()
    refusal(() => closed.checkUrl('http://a.com'), 'gate.closed')
    refusal(() => closed.checkAddress('a.com', '8.8.8.8'), 'gate.closed')
  })

  it('hold to a policy that names its fault', () => {
    for (const [urls, pointer] of [
      [{ schemes: ['https:'] }, '/urls/schemes/0'],
      [{ schemes: ['https', ''] }, '/urls/schemes/1'],
      [{ allowHosts: ['a.com', 'https://b.com'] }, '/urls/allowHosts/1'],
      [{ denyHosts: ['10.0.0.0/8'] }, '/urls/denyHosts/0'],
      [{ allowHosts: 'a.com' }, '/urls/allowHosts'],
      [{ allowPrivate: 1 }, '/urls/allowPrivate'],
      [{ hosts: [] }, '/urls/hosts'],
    ]) {
      const { message } = refusal(() => new Gate({ urls }), 'policy.invalid', pointer)
      assert.ok(message.startsWith(`${pointer}:`), message)
    }
  })
})
