// @ts-check
'use strict'

const { describe } = require('../proxy/client.js')
const { coverageLines, isComplete } = require('./coverage.js')
const { EXIT } = require('./exit.js')
const { gateFrom, launching } = require('./launch.js')
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
  const { tools } = await launching(command, () => describe(command, { timeout, grace }))
  const coverage = gate.describe(tools)
  const relative = relativeLines(gate, coverage)
  gate.close()
  if (json) {
    io.stdout.write(`${ascii(JSON.stringify(coverage, null, 2))}\n`)
  } else {
    const around = coverage.roots === 0 ? surroundings(command, process.env) : { roots: [], lines: [] }
    const hint = around.roots.map(({ folder }) => `--root ${folder}`).join(' ')
    const lines = [...relative, ...around.lines, ...(hint === '' ? [] : [`to confine paths there: ${hint}`])]
    io.stdout.write(`${[...coverageLines(coverage), ...lines.map(shown)].join('\n')}\n`)
  }
  return strict && !isComplete(coverage) ? EXIT.refused : EXIT.clean
}

module.exports = { inspect }
