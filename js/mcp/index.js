// @ts-check
'use strict'

const { stdinFilter } = require('./filter.js')
const { guardServer } = require('./guard.js')
const { answerRefusedBody, guardApp, guardFetch, guardRequests, verifyBody } = require('./http.js')
const { GuardedStdioServerTransport } = require('./stdio.js')
const { wrapTool } = require('./wrap.js')

module.exports = {
  GuardedStdioServerTransport,
  answerRefusedBody,
  guardApp,
  guardFetch,
  guardRequests,
  guardServer,
  stdinFilter,
  verifyBody,
  wrapTool,
}
