// @ts-check
'use strict'

// Long-lived keys in what a server is started with: its environment and its arguments.

const { Gate } = require('../../index.js')

/** Members under which hosts keep the servers that they start. */
const SERVER_MEMBERS = ['mcpServers', 'servers', 'context_servers']

/**
 * A key that was seen. What it is stays where it was.
 *
 * @typedef {{ place: string, rule: string }} Key
 */

/** @type {Gate | undefined} */
let judge

/**
 * Which rule takes a value for a secret, judged together with its name.
 *
 * @param {string} name
 * @param {string} value
 */
function secretRule(name, value) {
  judge ??= new Gate({ rules: { 'injection.*': 'off', 'text.*': 'off' } })
  const { findings } = judge.audit('', JSON.stringify({ [name.toWellFormed()]: value.toWellFormed() }))
  return findings.find(({ rule }) => rule.startsWith('secret.'))?.rule
}

/**
 * @param {[name: string, value: unknown][]} entries
 * @param {string} where
 * @returns {Key[]}
 */
function among(entries, where) {
  return entries.flatMap(([name, value]) => {
    const rule = typeof value === 'string' ? secretRule(name, value) : undefined
    return rule === undefined ? [] : [{ place: `${where} ${name}`, rule }]
  })
}

/**
 * @param {Record<string, unknown>} env
 * @param {string[]} args
 * @returns {Key[]}
 */
function keysIn(env, args) {
  const named = args.map((arg, index) => {
    // `--token VALUE` and `--token=VALUE` name what they hold.
    const [option, ...rest] = arg.split('=')
    const before = args[index - 1] ?? ''
    const name = rest.length > 0 ? option : before.startsWith('-') ? before : ''
    return { name: String(name).replace(/^-+/, ''), value: rest.length > 0 ? rest.join('=') : arg, index }
  })
  const found = named.flatMap(({ name, value, index }) => {
    const rule = secretRule(name, value)
    return rule === undefined ? [] : [{ place: `argument ${index + 1}`, rule }]
  })
  return [...among(Object.entries(env), 'environment variable'), ...found]
}

/**
 * The same for the servers of a host's configuration.
 *
 * @param {any} config
 * @returns {Key[]}
 */
function keysOfConfig(config) {
  const member = SERVER_MEMBERS.find((name) => typeof config?.[name] === 'object' && config[name] !== null)
  const servers = member === undefined ? [] : Object.entries(config[member])
  return servers.flatMap(([server, launch]) => {
    const { env, args, headers } = /** @type {any} */ (launch ?? {})
    const keys = [
      ...keysIn(env ?? {}, Array.isArray(args) ? args.map(String) : []),
      ...among(Object.entries(headers ?? {}), 'header'),
    ]
    return keys.map(({ place, rule }) => ({ place: `${server}: ${place}`, rule }))
  })
}

module.exports = { keysIn, keysOfConfig }
