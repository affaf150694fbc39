// @ts-check
'use strict'

const { readFileSync, writeFileSync } = require('node:fs')
const { resolve } = require('node:path')
const { Gate } = require('../../index.js')
const { binding } = require('../loader.js')
const { describe } = require('../proxy/client.js')
const { keysIn, keysOfConfig } = require('../proxy/keys.js')
const { gapLines, isComplete } = require('./coverage.js')
const { CliError, EXIT, reading } = require('./exit.js')
const { guesses } = require('./infer.js')
const { gateFrom, launching } = require('./launch.js')
const { withoutPoison } = require('./pin.js')
const { ascii, shown } = require('./place.js')
const { isWide, relativeLines, surroundings } = require('./roots.js')

/** @import { ToolCoverage } from '../../index.js' */
/** @import { Entry } from '../proxy/lock.js' */
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
    : 'Nothing says that it only reads.'
}

/**
 * The member of a policy for one tool. What its schema tells is a guess, and is written as one.
 *
 * @param {Entry & { description?: unknown, annotations?: any }} tool
 * @param {ToolCoverage | undefined} coverage
 */
function toolMember({ name, description, annotations }, coverage) {
  const lines = Object.entries(guesses(coverage)).map(([pointer, how]) => {
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
 * @param {Entry[]} tools
 */
function areOfFiles(tools) {
  const { policy } = JSON.parse(binding.policyExplain(JSON.stringify({ extends: [FILES] })))
  return tools.filter(({ name }) => Object.hasOwn(policy.tools, name)).length >= ENOUGH
}

/**
 * @param {Entry[]} tools
 * @param {readonly ToolCoverage[]} coverage
 * @param {string[]} roots
 * @param {string[]} why the roots are these, and what is to be known of them
 */
function policyText(tools, coverage, roots, why) {
  const of = new Map(coverage.map((one) => [one.tool, one]))
  const members = tools
    .map((tool) => toolMember(tool, of.get(tool.name)))
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
    ...why.map((line) => `  // ${shown(line)}`),
    `  "paths": { "roots": ${json(roots)} },`,
    '  // Tools that are denied are not listed either. To name what is allowed: "default": "deny", and "tools": { "allow": [...] }.',
    '  // In "peer": what the server may ask of the client, "sampling" and "elicitation".',
    '  "access": { "default": "allow", "tools": { "deny": [] }, "peer": [] },',
    '  // Kinds of arguments. "inferred": true is a guess: it denies only what no honest call holds. Take it away where you',
    '  // know that it is right. What is not named is judged by its content: flagged, or refused',
    '  // where it surely leads out of every root.',
    '  "tools": {',
    ...members,
    '  }',
    '}',
  ].join('\n')}\n`
}

/**
 * Where the server may go: what is given, what its command and its environment name, or the folder that it is started in.
 *
 * @param {string[]} command
 * @param {any} host a host's configuration, which may have environments too
 * @param {string[]} given
 * @returns {{ roots: string[], lines: string[], why: string }}
 */
function rootsOf(command, host, given) {
  if (given.length > 0) {
    const roots = given.map((folder) => resolve(folder))
    return { roots, lines: [], why: 'Folders that paths may lie in.' }
  }
  const env = { ...process.env, ...environmentOf(host, command) }
  const { roots: named, areOutputs, lines } = surroundings(command, env)
  const folders = named.map(({ folder }) => folder)
  const here = process.cwd()
  if (areOutputs) {
    const roots = isWide(here) ? folders : [...new Set([here, ...folders])]
    const what = isWide(here)
      ? 'only what it writes there passes until "roots" names more'
      : `the folder that it was started in is a root too, ${here}`
    return {
      roots,
      lines: [...lines, what],
      why: `Folders that paths may lie in. The command or its environment names only where the server writes: ${what}.`,
    }
  }
  if (folders.length > 0) {
    return {
      roots: folders,
      lines,
      why: 'Folders that paths may lie in: those that the command or its environment names.',
    }
  }
  if (isWide(here)) {
    const why = 'Folders that paths may lie in; without any, paths are judged by their text alone.'
    return {
      roots: [],
      lines: [...lines, 'no root is known: paths are judged by their text alone until "roots" names some'],
      why,
    }
  }
  const line = `nothing names a folder: the root is the one that the server was started in, ${here}`
  return {
    roots: [here],
    lines: [...lines, line],
    why: 'Folders that paths may lie in: the one that the server was started in, as nothing names another.',
  }
}

/**
 * The environment that a host's configuration gives to the server with this command.
 *
 * @param {any} host
 * @param {string[]} command
 * @returns {Record<string, string>}
 */
function environmentOf(host, command) {
  const servers = Object.values(host?.mcpServers ?? host?.servers ?? {})
  const is = (/** @type {any} */ launch) =>
    Array.isArray(launch?.args) &&
    launch.args.length > 0 &&
    launch.args.every((/** @type {any} */ arg) => command.includes(String(arg)))
  const { env } = /** @type {any} */ (servers.find(is)) ?? {}
  return typeof env === 'object' && env !== null ? env : {}
}

/**
 * @param {string[]} command
 * @param {{ output: string, root?: string[], force?: boolean, config?: string, strict?: boolean, timeout: number, grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function init(
  command,
  { output, root = [], force = false, config, strict = false, timeout, grace },
  io,
) {
  const tell = (/** @type {string} */ text) => io.stderr.write(`callgate: ${shown(text)}\n`)
  const host =
    config === undefined ? undefined : reading(config, () => JSON.parse(readFileSync(config, 'utf8')))
  const { clean, found } = withoutPoison(
    await launching(command, () => describe(command, { timeout, grace })),
  )
  for (const fault of found) {
    tell(`${fault}: left out`)
  }
  const { tools } = clean
  const keys = [...keysIn(process.env, command.slice(1)), ...(host === undefined ? [] : keysOfConfig(host))]
  for (const { place, rule } of keys) {
    tell(`${place} looks like a long-lived key (${rule}): the server, and all that it starts, can read it`)
  }
  const { roots, lines, why } = rootsOf(command, host, root)
  const gate = gateFrom(undefined, roots)
  const told = gate.describe(tools)
  const relative = relativeLines(gate, told)
  gate.close()
  for (const line of [...lines, ...relative]) {
    tell(line)
  }
  const text = policyText(tools, told.tools, roots, [why, ...relative.map((line) => `Note: ${line}.`)])
  const coverage = coverageOf(text, tools)
  for (const line of gapLines(coverage)) {
    tell(line)
  }
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
  return strict && !isComplete(coverage) ? EXIT.refused : EXIT.clean
}

/**
 * What a policy protects of the tools that it was written for: it names nothing that they lack.
 *
 * @param {string} text
 * @param {Entry[]} tools
 */
function coverageOf(text, tools) {
  const gate = new Gate(JSON.parse(binding.policyExplain(text)).policy)
  const coverage = gate.describe(tools)
  gate.close()
  return { ...coverage, unknown: [] }
}

module.exports = { init }
