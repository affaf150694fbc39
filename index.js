// @ts-check
'use strict'

/** @import { GateHandle } from './binding.js' */
/** @import { AnswerVerdict, CleanOptions, Coverage, DescribedServer, Files, MessageReader, MessageVerdict, OpenOptions, PathOptions, Policy, Refusal, Sanitized, ServerProcess, Verdict, VerdictEvent } from './index.js' */

const { isView, stableBytes } = require('./js/bytes.js')
const { described } = require('./js/described.js')
const { adopterOf } = require('./js/descriptor.js')
const { CallgateError, inputError, translated } = require('./js/error.js')
const { filesOf } = require('./js/files.js')
const { INSIDE, explained, readPolicy } = require('./js/inside.js')
const { inferKinds } = require('./js/kinds.js')
const { binding, version } = require('./js/loader.js')
const { messageVerdictOf, readerOf } = require('./js/messages.js')
const { checked } = require('./js/options.js')
const { ValidatedPath, openOptions, pathOptions, refused, validatedPath } = require('./js/path.js')
const { refusalFor } = require('./js/refuse.js')
const { Breach, snapshot } = require('./js/snapshot.js')
const { sanitized } = require('./js/sanitize.js')
const { withUtf8 } = require('./js/text.js')
const { findingsOf, joined, verdictOf } = require('./js/verdict.js')
const { Verdicts } = require('./js/verdicts.js')

/** @import { Limits } from './js/snapshot.js' */
/** @import { Source } from './js/inside.js' */
/** @import { About, Context } from './js/verdicts.js' */
/** @typedef {{ id: number, limits: Limits, mode: 'enforce' | 'observe' }} Tool */
/** @typedef {'tool.changed' | 'tool.poisoned' | 'rate.exceeded'} SurfaceRule */

/** A policy is read whole, so it is small; the native library has the same limit on its text. */
const POLICY_LIMITS = Object.freeze({ bytes: 4 << 20, depth: 64, elements: null, nodes: null })

/** What is told of a server that nobody guards with the gate. */
const UNGUARDED = {
  member: 'guardServer',
  what: 'this gate does not guard the server: nothing of it is judged',
}

/** The native library takes no longer list; how deep it may be is up to its reader. */
const TOOLS_LIMITS = Object.freeze({ bytes: 16 << 20, depth: null, elements: null, nodes: null })
const DEFINITIONS = new Set(['tool', 'prompt', 'resource', 'server'])
/** Of a definition, whose text the native library limits. */
const UNLIMITED = Object.freeze({ bytes: null, depth: 256, elements: null, nodes: null })

/** A place in a text of JSON, as the reader of policies tells it. */
const IN_TEXT = / at line \d+ column \d+$/

const LOG_MEMBERS = new Set(['flags'])
const PROCESS_MEMBERS = new Set(['cwd', 'home', 'env', 'joins'])
const CLEAN_MEMBERS = new Set(['tool', 'outputSchema'])
const PROTECT_MEMBERS = new Set(['secret'])

/** The id of every tool that the policy does not name. */
const NO_TOOL = 0

const encode = TextEncoder.prototype.encode.bind(new TextEncoder())
const { byteLength } = Buffer
const decode = TextDecoder.prototype.decode.bind(new TextDecoder('utf-8', { ignoreBOM: true }))
const { parse, stringify } = JSON

