// Loaded before a real server (`node --import`): puts a guard onto the server's own McpServer as it connects, and tells on
// standard error of every call of a tool that reaches the server. The server's files stay as they are.
//   CALLGATE_TEST_POLICY   the policy to guard by; without it nothing is guarded, and calls are told all the same
//   CALLGATE_TEST_LOG      where it is set, what is found is told on standard error

import { pathToFileURL } from 'node:url'
import { Gate } from '../../../index.mjs'
import { guardServer } from '../../../js/mcp/index.js'

const { CALLGATE_TEST_POLICY: policy } = process.env
const [, script] = process.argv
// The copy of the SDK that the server will import.
const sdk = import.meta.resolve('@modelcontextprotocol/sdk/server/mcp.js', pathToFileURL(script))
const { McpServer } = await import(sdk)
const gate = policy === undefined ? undefined : Gate.load(policy)

if (process.env.CALLGATE_TEST_LOG !== undefined) {
  gate?.logRefusals({ flags: true })
}

const { connect } = McpServer.prototype
McpServer.prototype.connect = function (...args) {
  const handlers = this.server._requestHandlers
  const call = handlers.get('tools/call')
  handlers.set('tools/call', (request, extra) => {
    process.stderr.write(`reached: ${request.params.name}\n`)
    return call(request, extra)
  })
  if (gate !== undefined) {
    guardServer(this, gate)
  }
  return connect.apply(this, args)
}
