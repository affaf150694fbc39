// @ts-check
'use strict'

const { writeFileSync } = require('node:fs')
const { describe } = require('../proxy/client.js')
const { lockOf, written } = require('../proxy/lock.js')
const { poisonIn } = require('../proxy/poison.js')
const { EXIT, reading } = require('./exit.js')
const { launching } = require('./launch.js')
const { shown } = require('./place.js')

/** @import { Io } from './program.js' */

/**
 * @param {string[]} command
 * @param {{ lock: string, timeout: number, grace: number }} options
 * @param {Io} io
 * @returns {Promise<number>}
 */
async function pin(command, { lock, timeout, grace }, io) {
  const { instructions, tools } = await launching(command, () => describe(command, { timeout, grace }))
  const named = [['the instructions', instructions ?? ''], ...tools.map((tool) => [tool.name, tool])]
  let poisoned = false
  for (const [name, value] of named) {
    const fault = poisonIn(value)
    if (fault !== undefined) {
      poisoned = true
      io.stderr.write(`callgate: ${shown(`${name}: tool.poisoned at ${fault.pointer}: ${fault.message}`)}\n`)
    }
  }
  if (poisoned) {
    io.stderr.write('callgate: nothing was pinned\n')
    return EXIT.refused
  }
  reading(lock, () => writeFileSync(lock, written(lockOf(instructions, tools))))
  io.stdout.write(`pinned ${tools.length} tool${tools.length === 1 ? '' : 's'} in ${shown(lock)}\n`)
  return EXIT.clean
}

module.exports = { pin }
