// @ts-check
'use strict'

const { describe } = require('../proxy/client.js')
const { coverageLines, isComplete } = require('./coverage.js')
const { EXIT } = require('./exit.js')
const { gateFrom, launching } = require('./launch.js')
const { withoutPoison } = require('./pin.js')
const { ascii, shown } = require('./place.js')
const { relativeLines, surroundings } = require('./roots.js')

/** @import { Io } from './program.js' */

/**
 * Tells what is protected of a server under a policy.
 *
 * @param {string[]} command
 * @param {{ policy?: string, root?: string[], strict?: boolean, json?: boolean, timeout: number, grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function inspect(command, { policy, root, strict, json, timeout, grace }, io) {
  const gate = gateFrom(policy, root)
  const described = await launching(command, () => describe(command, { timeout, grace }))
  const { tools } = described
  const { found: poisoned } = withoutPoison(described)
  const coverage = gate.describe(tools)
  const relative = relativeLines(gate, coverage)
  gate.close()
  if (json) {
    io.stdout.write(`${ascii(JSON.stringify({ ...coverage, poisoned }, null, 2))}\n`)
  } else {
    const around = coverage.roots === 0 ? surroundings(command, process.env) : { roots: [], lines: [] }
    const hint = around.roots.map(({ folder }) => `--root ${folder}`).join(' ')
    const hidden = poisoned.map((fault) => `hidden by the proxy: ${fault}`)
    const lines = [
      ...hidden,
      ...relative,
      ...around.lines,
      ...(hint === '' ? [] : [`to confine paths there: ${hint}`]),
    ]
    io.stdout.write(`${[...coverageLines(coverage), ...lines.map(shown)].join('\n')}\n`)
  }
  return strict && (!isComplete(coverage) || poisoned.length > 0) ? EXIT.refused : EXIT.clean
}

module.exports = { inspect }
