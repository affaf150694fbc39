// @ts-check
'use strict'

const { readFileSync, statSync, writeFileSync } = require('node:fs')
const { resolve } = require('node:path')
const { binding } = require('../loader.js')
const { describe } = require('../proxy/client.js')
const { keysIn, keysOfConfig } = require('../proxy/keys.js')
const { poisonIn } = require('../proxy/poison.js')
const { CliError, EXIT, reading } = require('./exit.js')
const { toolPolicy } = require('./infer.js')
const { launching } = require('./launch.js')
const { ascii, shown } = require('./place.js')

/** @import { Tool } from '../proxy/lock.js' */
/** @import { Io } from './program.js' */

/** The preset for servers of files, and how many tools that it names make one. */
const FILES = 'callgate:filesystem'
const ENOUGH = 3
/** Characters of a description in a comment. */
const LONGEST = 96

/**
 * A comment of one line, whatever the text holds.
 *
 * @param {string} text
 */
function comment(text) {
  const [first = ''] = text.trim().split(/[\r\n]/)
  return `// ${shown(first.length > LONGEST ? `${first.slice(0, LONGEST).toWellFormed()}...` : first)}`
}

/** @param {unknown} value */
function json(value) {
  return ascii(JSON.stringify(value))
}

/** @param {any} annotations */
function effect(annotations) {
  if (annotations?.readOnlyHint === true) {
    return 'It says that it only reads.'
  }
  return annotations?.destructiveHint === false
    ? 'It writes, and says that it destroys nothing.'
    : 'It may write and destroy.'
}

/**
 * The member of a policy for one tool. What does not say that it only reads is held to what may be written.
 *
 * @param {Tool & { description?: unknown, annotations?: any, inputSchema?: any }} tool
 */
function toolMember({ name, description, annotations, inputSchema }) {
  const { arguments: kinds } = toolPolicy(inputSchema ?? {})
  const writes = annotations?.readOnlyHint !== true
  const lines = Object.entries(kinds).map(([pointer, { kind }]) => {
    const how = kind === 'path' && writes ? { kind, intent: 'write' } : { kind }
    return `        ${json(pointer)}: ${json(how)}`
  })
  const member = lines.length === 0 ? '{}' : `{\n      "arguments": {\n${lines.join(',\n')}\n      }\n    }`
  return [
    ...(typeof description === 'string' ? [`    ${comment(description)}`] : []),
    `    ${comment(effect(annotations))}`,
    `    ${json(name)}: ${member}`,
  ].join('\n')
}

/**
 * Whether the tools are those of a server of files. Their schemas say little, and the preset knows them.
 *
 * @param {Tool[]} tools
 */
function areOfFiles(tools) {
  const { policy } = JSON.parse(binding.policyExplain(JSON.stringify({ extends: [FILES] })))
  return tools.filter(({ name }) => Object.hasOwn(policy.tools, name)).length >= ENOUGH
}

/**
 * Arguments of a command that are folders: servers of files are told in this way where they may go.
 *
 * @param {string[]} args
 */
function foldersIn(args) {
  return args
    .filter((arg) => statSync(arg, { throwIfNoEntry: false })?.isDirectory())
    .map((arg) => resolve(arg))
}

/**
 * @param {Tool[]} tools
 * @param {string[]} roots
 */
function policyText(tools, roots) {
  const members = tools
    .map(toolMember)
    .map((text, index, all) => (index < all.length - 1 ? `${text},` : text))
  return `${[
    '// What callgate enforces for this server: callgate proxy --policy FILE -- COMMAND',
    '// Members that are not named have their defaults; `callgate policy show FILE` prints them all.',
    '{',
    areOfFiles(tools)
      ? '  // The tools are those of a server of files: what their arguments are, and which files nobody touches.'
      : '  // What holds for a kind of servers: callgate:filesystem, callgate:coding, callgate:database, callgate:fetch.',
    `  "extends": ${json(areOfFiles(tools) ? [FILES] : [])},`,
    '  // "observe" tells what would be refused, and refuses nothing.',
    '  "mode": "enforce",',
    roots.length === 0
      ? '  // Folders that paths may lie in; without any, paths are judged by their text alone.'
      : '  // Folders that paths may lie in: those that the command names.',
    `  "paths": { "roots": ${json(roots)} },`,
    '  // Tools that are denied are not listed either. To name what is allowed: "default": "deny", and "tools": { "allow": [...] }.',
    '  // In "peer": what the server may ask of the client, "sampling" and "elicitation".',
    '  "access": { "default": "allow", "tools": { "deny": [] }, "peer": [] },',
    '  // Kinds of arguments, as their schemas tell them. What is not named is judged by its content, and flagged.',
    '  "tools": {',
    ...members,
    '  }',
    '}',
  ].join('\n')}\n`
}

/**
 * @param {string[]} command
 * @param {{ output: string, force?: boolean, config?: string, timeout: number, grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function init(command, { output, force = false, config, timeout, grace }, io) {
  const tell = (/** @type {string} */ text) => io.stderr.write(`callgate: ${shown(text)}\n`)
  const host =
    config === undefined ? undefined : reading(config, () => JSON.parse(readFileSync(config, 'utf8')))
  const { instructions, tools } = await launching(command, () => describe(command, { timeout, grace }))
  for (const [name, value] of [
    ['the instructions', instructions ?? ''],
    ...tools.map((tool) => [tool.name, tool]),
  ]) {
    const fault = poisonIn(value)
    if (fault !== undefined) {
      tell(`${name}: tool.poisoned at ${fault.pointer}: ${fault.message}`)
    }
  }
  const keys = [...keysIn(process.env, command.slice(1)), ...(host === undefined ? [] : keysOfConfig(host))]
  for (const { place, rule } of keys) {
    tell(`${place} looks like a long-lived key (${rule}): the server, and all that it starts, can read it`)
  }
  const text = policyText(tools, foldersIn(command.slice(1)))
  if (output === '-') {
    io.stdout.write(text)
  } else {
    try {
      writeFileSync(output, text, { flag: force ? 'w' : 'wx' })
    } catch (thrown) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (thrown)
      throw new CliError(
        `${output}: ${code === 'EEXIST' ? 'there is such a file; --force writes over it' : message}`,
      )
    }
    io.stdout.write(
      `wrote a policy for ${tools.length} tool${tools.length === 1 ? '' : 's'} to ${shown(output)}\n`,
    )
  }
  return EXIT.clean
}

module.exports = { init }
