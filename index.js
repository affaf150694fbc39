// @ts-check
'use strict'

/** @import { OpenOptions, PathOptions, Policy, Verdict } from './index.js' */

const { isView, stableBytes } = require('./js/bytes.js')
const { CallgateError, inputError, translated } = require('./js/error.js')
const { binding, version } = require('./js/loader.js')
const { ValidatedPath, openOptions, pathOptions, refused, validatedPath } = require('./js/path.js')
const { Breach, snapshot } = require('./js/snapshot.js')
const { withUtf8 } = require('./js/text.js')
const { joined, verdictOf } = require('./js/verdict.js')

/** @import { Limits } from './js/snapshot.js' */
/** @typedef {{ id: number, limits: Limits }} Tool */

/** A policy is read whole, so it is small; the native library has the same limit on its text. */
const POLICY_LIMITS = Object.freeze({ bytes: 4 << 20, depth: 64, elements: null, nodes: null })

/** The id of every tool that the policy does not name. */
const NO_TOOL = 0

const encode = TextEncoder.prototype.encode.bind(new TextEncoder())
const decode = TextDecoder.prototype.decode.bind(new TextDecoder('utf-8', { ignoreBOM: true }))
const { parse } = JSON

/** The handle of a policy that came from a file, on its way into the constructor. */
class Loaded {
  /** @param {string} file */
  constructor(file) {
    this.handle = native(() => binding.gateLoad(file))
  }
}

/**
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
function native(call) {
  try {
    return call()
  } catch (thrown) {
    throw translated(thrown)
  }
}

/** @param {unknown} policy */
function policyText(policy) {
  if (policy === undefined) {
    return undefined
  }
  let text
  try {
    text = snapshot(policy, POLICY_LIMITS)
  } catch (thrown) {
    throw new CallgateError('policy.invalid', /** @type {Error} */ (thrown).message)
  }
  if (text instanceof Breach) {
    throw new CallgateError('policy.invalid', `${text.pointer || '(root)'}: too large for a policy`)
  }
  return text
}

class Gate {
  #handle
  #auditor
  /** @type {Map<string, Tool>} */
  #named
  /** @type {Tool} */
  #others

  /** @param {Policy | Loaded} [policy] */
  constructor(policy) {
    const handle =
      policy instanceof Loaded ? policy.handle : native(() => binding.gateNew(policyText(policy)))
    const { tools, limits } = native(() => parse(binding.gateDescribe(handle)))
    this.#handle = handle
    this.#auditor = native(() => binding.gateAuditor(handle))
    this.#named = new Map(tools.map((/** @type {Tool & { name: string }} */ tool) => [tool.name, tool]))
    this.#others = { id: NO_TOOL, limits }
  }

  /** @param {string} file */
  static load(file) {
    return new Gate(/** @type {Policy} */ (new Loaded(wellFormed(file, 'file'))))
  }

  /**
   * @param {string} tool
   * @param {unknown} args
   * @returns {Verdict}
   */
  audit(tool, args) {
    const rules = this.#tool(tool)
    if (isView(args)) {
      return this.#auditBytes(rules.id, stableBytes(args))
    }
    if (typeof args === 'string') {
      return this.#auditText(rules.id, args)
    }
    const text = snapshot(args, rules.limits)
    return text instanceof Breach ? this.#breached(rules.id, text) : this.#auditText(rules.id, text)
  }

