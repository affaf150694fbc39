// @ts-check
'use strict'

const { CallgateError, Gate } = require('../../index.js')
const { CliError, EXIT, exitCode, reading } = require('./exit.js')
const { told, totalled } = require('./findings.js')
const { shown } = require('./place.js')

/** @import { PathOptions } from '../../index.js' */
/** @import { Io } from './program.js' */

/**
 * @param {Gate} gate
 * @param {string} path
 * @param {PathOptions} options
 */
function checked(gate, path, options) {
  try {
    const resolved = gate.resolvePath(path, options)
    return {
      path,
      action: resolved.findings.length > 0 ? 'flag' : 'allow',
      findings: resolved.findings,
      resolved,
    }
  } catch (thrown) {
    if (thrown instanceof CallgateError && thrown.finding !== undefined) {
      return { path, action: 'deny', findings: [thrown.finding] }
    }
    throw thrown
  }
}

/**
 * @param {string[]} paths
 * @param {{ root?: string[], policy?: string, intent: PathOptions['intent'], explain?: boolean, strict?: boolean, json?: boolean }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function path(paths, { root, policy, intent, explain, strict, json }, io) {
  if (root === undefined && policy === undefined) {
    throw new CliError('name a root with --root, or a policy with --policy', EXIT.usage)
  }
  const gate =
    policy === undefined ? new Gate({ paths: { roots: root } }) : reading(policy, () => Gate.load(policy))
  const results = paths.map((text) => checked(gate, text, { intent }))
  for (const { path: text, findings, resolved } of json ? [] : results) {
    const place = shown(text)
    if (resolved !== undefined) {
      io.stdout.write(`${place}: ${resolved.kind} ${shown(resolved.path)}\n`)
    }
    for (const finding of findings) {
      io.stdout.write(`${told(finding, { place, explain }).join('\n')}\n`)
    }
  }
  const total = totalled(results, 'path', json)
  io.stdout.write(total.text)
  return exitCode(total, strict)
}

module.exports = { path }
