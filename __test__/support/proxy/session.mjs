// A session of the proxy between nobody and nobody, in memory.

import { createRequire } from 'node:module'
import { Gate } from '../../../index.mjs'

const require = createRequire(import.meta.url)
const { judgesOf } = require('../../../js/cli/launch.js')
const { Catalogue } = require('../../../js/proxy/catalogue.js')
const { Grants } = require('../../../js/proxy/grants.js')
const { lockOf } = require('../../../js/proxy/lock.js')
const { Results } = require('../../../js/mcp/results.js')
const { Session } = require('../../../js/proxy/session.js')

/** The bytes of a message. */
export const line = (message) => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

/**
 * What the session tells, and what comes out on either side: as text, or as messages.
 *
 * @param {import('node:test').TestContext} t
 * @param {object} policy
 * @param {{ instructions?: string, tools: object[] }} [pinned]
 * @param {boolean} [learns] whether calls wait for the list of tools
 */
export function sessionOf(t, policy, pinned, learns = false) {
  const { gate, serverGate, grants, observes, learn, followsClient } = judgesOf(new Gate(policy))
  t.after(() => {
    gate.close()
    serverGate.close()
  })
  const told = []
  const records = []
  const out = { client: '', server: '' }
  const text = (side) => {
    const taken = out[side]
    out[side] = ''
    return taken
  }
  const messages = (side) => {
    const lines = text(side).split('\n')
    return lines.filter((one) => one !== '').map((one) => JSON.parse(one))
  }
  const lock = pinned && lockOf({ instructions: null, ...pinned }).lock
  const report = ({ subject, finding }) => told.push({ ...finding, subject })
  const session = new Session({
    gate,
    serverGate,
    catalogue: new Catalogue({ gate, lock, report }),
    grants: new Grants(grants),
    observes,
    results: new Results(gate),
    toClient: (bytes) => {
      out.client += Buffer.from(bytes)
    },
    toServer: (bytes) => {
      out.server += Buffer.from(bytes)
    },
    tell: (record) => {
      const { method, finding, text } = record
      records.push(record)
      told.push({ ...finding, subject: method, ...(text !== undefined && { text }) })
    },
    note: (text) => told.push({ note: text }),
    learn: learns ? learn : undefined,
    narrows: followsClient ? (roots) => gate.setClientRoots(roots) : undefined,
  })
  return { session, told, records, text, messages }
}
