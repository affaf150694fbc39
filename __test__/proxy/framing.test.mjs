// Lines come out whole, in their order and once each, however the bytes are cut and whatever stands between them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sessionOf } from '../support/proxy/session.mjs'

const SECRET = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_')
const log = (data) => `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${data}"}}`

/** Lines of a server, and what comes of them where it is not what came in. */
const LINES = [
  [log('a')],
  [log('é漢😀')],
  [log('x'.repeat(600))],
  [' { "jsonrpc":"2.0" ,\r"method":"notifications/x"} ', ' { "jsonrpc":"2.0" , "method":"notifications/x"} '],
  [log('a\u2028b'), log('a\\u2028b')],
  [log(SECRET), log('[REDACTED]')],
  ['\ufeff{"jsonrpc":"2.0","method":"notifications/x"}', '{"jsonrpc":"2.0","method":"notifications/x"}'],
  ['{"jsonrpc":"2.0","id":9,"result":{}}', ''],
  ['nope', ''],
  ['[]', ''],
  [''],
  [' \t\r'],
]
const ENDS = ['\n', '\r\n', '\r\r\n', ' \n', '\r \r\n', '\n\n']

const trimmed = (text) => text.replace(/^[ \t\r]+|[ \t\r]+$/g, '')

/** Numbers below a bound, the same ones for the same seed. */
function numbers(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

describe('what a server writes', () => {
  for (const policy of [{}, { rules: { 'secret.*': 'off' } }]) {
    it(JSON.stringify(policy), (t) => {
      const { session, text } = sessionOf(t, policy)
      const random = numbers(1)
      for (let run = 0; run < 600; run++) {
        const lines = Array.from({ length: 1 + random(8) }, () => LINES[random(LINES.length)])
        const bytes = Buffer.from(lines.map(([line]) => line + ENDS[random(ENDS.length)]).join(''))
        for (let at = 0; at < bytes.length; ) {
          const to = at + 1 + random(random(2) === 0 ? bytes.length : 20)
          session.fromServer(Buffer.from(bytes.subarray(at, to)))
          at = to
        }
        const out = text('client')
        const expected = lines.map(([line, becomes = line]) =>
          trimmed('rules' in policy && line.includes(SECRET) ? line : becomes),
        )
        assert.ok(out === '' || out.endsWith('\n'), `run ${run}`)
        assert.deepEqual(out.split('\n').map(trimmed).filter(Boolean), expected.filter(Boolean), `run ${run}`)
      }
    })
  }
})
