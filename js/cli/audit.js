// @ts-check
'use strict'

const { Gate } = require('../../index.js')
const { exitCode, reading } = require('./exit.js')
const { told, totalled } = require('./findings.js')
const { inputsOf, sources } = require('./input.js')
const { shown } = require('./place.js')

/** @import { Finding } from '../../index.js' */
/** @import { Io } from './program.js' */

/** Rules that say that the bytes are not one JSON text. */
const UNREADABLE = new Set(['json.syntax', 'json.utf8'])

/**
 * @param {string[]} files
 * @param {{ policy?: string, tool: string, explain?: boolean, strict?: boolean, json?: boolean }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function audit(files, { policy, tool, explain, strict, json }, io) {
  const gate = policy === undefined ? new Gate() : reading(policy, () => Gate.load(policy))
  const isJson = (/** @type {Buffer} */ bytes) =>
    !gate.audit(tool, bytes).findings.some(({ rule }) => UNREADABLE.has(rule))
  /** @type {{ source: string, line: number, action: string, findings: readonly Finding[] }[]} */
  const results = []
  for (const { source, bytes } of await sources(files, io)) {
    for (const input of inputsOf(source, bytes, isJson)) {
      const { action, findings } = gate.audit(tool, input.bytes)
      results.push({ source, line: input.line, action, findings })
      if (!json) {
        const place = shown(source)
        for (const finding of findings) {
          const lines = told(finding, { place, bytes: input.bytes, line: input.line, explain })
          io.stdout.write(`${lines.join('\n')}\n`)
        }
      }
    }
  }
  const total = totalled(results, 'input', json)
  io.stdout.write(total.text)
  return exitCode(total, strict)
}

module.exports = { audit }
