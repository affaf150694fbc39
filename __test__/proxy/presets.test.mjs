// The presets, tried against the lists and answers of real servers: what they hold against calls does not hold for what
// servers answer.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate } from '../../index.mjs'
import { throughGuard } from '../support/proxy/guarded.mjs'
import { line, sessionOf } from '../support/proxy/session.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const FOLDER = path('sessions')
const PRESETS = readdirSync(path('../../presets')).map((name) => `callgate:${name.replace('.json', '')}`)
const MIB = 1 << 20

/** Lists of real servers, each as it was answered. */
const LISTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.session'))
  .flatMap((name) => {
    const said = readFileSync(`${FOLDER}/${name}`, 'utf8').split('\n')
    const messages = said.filter((one) => one.startsWith('s')).map((one) => JSON.parse(one.slice(1)))
    return messages.filter(({ result }) => result?.tools !== undefined).map(({ result }) => [name, result])
  })

const text = (value) => ({ content: [{ type: 'text', text: value }] })
/** What real tools answer, and no policy means to refuse. */
const ANSWERS = {
  'a screenshot of 3.4 MB': {
    content: [{ type: 'image', data: 'iVBORw0K'.repeat((3.4 * 1e6) / 8), mimeType: 'image/png' }],
  },
  'a file of 9 MiB': text('It rained in the north.\n'.repeat((9 * MIB) / 24)),
  'a list of 70,000 rows': {
    ...text('70000 rows'),
    structuredContent: { rows: Array.from({ length: 70_000 }, (_, id) => [id, 'a']) },
  },
  'an array nested 30 deep': {
    ...text('a tree'),
    structuredContent: { tree: JSON.parse(`${'['.repeat(30)}1${']'.repeat(30)}`) },
  },
  'a name of 300 letters': { ...text('names'), structuredContent: { ['n'.repeat(300)]: 1 } },
}
/** The same as it is written: JavaScript does not keep it. */
const ROW = '{"content":[{"type":"text","text":"a row"}],"structuredContent":{"id":9007199254740993}}'
const call = { id: 'a', method: 'tools/call', params: { name: 'a', arguments: {} } }

/** The bytes that the client of a proxy gets, of an answer as the server wrote it. */
function proxied(t, policy, request, written) {
  const { session, text: taken } = sessionOf(t, policy)
  session.fromClient(line(request))
  session.fromServer(Buffer.from(`${written}\n`))
  return taken('client')
}

for (const preset of PRESETS) {
  const policy = { extends: preset }

  describe(preset, () => {
    for (const [name, result] of LISTS) {
      it(`lists the tools of ${name}`, async (t) => {
        const written = JSON.stringify({ jsonrpc: '2.0', id: 'a', result })
        const { session, text: taken } = sessionOf(t, policy, undefined, true)
        session.fromClient(line({ id: 'a', method: 'tools/list' }))
        session.fromServer(Buffer.from(`${written}\n`))
        assert.deepEqual(JSON.parse(taken('client')).result, result)
        assert.deepEqual((await throughGuard(policy, { id: 'a', result })).result, result)
      })
    }

    for (const [what, result] of Object.entries(ANSWERS)) {
      it(`passes ${what}`, async (t) => {
        const written = JSON.stringify({ jsonrpc: '2.0', id: 'a', result })
        assert.ok(proxied(t, policy, call, written) === `${written}\n`, 'behind the proxy')
        assert.deepEqual((await throughGuard(policy, { id: 'a', result })).result, result)
      })
    }

    it('passes a row whose id JavaScript does not keep', (t) => {
      const written = `{"jsonrpc":"2.0","id":"a","result":${ROW}}`
      assert.equal(proxied(t, policy, call, written), `${written}\n`)
    })

    it('and holds calls to its limits all the same', () => {
      const gate = new Gate(policy)
      const source = readFileSync(path(`../../presets/${preset.slice('callgate:'.length)}.json`), 'utf8')
      const depth = Number(/"depth": (\d+)/.exec(source)?.[1])
      const nested = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
      assert.equal(gate.audit('a', nested).findings[0]?.rule, 'limit.depth')
      gate.close()
    })
  })
}