/** A handle that is there already, on its way into the constructor. */
class Made {
  /**
   * @param {GateHandle} handle
   * @param {Source} source
   * @param {Verdicts} [verdicts] where its verdicts are told
   */
  constructor(handle, source, verdicts) {
    this.handle = handle
    this.source = source
    this.verdicts = verdicts
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

/** @param {Policy} [policy] */
function made(policy) {
  const text = policyText(policy)
  const source = { text: text ?? '{}', folder: process.cwd() }
  try {
    return new Made(binding.gateNew(text), source)
  } catch (thrown) {
    const error = translated(thrown)
    // Of the text that was made of the object; the message starts with the pointer into it.
    error.message = error.message.replace(IN_TEXT, '')
    throw error
  }
}

class Gate {
  #handle
  #auditor
  /** @type {Map<string, Tool>} */
  #named
  /** @type {Tool} */
  #others
  #verdicts
  #modeOf
  /** @type {Files | undefined} */
  #files
  #source
  /** Whether somebody said which process gets the paths. */
  #isProcessTold = false

  /** @param {Policy | Made} [given] */
  constructor(given) {
    const { handle, source, verdicts } = given instanceof Made ? given : made(given)
    const { tools, limits, mode, policy } = native(() => parse(binding.gateDescribe(handle)))
    this.#source = source
    this.#handle = handle
    this.#auditor = native(() => binding.gateAuditor(handle))
    this.#named = new Map(tools.map((/** @type {Tool & { name: string }} */ tool) => [tool.name, tool]))
    this.#others = { id: NO_TOOL, limits, mode }
    // Of a path or an address no tool is known.
    this.#modeOf = (/** @type {string | undefined} */ tool) => {
      return tool === undefined ? policy : this.#tool(tool).mode
    }
    this.#verdicts = verdicts ?? new Verdicts(this.#modeOf)
  }

  /** @param {string} file */
  static load(file) {
    return Gate.#loaded(file, [])
  }

  /**
   * @param {string} file
   * @param {readonly string[]} roots absolute ones beside those of the policy
   */
  static #loaded(file, roots) {
    const handle = native(() => binding.gateLoad(wellFormed(file, 'file'), [...roots]))
    return new Gate(/** @type {Policy} */ (new Made(handle, { ...readPolicy(file), roots })))
  }

