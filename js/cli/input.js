// @ts-check
'use strict'

// Inputs of `audit`: files or standard input, each one JSON document or JSON lines.

const { readFileSync } = require('node:fs')
const { CliError, EXIT, reading } = require('./exit.js')

/** @import { Io } from './program.js' */

/**
 * One text to audit.
 *
 * @typedef {object} Input
 * @property {string} source the file as it was named; `-` for standard input
 * @property {number} line of its first byte, from 1
 * @property {Buffer} bytes
 */

const LINE_FEED = 0x0a

/**
 * @param {string[]} files
 * @param {Io} io
 * @returns {Promise<{ source: string, bytes: Buffer }[]>}
 */
async function sources(files, { stdin }) {
  if (files.filter((file) => file === '-').length > 1) {
    throw new CliError('-: standard input can be read once', EXIT.usage)
  }
  const read = (files.length === 0 ? ['-'] : files).map(async (source) => ({
    source,
    bytes: source === '-' ? await all(stdin) : reading(source, () => readFileSync(source)),
  }))
  return Promise.all(read)
}

/** @param {NodeJS.ReadableStream} stream */
async function all(stream) {
  const chunks = []
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

/** @param {Buffer} bytes */
function isBlank(bytes) {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

/**
 * The lines of a text that hold more than white space.
 *
 * @param {string} source
 * @param {Buffer} bytes
 * @returns {Generator<Input>}
 */
function* lines(source, bytes) {
  let from = 0
  for (let line = 1; from < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, from)
    const end = found < 0 ? bytes.length : found
    const text = bytes.subarray(from, end)
    if (!isBlank(text)) {
      yield { source, line, bytes: text }
    }
    from = end + 1
  }
}

/**
 * What a source holds. A text whose first line is a whole JSON text and that goes on behind it cannot be one
 * document: it is JSON lines.
 *
 * @param {string} source
 * @param {Buffer} bytes
 * @param {(bytes: Buffer) => boolean} isJson
 * @returns {Iterable<Input>}
 */
function inputsOf(source, bytes, isJson) {
  const iterator = lines(source, bytes)
  const [first, second] = [iterator.next().value, iterator.next().value]
  const isLines = first !== undefined && second !== undefined && isJson(first.bytes)
  return isLines ? lines(source, bytes) : [{ source, line: 1, bytes }]
}

module.exports = { inputsOf, sources }
