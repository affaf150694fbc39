// How the collections are written: plain lists, lines of JSON with a `label`, packed or not, and one array.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** @param {string} path */
export function text(path) {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

/**
 * One case a line; white space in it counts, but for the carriage return of a file from Windows.
 *
 * @param {string} path
 */
function lines(path) {
  return text(path)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
}

/**
 * @typedef {{ label: string, input?: string, inputs?: string[], arguments?: object, description?: string }} Row
 * @param {string} path
 * @returns {Row[]}
 */
export function records(path) {
  return lines(path).map((line) => JSON.parse(line))
}

/**
 * The cases of a file that have this label; those of a plain list and of an array have every one.
 *
 * @param {string} path
 * @param {string} [label]
 * @returns {unknown[]}
 */
export function cases(path, label) {
  if (path.endsWith('.txt')) {
    return lines(path)
  }
  if (path.endsWith('.json')) {
    return JSON.parse(text(path))
  }
  return records(path)
    .filter((row) => label === undefined || row.label === label)
    .map((row) => row.input ?? row.inputs)
}