  /**
   * @param {string} tool
   * @param {object} args
   * @returns {{ verdict: Verdict, value: unknown }}
   */
  auditParsed(tool, args) {
    const rules = this.#tool(tool)
    const text = snapshot(args, rules.limits)
    return text instanceof Breach
      ? { verdict: this.#breached(rules.id, text), value: undefined }
      : { verdict: this.#auditText(rules.id, text), value: parse(text) }
  }

  /**
   * @param {string} tool
   * @param {Uint8Array | string} args
   * @returns {Promise<Verdict>}
   */
  async auditAsync(tool, args) {
    const rules = this.#tool(tool)
    if (typeof args === 'string') {
      if (!args.isWellFormed()) {
        return this.#auditText(rules.id, args)
      }
    } else if (!isView(args)) {
      throw inputError('expected a Uint8Array or a string')
    }
    const bytes = typeof args === 'string' ? encode(args) : stableBytes(args)
    try {
      return verdictOf(await binding.auditAsync(this.#handle, rules.id, bytes))
    } catch (thrown) {
      throw translated(thrown)
    }
  }

  /**
   * @param {Uint8Array | string} json
   * @returns {string}
   */
  redact(json) {
    const handle = this.#handle
    if (typeof json === 'string') {
      return (
        native(() => withUtf8(json, 0, (_, bytes, length) => binding.redact(handle, bytes, length))) ?? json
      )
    }
    if (!isView(json)) {
      throw inputError('expected a Uint8Array or a string')
    }
    const bytes = stableBytes(json)
    return native(() => binding.redact(handle, bytes)) ?? decode(bytes)
  }

  /**
   * @param {string} path
   * @param {PathOptions} [options]
   */
  resolvePath(path, options) {
    const { intent, base } = pathOptions(options)
    this.#refuseIllFormed(path)
    let answer
    try {
      answer = binding.resolvePath(this.#handle, path, intent, base)
    } catch (thrown) {
      throw translated(thrown)
    }
    return validatedPath(answer)
  }

  /**
   * @param {string} path
   * @param {PathOptions} [options]
   * @returns {Verdict}
   */
  checkPath(path, options) {
    const { intent, base } = pathOptions(options)
    const illFormed = this.#illFormed(path)
    if (illFormed?.action === 'deny') {
      return illFormed
    }
    const verdict = verdictOf(native(() => binding.checkPath(this.#handle, path, intent, base)))
    return illFormed === undefined ? verdict : joined(illFormed, verdict)
  }

  /**
   * @param {string} path
   * @param {OpenOptions} [options]
   * @returns {number}
   */
  openPath(path, options) {
    const { intent, base, flags } = openOptions(options)
    this.#refuseIllFormed(path)
    const answer = native(() => binding.openPath(this.#handle, path, intent, base, flags))
    if (typeof answer === 'string') {
      throw refused(answer)
    }
    return answer
  }

  close() {
    const handle = this.#handle
    native(() => binding.gateClose(handle))
  }

  /** @param {unknown} name */
  #tool(name) {
    if (typeof name !== 'string') {
      throw inputError('the name of a tool is a string')
    }
    return this.#named.size === 0 ? this.#others : (this.#named.get(name) ?? this.#others)
  }

  /**
   * @param {number} tool
   * @param {Uint8Array} bytes
   */
  #auditBytes(tool, bytes) {
    let report
    try {
      report = this.#auditor(tool, bytes)
    } catch (thrown) {
      throw translated(thrown)
    }
    return verdictOf(report)
  }

  /**
   * @param {number} tool
   * @param {string} text
   */
  #auditText(tool, text) {
    let report
    try {
      report = text.isWellFormed()
        ? withUtf8(text, tool, this.#auditor)
        : binding.auditIllFormed(this.#handle, tool, text)
    } catch (thrown) {
      throw translated(thrown)
    }
    return verdictOf(report)
  }

  /**
   * @param {number} tool
   * @param {Breach} breach
   */
  #breached(tool, { rule, pointer }) {
    const report = native(() => binding.verdictOn(this.#handle, tool, rule, pointer))
    if (report === null) {
      throw inputError(`${pointer || '(root)'}: too large to be turned into text; pass its bytes`)
    }
    return verdictOf(report)
  }

  /**
   * The verdict on a path that is no text, unless the policy switches the rule off.
   *
   * @param {unknown} path
   */
  #illFormed(path) {
    if (typeof path !== 'string') {
      throw inputError('a path is a string')
    }
    if (path.isWellFormed()) {
      return undefined
    }
    const handle = this.#handle
    const report = native(() => binding.verdictOn(handle, NO_TOOL, 'json.surrogate', ''))
    return report === null ? undefined : verdictOf(report)
  }

  /** @param {unknown} path */
  #refuseIllFormed(path) {
    const finding = this.#illFormed(path)?.findings[0]
    if (finding !== undefined) {
      throw new CallgateError(finding.rule, finding.message, finding)
    }
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function wellFormed(value, name) {
  if (typeof value !== 'string' || !value.isWellFormed()) {
    throw inputError(`${name} is a well-formed string`)
  }
  return value
}

/** @type {Gate | undefined} */
let defaultGate

/**
 * @param {unknown} args
 * @param {Policy} [policy]
 * @returns {Verdict}
 */
function auditToolArgs(args, policy) {
  if (policy === undefined) {
    defaultGate ??= new Gate()
    return defaultGate.audit('', args)
  }
  // Compiled anew: a policy object may have been changed since the last call.
  const gate = new Gate(policy)
  try {
    return gate.audit('', args)
  } finally {
    gate.close()
  }
}

/**
 * @param {string} root
 * @param {string} path
 * @param {PathOptions} [options]
 */
function validatePath(root, path, options) {
  // Opened anew: the folder may have been replaced since the last call.
  const gate = new Gate({ paths: { roots: [wellFormed(root, 'root')] } })
  try {
    return gate.resolvePath(path, options)
  } finally {
    gate.close()
  }
}

module.exports = { CallgateError, Gate, ValidatedPath, auditToolArgs, validatePath, version }
