// @ts-check
'use strict'

/** @import { Finding, Gate } from '../../index.js' */

const { CallgateError } = require('../error.js')
const { INSIDE } = require('../inside.js')
const { INTERNAL_ERROR, errorAnswer } = require('./answers.js')
const { INTRODUCTIONS, introduced } = require('./introduction.js')
const { lineOf } = require('./line.js')
const { Outgoing } = require('./outgoing.js')

const { parse, stringify } = JSON
const { isArray } = Array

/** Characters of each text of an error. */
const MAX_ERROR_TEXT = 8192

/** @type {{ action: string, findings: readonly Finding[], replacement?: string }} */
const UNJUDGED = { action: 'allow', findings: [] }

/** @import { Line } from './outgoing.js' */
/** @typedef {{ message: any, isList?: boolean, findings?: readonly Finding[] } & Line} Clean `findings`: what is told of it */

/**
 * What is known of the request that a message answers.
 *
 * @typedef {object} Asked
 * @property {string} [tool] that was called
 * @property {(tool: string) => string | undefined} [schemaOf] the JSON of the schema of a tool's structured content
 * @property {boolean} [isDefinition] whether the answer was judged as what a server says of itself (`tool.poisoned`)
 */

/**
 * The message that was looked through, for those who do not write its text: without what JSON does not show, and what
 * answers anew each time it is read. A list of tools is not looked through.
 *
 * @param {Clean} clean
 * @returns {any}
 */
function readBack(clean) {
  if (clean.isList) {
    return clean.message
  }
  return parse(textOf(clean))
}

/**
 * The JSON of a message that was looked through, without the end of its line.
 *
 * @param {Clean} clean
 */
function textOf(clean) {
  return clean.text === undefined ? clean.bytes.toString('utf8', 0, clean.length).trimEnd() : clean.text
}

/** A request or notification of the server that the policy refuses. */
class RefusedMessage extends CallgateError {
  /** @param {readonly Finding[]} findings */
  constructor(findings) {
    super('injection.prompt', 'the message was refused: its text gives the model orders')
    /** @readonly */
    this.findings = findings
  }
}

/**
 * Whether nobody waits for what becomes of a message: most programs send their log without looking at the promise.
 *
 * @param {any} message
 */
function isNotification(message) {
  return message?.method !== undefined && message.id === undefined
}

/** Cleans what goes out to the client. */
class Results {
  /** @type {Gate} */
  #gate
  #outgoing

  /** @param {Gate} gate */
  constructor(gate) {
    this.#gate = gate
    this.#outgoing = new Outgoing(gate)
  }

  /**
   * A message as it may go out, and its JSON: as text, or as the first bytes of memory that the next message uses again.
   * An answer that cannot be written becomes an error.
   *
   * @param {any} message
   * @param {string | undefined} method of the request that it answers
   * @param {string} [given] its JSON, where that is there already
   * @param {Asked} [asked]
   * @returns {Clean}
   */
  clean(message, method, given, asked = {}) {
    // What they say to the model is meant to instruct it, and is judged as what a server says of itself.
    const introduces = INTRODUCTIONS.has(method ?? '')
    if (introduces && asked.isDefinition !== true) {
      const shown = this.#introduction(message)
      if (shown.message !== message) {
        const clean = this.clean(shown.message, method, undefined, { ...asked, isDefinition: true })
        return { ...clean, findings: [...shown.findings, ...(clean.findings ?? [])] }
      }
    }
    try {
      if (method === 'tools/list' && isArray(message.result?.tools)) {
        return { ...this.#list(message, given ?? lineOf(message)), isList: true }
      }
      // What a tool says of its failure is a result as any other, whose end may be what matters.
      const isError = message.error !== undefined && message.error !== null
      const line = this.#outgoing.line(message, isError ? MAX_ERROR_TEXT : Number.POSITIVE_INFINITY, given)
      if (line !== undefined) {
        return { message, ...line }
      }
      // What JSON does not show is left behind: getters, boxed texts, errors.
      const json = given ?? lineOf(message)
      const { action, findings, replacement } =
        asked.isDefinition || introduces ? UNJUDGED : this.#gate.auditAnswer(json)
      if (action === 'deny' && replacement === undefined) {
        throw new RefusedMessage(findings)
      }
      const judged = replacement === undefined ? message : parse(replacement)
      const clean = this.#cleaned(judged, replacement ?? json, asked)
      return { ...clean, findings: [...findings, ...clean.findings] }
    } catch (error) {
      if (message?.id === undefined || message.method !== undefined) {
        throw error
      }
      const answer = errorAnswer(message.id, INTERNAL_ERROR, 'the result cannot be turned into JSON')
      return { message: answer, text: lineOf(answer) }
    }
  }

  /**
   * An introduction without what the policy refuses of it.
   *
   * @param {any} message
   * @returns {{ message: any, findings: readonly Finding[] }}
   */
  #introduction(message) {
    const { id, result } = message ?? {}
    if (typeof result !== 'object' || result === null) {
      return { message, findings: [] }
    }
    const inside = /** @type {any} */ (this.#gate)[INSIDE]
    /** @type {Finding[]} */
    const found = []
    const judge = (/** @type {unknown} */ value, /** @type {string} */ of, /** @type {string} */ pointer) => {
      const { action, findings } = inside.introduced(stringify(value) ?? 'null', of, pointer, id)
      found.push(...findings)
      return action === 'deny'
    }
    const shown = introduced(result, {
      instructions: (text) => text !== undefined && judge(text, 'server', '/result/instructions'),
      info: (info) => judge(info, 'resource', '/result/serverInfo'),
      text: (text) => this.#gate.auditDefinition(stringify(text), 'resource').action === 'deny',
    })
    return { message: shown === result ? message : { ...message, result: shown }, findings: found }
  }

  /**
   * The list of tools without those that may not be called.
   *
   * @param {any} message
   * @param {string} text
   */
  #list(message, text) {
    const { tools } = message.result
    const visible = tools.filter((/** @type {any} */ tool) => {
      return typeof tool?.name !== 'string' || this.#gate.isVisible(tool.name)
    })
    if (visible.length === tools.length) {
      return { message, text }
    }
    const shorter = { ...message, result: { ...message.result, tools: visible } }
    return { message: shorter, text: lineOf(shorter) }
  }

  /**
   * @param {any} message
   * @param {string} json
   * @param {Asked} asked
   * @returns {{ message: any, text: string, findings: readonly Finding[] }}
   */
  #cleaned(message, json, { tool, schemaOf }) {
    const inside = /** @type {any} */ (this.#gate)[INSIDE]
    const hasSchema = tool !== undefined && message?.result?.structuredContent !== undefined
    const options = { tool, outputSchema: hasSchema ? schemaOf?.(tool) : undefined }
    const { replacement, findings } = inside.clean(json, options, message?.id)
    if (replacement === undefined) {
      return { message, text: json, findings }
    }
    return { message: undefined, text: replacement, findings }
  }
}

module.exports = { RefusedMessage, Results, isNotification, readBack, textOf }
