// @ts-check
'use strict'

// Where the relative paths of a server count from, told to the gate and to a person.

const { resolve } = require('node:path')
const { folderNamed } = require('../proxy/whereabouts.js')
const { shown } = require('./place.js')

/** @import { Gate } from '../../index.js' */
/** @import { Log } from '../proxy/log.js' */

/**
 * Takes the folders that a server works in, once they are not the one that it was started in. Its handlers may still join
 * paths to a root: a path is judged in both ways, and the folder that leads outside is the one to be judged by.
 *
 * @param {Gate} gate
 * @param {InstanceType<typeof Log>} log
 */
function following(gate, log) {
  return (/** @type {readonly (string | undefined)[]} */ folders) => {
    const known = folders.filter((folder) => folder !== undefined)
    if (known.length < folders.length) {
      log.line('where the server works cannot be read: relative paths are judged from where it was started')
    }
    const outside = known.find((cwd) => !gate.setServerProcess({ cwd, joins: true }))
    const cwd = outside ?? known[0]
    if (cwd === undefined) {
      return
    }
    gate.setServerProcess({ cwd, joins: true })
    const judged =
      outside === undefined ? 'are judged from there too' : 'that lead outside from there are refused'
    log.line(
      `the server works in ${known.map((folder) => shown(folder)).join(' or in ')}: relative paths ${judged}`,
    )
  }
}

/**
 * What a command says of the folder, where the system does not tell of processes.
 *
 * @param {Gate} gate
 * @param {InstanceType<typeof Log>} log
 * @param {readonly string[]} command
 */
function followNamed(gate, log, command) {
  const named = process.platform === 'linux' ? undefined : folderNamed(command)
  if (named !== undefined) {
    following(gate, log)([resolve(named)])
  }
}

module.exports = { followNamed, following }
