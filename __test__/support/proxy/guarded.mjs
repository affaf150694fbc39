// What the client of a guarded server gets.

import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { Gate } from '../../../index.mjs'
import { guardServer } from '../../../js/mcp/index.js'

/** A message of a server as it comes out of one that is guarded in its own process; `onVerdict`: gets what is told. */
export async function throughGuard(policy, message, onVerdict = () => {}) {
  const gate = new Gate(policy)
  gate.onVerdict(onVerdict)
  const server = guardServer(new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } }), gate)
  const [near, far] = InMemoryTransport.createLinkedPair()
  const got = new Promise((resolve) => {
    near.onmessage = resolve
  })
  await server.connect(far)
  await far.send({ jsonrpc: '2.0', ...message })
  const answer = await got
  await server.close()
  gate.close()
  return answer
}
