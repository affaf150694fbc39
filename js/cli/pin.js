// @ts-check
'use strict'

const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { describe } = require('../proxy/client.js')
const { changesSince, lockOf, readLock, written } = require('../proxy/lock.js')
const { poisonIn } = require('../proxy/poison.js')
const { CliError, EXIT, reading } = require('./exit.js')
const { launching } = require('./launch.js')
const { shown } = require('./place.js')

/** @import { Described } from '../proxy/lock.js' */
/** @import { Io } from './program.js' */

/**
 * What a server says that is poisoned: the entries without it, and what was found.
 *
 * @param {Described} described
 * @returns {{ clean: Described, found: string[] }}
 */
function withoutPoison(described) {
  /** @type {string[]} */
  const found = []
  const isClean = (/** @type {string} */ name, /** @type {unknown} */ value, isResource = false) => {
    const fault = value === null ? undefined : poisonIn(value, isResource)
    if (fault !== undefined) {
      found.push(`${name}: tool.poisoned at ${fault.pointer}: ${fault.message}`)
    }
    return fault === undefined
  }
  isClean('serverInfo', described.serverInfo, true)
  return {
    clean: {
      ...described,
      instructions: isClean('the instructions', described.instructions) ? described.instructions : null,
      tools: described.tools.filter((tool) => isClean(tool.name, tool)),
      prompts: described.prompts.filter((prompt) => isClean(`prompt ${prompt.name}`, prompt)),
      resources: described.resources.filter((one) => isClean(`resource ${one.name}`, one, true)),
      resourceTemplates: described.resourceTemplates.filter((one) =>
        isClean(`template ${one.name}`, one, true),
      ),
    },
    found,
  }
}

/**
 * @param {string[]} command
 * @param {{ lock: string, check?: boolean, force?: boolean, timeout: number, grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function pin(command, { lock: file, check = false, force = false, timeout, grace }, io) {
  const tell = (/** @type {string} */ text) => io.stderr.write(`callgate: ${shown(text)}\n`)
  const known = check ? reading(file, () => readLock(readFileSync(file, 'utf8'))) : undefined
  const ask = () => launching(command, () => describe(command, { timeout, grace }))
  const first = withoutPoison(await ask())
  for (const fault of first.found) {
    tell(fault)
  }
  if (known !== undefined) {
    const changes = changesSince(known, first.clean)
    for (const { subject, what, difference } of changes) {
      tell(`${subject}: ${what}`)
      for (const line of difference) {
        tell(`  ${line}`)
      }
    }
    io.stdout.write(changes.length === 0 ? 'nothing changed\n' : `${changes.length} changed\n`)
    return changes.length + first.found.length === 0 ? EXIT.clean : EXIT.refused
  }
  // Started anew, since some say other words each time.
  const second = withoutPoison(await ask())
  const { lock, changing } = lockOf(first.clean, second.clean)
  for (const { subject, difference, isMild } of changing) {
    tell(
      isMild
        ? `${subject} says the same in another order or with other numbers at each start: pinned by its words`
        : `${subject} says something else at each start, and will be refused as changed`,
    )
    for (const line of difference) {
      tell(`  ${line}`)
    }
  }
  const text = written(lock)
  if (existsSync(file) && !force && reading(file, () => readFileSync(file, 'utf8')) !== text) {
    throw new CliError(
      `${file}: there is such a file, and it says something else; --check tells what, --force writes over it`,
    )
  }
  reading(file, () => writeFileSync(file, text))
  const left = first.found.length === 0 ? '' : '; what is poisoned was left out'
  io.stdout.write(
    `pinned ${lock.tools.size} tool${lock.tools.size === 1 ? '' : 's'} in ${shown(file)}${left}\n`,
  )
  return first.found.length === 0 ? EXIT.clean : EXIT.refused
}

module.exports = { pin, withoutPoison }