  /** The same with more roots, for the commands. */
  static get [INSIDE]() {
    return { load: (/** @type {string} */ file, /** @type {string[]} */ roots) => Gate.#loaded(file, roots) }
  }

  warm() {
    const handle = this.#handle
    native(() => binding.gateWarm(handle))
  }

  /**
   * @param {string} tool
   * @param {unknown} args
   * @returns {Verdict}
   */
  audit(tool, args) {
    const rules = this.#tool(tool)
    const start = this.#verdicts.clock()
    if (isView(args)) {
      return this.#verdicts.tell('audit', tool, this.#auditBytes(rules.id, stableBytes(args)), start)
    }
    if (typeof args !== 'string' && (typeof args !== 'object' || args === null)) {
      throw inputError('expected a Uint8Array, a string, or a plain object or array')
    }
    const text = typeof args === 'string' ? args : snapshot(args, rules.limits)
    return this.#verdicts.tell('audit', tool, this.#auditSnapshot(rules, text), start)
  }

  /**
   * @param {string} tool
   * @param {object} args
   * @returns {{ verdict: Verdict, value: unknown }}
   */
  auditParsed(tool, args) {
    const rules = this.#tool(tool)
    const start = this.#verdicts.clock()
    const text = snapshot(args, rules.limits)
    const verdict = this.#verdicts.tell('audit', tool, this.#auditSnapshot(rules, text), start)
    return { verdict, value: text instanceof Breach ? undefined : parse(text) }
  }

  /**
   * @param {string} tool
   * @param {Uint8Array | string} args
   * @returns {Promise<Verdict>}
   */
  async auditAsync(tool, args) {
    const rules = this.#tool(tool)
    const start = this.#verdicts.clock()
    if (typeof args === 'string') {
      if (isTooLong(args, rules) || !args.isWellFormed()) {
        return this.#verdicts.tell('audit', tool, this.#auditText(rules, args), start)
      }
    } else if (!isView(args)) {
      throw inputError('expected a Uint8Array or a string')
    }
    const bytes = typeof args === 'string' ? encode(args) : stableBytes(args)
    let report
    try {
      report = await binding.auditAsync(this.#handle, rules.id, bytes)
    } catch (thrown) {
      throw translated(thrown)
    }
    return this.#verdicts.tell('audit', tool, verdictOf(report), start)
  }

  /**
   * @param {Uint8Array | string} message
   * @returns {MessageVerdict}
   */
  auditMessage(message) {
    const handle = this.#handle
    const start = this.#verdicts.clock()
    let report
    if (typeof message !== 'string') {
      if (!isView(message)) {
        throw inputError('expected a Uint8Array or a string')
      }
      const bytes = stableBytes(message)
      report = native(() => binding.auditMessage(handle, bytes))
    } else if (message.isWellFormed()) {
      report = native(() =>
        withUtf8(message, 0, (_, bytes, length) => binding.auditMessage(handle, bytes, length)),
      )
    } else {
      report = native(() => binding.auditIllFormedMessage(handle, message))
    }
    const verdict = messageVerdictOf(parse(report))
    return this.#verdicts.tell('message', verdict.tool, verdict, start, { id: verdict.id })
  }

  /** @returns {MessageReader} */
  messageReader() {
    return readerOf(this.#handle, this.#verdicts)
  }

  /**
   * @param {Uint8Array | string | object} definition
   * @param {'tool' | 'prompt' | 'resource' | 'server'} [of]
   * @returns {Verdict}
   */
  auditDefinition(definition, of = 'tool') {
    if (!DEFINITIONS.has(of)) {
      throw inputError("a definition is one of a 'tool', 'prompt', 'resource' or 'server'")
    }
    const handle = this.#handle
    if (isView(definition)) {
      const bytes = stableBytes(definition)
      return native(() => verdictOf(binding.auditDefinition(handle, of, bytes)))
    }
    const json = typeof definition === 'string' ? definition.toWellFormed() : snapshot(definition, UNLIMITED)
    if (json instanceof Breach) {
      throw inputError('the definition is nested too deep')
    }
    return native(() =>
      withUtf8(json, 0, (_, bytes, length) => verdictOf(binding.auditDefinition(handle, of, bytes, length))),
    )
  }

  /**
   * @param {Uint8Array | string} message
   * @returns {AnswerVerdict}
   */
  auditAnswer(message) {
    const handle = this.#handle
    const start = this.#verdicts.clock()
    let answer
    if (typeof message === 'string') {
      answer = native(() =>
        withUtf8(message.toWellFormed(), 0, (_, bytes, length) => binding.auditAnswer(handle, bytes, length)),
      )
    } else if (isView(message)) {
      const bytes = stableBytes(message)
      answer = native(() => binding.auditAnswer(handle, bytes))
    } else {
      throw inputError('expected a Uint8Array or a string')
    }
    return this.#answered(answer, undefined, start)
  }

  /**
   * @param {Uint8Array | string} message
   * @param {CleanOptions} [options]
   * @returns {AnswerVerdict}
   */
  cleanAnswer(message, options) {
    return this.#clean(message, /** @type {CleanOptions} */ (checked(options, CLEAN_MEMBERS)))
  }

  /**
   * @param {Uint8Array | string} message
   * @param {CleanOptions} options
   * @param {string | number | null} [id]
   */
  #clean(message, { tool, outputSchema }, id) {
    const handle = this.#handle
    const start = this.#verdicts.clock()
    const schema = typeof outputSchema === 'object' ? stringify(outputSchema) : outputSchema
    const clean = (/** @type {Uint8Array} */ bytes, /** @type {number} */ length) =>
      binding.cleanAnswer(handle, bytes, length, tool, schema)
    let answer
    if (typeof message === 'string') {
      answer = native(() => withUtf8(message.toWellFormed(), 0, (_, bytes, length) => clean(bytes, length)))
    } else if (isView(message)) {
      const bytes = stableBytes(message)
      answer = native(() => clean(bytes, bytes.length))
    } else {
      throw inputError('expected a Uint8Array or a string')
    }
    return this.#answered(answer, tool, start, id)
  }

  /**
   * Tells of a verdict on a message of the server.
   *
   * @param {{ report?: string, replacement?: string } | null} answer
   * @param {string | undefined} tool
   * @param {number} start
   * @param {string | number | null} [id]
   * @returns {AnswerVerdict}
   */
  #answered(answer, tool, start, id) {
    const verdict = this.#verdicts.tell('result', tool, verdictOf(answer?.report), start, { id })
    return Object.freeze({
      ...verdict,
      ...(typeof answer?.replacement === 'string' && { replacement: answer.replacement }),
    })
  }

  /** @param {string} tool */
  isVisible(tool) {
    if (typeof tool !== 'string') {
      throw inputError('the name of a tool is a string')
    }
    const handle = this.#handle
    return native(() => binding.isVisible(handle, tool))
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
    const start = this.#verdicts.clock()
    this.#refuseIllFormed(path, start)
    let answer
    try {
      answer = binding.resolvePath(this.#handle, path, intent, base)
    } catch (thrown) {
      throw translated(thrown)
    }
    if (typeof answer === 'string') {
      throw this.#told(refused(answer), path, start)
    }
    const found = validatedPath(answer)
    this.#verdicts.tellFlags(found.findings, start, { path })
    return found
  }

  /**
   * @param {string} path
   * @param {PathOptions} [options]
   * @returns {Verdict}
   */
  checkPath(path, options) {
    const { intent, base } = pathOptions(options)
    return this.#checkText('path', path, 'a path', (handle, text) =>
      binding.checkPath(handle, text, intent, base),
    )
  }

  /**
   * @param {ServerProcess} [process]
   * @returns {boolean}
   */
  setServerProcess(process) {
    const leadsInside = this.#setProcess(process, false)
    this.#isProcessTold = true
    return leadsInside
  }

  /**
   * @param {ServerProcess | undefined} facts
   * @param {boolean} unlessKnown
   * @returns {boolean}
   */
  #setProcess(facts, unlessKnown) {
    const text = JSON.stringify(
      facts === undefined ? { cwd: process.cwd() } : checked(facts, PROCESS_MEMBERS),
    )
    return native(() => binding.setServerProcess(this.#handle, text, unlessKnown))
  }

  /**
   * @param {readonly (string | { uri: string })[] | null} roots
   * @returns {string[]}
   */
  setClientRoots(roots) {
    const uri = (/** @type {string | { uri: string }} */ root) =>
      wellFormed(typeof root === 'string' ? root : root?.uri, 'a root')
    const named = roots === null ? null : Array.from(roots, uri)
    return native(() => binding.setClientRoots(this.#handle, named))
  }

  /**
   * @param {string} file
   * @param {{ secret?: boolean }} [options]
   * @returns {boolean}
   */
  protect(file, options) {
    const { secret = false } = checked(options, PROTECT_MEMBERS)
    return native(() => binding.protect(this.#handle, wellFormed(file, 'file'), secret))
  }

  /**
   * @param {string} path
   * @param {OpenOptions} [options]
   * @returns {number}
   */
  openPath(path, options) {
    const { intent, base, flags } = openOptions(options)
    const start = this.#verdicts.clock()
    this.#refuseIllFormed(path, start)
    const adopt = adopterOf(intent, flags)
    const answer = native(() => binding.openPath(this.#handle, path, intent, base, flags, adopt))
    if (typeof answer === 'string') {
      throw this.#told(refused(answer), path, start)
    }
    if (typeof answer === 'number') {
      return answer
    }
    this.#verdicts.tellFlags(findingsOf(answer.flags), start, { path })
    return answer.fd
  }

  /** @param {(event: VerdictEvent) => unknown} callback */
  onVerdict(callback) {
    if (typeof callback !== 'function') {
      throw inputError('the callback is a function')
    }
    return this.#verdicts.subscribe(callback)
  }

  /** @param {{ flags?: boolean }} [options] */
  logRefusals(options) {
    const { flags = false } = checked(options, LOG_MEMBERS)
    return this.#verdicts.log({ flags })
  }

  /**
   * @param {string} url
   * @returns {Verdict}
   */
  checkUrl(url) {
    return this.#checkText('url', url, 'a URL', (handle, text) => binding.checkUrl(handle, text))
  }

  /**
   * @param {string} host
   * @param {string} address
   * @returns {Verdict}
   */
  checkAddress(host, address) {
    if (typeof address !== 'string') {
      throw inputError('an address is a string')
    }
    return this.#checkText('url', host, 'a host', (handle, text) =>
      binding.checkAddress(handle, text, address),
    )
  }

  get files() {
    this.#files ??= /** @type {Files} */ (
      /** @type {unknown} */ (
        filesOf(this, this.#handle, {
          clock: () => this.#verdicts.clock(),
          refuseIllFormed: (path, start) => this.#refuseIllFormed(path, start),
          told: (error, path, start) => this.#told(error, path, start),
          flagged: (flags, path, start) => this.#verdicts.tellFlags(findingsOf(flags), start, { path }),
        })
      )
    )
    return this.#files
  }

  /**
   * @param {string} text
   * @returns {Sanitized}
   */
  sanitize(text) {
    if (typeof text !== 'string') {
      throw inputError('a text is a string')
    }
    const handle = this.#handle
    return native(() => sanitized(text, (wellFormed) => binding.sanitize(handle, wellFormed)))
  }

  /**
   * @param {string | Verdict | Error} reason
   * @returns {Refusal}
   */
  refuse(reason) {
    return refusalFor(reason)
  }

  /**
   * @param {DescribedServer} [server]
   * @returns {Coverage}
   */
  describe(server) {
    const { gate, tools, isGuarded } = described(server, this) ?? {
      gate: this,
      tools: server,
      isGuarded: true,
    }
    const handle = /** @type {Gate} */ (gate).#handle
    const json = tools === undefined ? undefined : snapshot(tools, TOOLS_LIMITS)
    if (json instanceof Breach) {
      throw inputError('a list of tools has at most 16 MiB')
    }
    const coverage = native(() => parse(binding.gateCoverage(handle, json?.toWellFormed())))
    return frozen(isGuarded ? coverage : { ...coverage, off: [UNGUARDED, ...coverage.off] })
  }

  close() {
    const handle = this.#handle
    native(() => binding.gateClose(handle))
  }

  /** What the parts of callgate that lie around a gate need of it. */
  get [INSIDE]() {
    return {
      messageBytes: this.#others.limits.bytes,
      /** Whether refusals are only told. @param {string} [tool] */
      observes: (tool) => this.#modeOf(tool) === 'observe',
      /**
       * What the policy makes of what a surface found by itself: no finding where the rule is off.
       *
       * @param {SurfaceRule} rule
       * @param {string} pointer
       * @param {string} what
       * @param {string} [tool] whose mode decides
       */
      found: (rule, pointer, what, tool) => {
        return native(() => verdictOf(binding.verdictBySurface(this.#handle, tool, rule, pointer, what)))
          .findings[0]
      },
      /** As `messageReader`, for chunks that stay as they are: a text is made when it is asked for. */
      messageReader: () => readerOf(this.#handle, this.#verdicts, true),
      outgoing: () => native(() => binding.outgoingFunction(this.#handle)),
      /**
       * `cleanAnswer` of a message with this id.
       *
       * @param {string} json
       * @param {CleanOptions} options
       * @param {string | number | null} [id]
       * @returns {AnswerVerdict}
       */
      clean: (json, options, id) => {
        const answer = this.#clean(json, options, id)
        if (answer.action === 'deny') {
          throw new CallgateError('json.syntax', 'a message that is no JSON')
        }
        return answer
      },
      /**
       * The verdict on what a server says of itself as it introduces itself, which is told.
       *
       * @param {string} json
       * @param {'resource' | 'server'} of
       * @param {string} pointer
       * @param {string | number | null} id
       * @returns {Verdict}
       */
      introduced: (json, of, pointer, id) => {
        const start = this.#verdicts.clock()
        const { action, findings } = this.auditDefinition(json, of)
        const placed = findings.map((one) => Object.freeze({ ...one, pointer: `${pointer}${one.pointer}` }))
        const verdict = Object.freeze({ action, findings: Object.freeze(placed) })
        return this.#verdicts.tell('result', undefined, verdict, start, { id })
      },
      policy: () => native(() => explained(this.#source).policy),
      /** The members that somebody wrote, in the policy or in what it extends. @returns {string[]} */
      names: () => native(() => parse(binding.policyNames(this.#source.text))),
      /**
       * A gate of the same policy that has learnt tools; what the policy itself says of a tool wins.
       *
       * @param {string} tools JSON of what is published of each, by its name
       * @param {'deny' | 'flag' | 'off'} held what a call comes to that does not match its schema
       */
      learn: (tools, held) => this.#derived(native(() => binding.gateLearn(this.#handle, tools, held))),
      /** The verdict on a message, of which nobody is told. @param {Uint8Array} bytes @returns {MessageVerdict} */
      judge: (bytes) => messageVerdictOf(parse(native(() => binding.auditMessage(this.#handle, bytes)))),
      clock: () => this.#verdicts.clock(),
      /**
       * Tells of a verdict on a message.
       *
       * @param {MessageVerdict} verdict
       * @param {number} start
       * @param {'message' | 'result'} [surface]
       */
      tell: (verdict, start, surface = 'message') =>
        this.#verdicts.tell(surface, verdict.tool, verdict, start, { id: verdict.id }),
      /**
       * Judges within a connection.
       *
       * @template T
       * @param {Context} context
       * @param {() => T} judge
       * @returns {T}
       */
      within: (context, judge) => this.#verdicts.within(context, judge),
      /** Says which process gets the paths, unless somebody has said so. @param {ServerProcess} facts */
      assumeServer: (facts) => this.#setProcess(facts, this.#isProcessTold),
    }
  }

  /**
   * A gate that tells its verdicts where this one does, and is closed with it.
   *
   * @param {GateHandle} handle
   */
  #derived(handle) {
    return new Gate(/** @type {Policy} */ (new Made(handle, this.#source, this.#verdicts)))
  }

  /** @param {unknown} name */
  #tool(name) {
    if (typeof name !== 'string') {
      throw inputError('the name of a tool is a string')
    }
    return this.#named.size === 0 ? this.#others : (this.#named.get(name) ?? this.#others)
  }

  /**
   * @param {Tool} rules
   * @param {string | Breach} text
   */
  #auditSnapshot(rules, text) {
    return text instanceof Breach ? this.#breached(rules.id, text) : this.#auditText(rules, text)
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
   * @param {Tool} rules
   * @param {string} text
   */
  #auditText(rules, text) {
    const { id } = rules
    let report
    try {
      if (isTooLong(text, rules)) {
        report = binding.verdictOn(this.#handle, id, 'limit.bytes', '', byteLength(text))
      } else if (text.isWellFormed()) {
        report = withUtf8(text, id, this.#auditor)
      } else {
        report = binding.auditIllFormed(this.#handle, id, text)
      }
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
   * The verdict of `check` on a text, and on its being one.
   *
   * @param {VerdictEvent['surface']} surface
   * @param {string} text
   * @param {string} name
   * @param {(handle: GateHandle, text: string) => string | null} check
   * @returns {Verdict}
   */
  #checkText(surface, text, name, check) {
    const start = this.#verdicts.clock()
    const about = surface === 'path' ? { path: text } : undefined
    const illFormed = this.#illFormed(text, name)
    if (illFormed?.action === 'deny') {
      return this.#verdicts.tell(surface, undefined, illFormed, start, about)
    }
    const handle = this.#handle
    const found = verdictOf(native(() => check(handle, text)))
    const verdict = illFormed === undefined ? found : joined(illFormed, found)
    return this.#verdicts.tell(surface, undefined, verdict, start, about)
  }

  /**
   * The verdict on a text that is not well-formed, unless the policy switches the rule off.
   *
   * @param {unknown} text
   * @param {string} [name]
   */
  #illFormed(text, name = 'a path') {
    if (typeof text !== 'string') {
      throw inputError(`${name} is a string`)
    }
    if (text.isWellFormed()) {
      return undefined
    }
    const handle = this.#handle
    const report = native(() => binding.verdictOn(handle, null, 'json.surrogate', ''))
    return report === null ? undefined : verdictOf(report)
  }

  /**
   * Tells of a refused path.
   *
   * @param {CallgateError} error
   * @param {string} path
   * @param {number} start
   */
  #told(error, path, start) {
    this.#verdicts.tellRefusal(error, start, { path })
    return error
  }

  /**
   * @param {string} path
   * @param {number} start
   */
  #refuseIllFormed(path, start) {
    const finding = this.#illFormed(path)?.findings[0]
    if (finding?.action === 'deny') {
      throw this.#told(new CallgateError(finding.rule, finding.message, finding), path, start)
    }
    if (finding !== undefined) {
      // A flag lifts nothing: there is no such path to hand out.
      throw this.#told(refused(native(() => binding.illFormedPath())), path, start)
    }
  }
}

/**
 * The same value, of which nothing can be changed.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
function frozen(value) {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}

/**
 * Whether a text is refused for its length alone: it has no fewer bytes than units, so that none need be
 * written.
 *
 * @param {string} text
 * @param {Tool} rules
 */
function isTooLong(text, { limits }) {
  return limits.bytes !== null && text.length > limits.bytes
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

module.exports = { CallgateError, Gate, ValidatedPath, auditToolArgs, inferKinds, validatePath, version }
