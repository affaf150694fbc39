// @ts-check
'use strict'

const { inputError } = require('./error.js')

/**
 * What holds while an object is turned into text; `null` where no rule refuses.
 *
 * @typedef {{ bytes: number | null, depth: number | null, elements: number | null, nodes: number | null }} Limits
 */

/** @typedef {'limit.bytes' | 'limit.depth' | 'limit.elements' | 'limit.nodes'} LimitRule */

/** What holds where no rule refuses: V8 makes no longer string, and `JSON.stringify` recurses. */
const ENGINE = Object.freeze({ bytes: 2 ** 29, depth: 2000, elements: 2 ** 29, nodes: 2 ** 29 })

/** Pointers above this length name the deepest container that has a shorter one, as native ones do. */
const MAX_POINTER_BYTES = 2048

const { getPrototypeOf, hasOwn, keys: keysOf } = Object
const { isArray } = Array
const isFiniteNumber = Number.isFinite
const { stringify } = JSON

/** An object exceeds a limit before it is text. */
class Breach {
  /**
   * @param {LimitRule} rule
   * @param {string} pointer
   */
  constructor(rule, pointer) {
    this.rule = rule
    this.pointer = pointer
  }
}

/** A value that JSON cannot say. */
class Fault {
  /** @param {string} message */
  constructor(message) {
    this.message = message
  }
}

/** One container on the way from the root. */
class Frame {
  /** @param {any} container */
  constructor(container) {
    this.container = container
    /** @type {string[] | null} */
    this.keys = isArray(container) ? null : keysOf(container)
    this.count = this.keys === null ? container.length : this.keys.length
    this.next = 0
    this.present = 0
  }

  /** The segment of the pointer that is being looked at. */
  segment() {
    const index = this.next - 1
    return this.keys === null ? String(index) : this.keys[index].replaceAll('~', '~0').replaceAll('/', '~1')
  }
}

/** @param {Frame[]} frames */
function pointerTo(frames) {
  let pointer = ''
  for (const frame of frames) {
    if (frame.next === 0) {
      break
    }
    const longer = `${pointer}/${frame.segment()}`
    if (Buffer.byteLength(longer) > MAX_POINTER_BYTES) {
      break
    }
    pointer = longer
  }
  return pointer.toWellFormed()
}

/**
 * Plain in any realm: made by `{}`, `[]`, `JSON.parse` or `Object.create(null)`.
 *
 * @param {object} value
 */
function isPlain(value) {
  const prototype = getPrototypeOf(value)
  if (isArray(value)) {
    // Array.prototype is an array itself; the prototype of a subclass is not.
    return prototype === Array.prototype || (isArray(prototype) && isRoot(getPrototypeOf(prototype)))
  }
  return prototype === null || prototype === Object.prototype || isRoot(prototype)
}

/** @param {any} prototype */
function isRoot(prototype) {
  return prototype !== null && getPrototypeOf(prototype) === null && hasOwn(prototype, 'isPrototypeOf')
}

/** Looks at every value once, without recursion, in the order of `JSON.stringify`. */
class Walk {
  /** @param {Limits} limits */
  constructor(limits) {
    this.bytes = limits.bytes ?? ENGINE.bytes
    this.depth = limits.depth ?? ENGINE.depth
    this.elements = limits.elements ?? ENGINE.elements
    this.nodes = limits.nodes ?? ENGINE.nodes
    /** @type {Frame[]} */
    this.frames = []
    /** @type {Fault | Breach | undefined} */
    this.ending = undefined
  }

  /**
   * @param {unknown} root
   * @returns {Fault | Breach | undefined} what ended it early
   */
  run(root) {
    try {
      this.visit(root)
      for (let frame = this.frames.at(-1); frame !== undefined; frame = this.frames.at(-1)) {
        this.step(frame)
      }
      return undefined
    } catch (thrown) {
      // Compared and not looked at: what a getter threw may be a callgate error, or a proxy that throws again.
      return thrown === this.ending ? this.ending : this.fault('threw while it was read')
    }
  }

  /** @param {Frame} frame */
  step(frame) {
    if (frame.next === frame.count) {
      this.frames.pop()
      return
    }
    const index = frame.next++
    if (frame.keys === null) {
      this.visit(frame.container[index])
      return
    }
    const key = frame.keys[index]
    const member = frame.container[key]
    if (member === undefined) {
      return
    }
    if (++frame.present > this.elements) {
      frame.next = 0
      throw this.breach('limit.elements')
    }
    this.spend(key.length + 3)
    this.visit(member)
  }

  /** @param {unknown} value */
  visit(value) {
    if (--this.nodes < 0) {
      throw this.breach('limit.nodes')
    }
    switch (typeof value) {
      case 'string':
        this.spend(value.length + 2)
        break
      case 'number':
        if (!isFiniteNumber(value)) {
          throw this.fault('is NaN or infinite, which JSON cannot say')
        }
        this.spend(1)
        break
      case 'boolean':
        this.spend(4)
        break
      case 'object':
        if (value === null) {
          this.spend(4)
        } else {
          this.enter(value)
        }
        break
      default:
        throw this.fault(`is ${typeof value}, which JSON cannot say`)
    }
  }

  /** @param {object} value */
  enter(value) {
    if (!isPlain(value)) {
      throw this.fault('is not a plain object or array')
    }
    if (typeof (/** @type {{ toJSON?: unknown }} */ (value).toJSON) === 'function') {
      throw this.fault('has a toJSON method')
    }
    if (this.frames.length >= this.depth) {
      throw this.breach('limit.depth', value)
    }
    if (isArray(value) && value.length > this.elements) {
      throw this.breach('limit.elements', value)
    }
    this.spend(2)
    this.frames.push(new Frame(value))
  }

  /**
   * Counts bytes that the text has at least.
   *
   * @param {number} bytes
   */
  spend(bytes) {
    this.bytes -= bytes
    if (this.bytes < 0) {
      throw this.breach('limit.bytes')
    }
  }

  /** @param {string} what */
  fault(what) {
    this.ending = new Fault(`${pointerTo(this.frames) || '(root)'}: ${what}`)
    return this.ending
  }

  /**
   * A cycle has no end, so it always comes to exceed some limit; looking for one only then costs nothing
   * otherwise.
   *
   * @param {LimitRule} rule
   * @param {object} [entered]
   */
  breach(rule, entered) {
    const open = this.frames.map((frame) => frame.container)
    if (entered !== undefined) {
      open.push(entered)
    }
    if (new Set(open).size < open.length) {
      return this.fault('is part of a cycle')
    }
    this.ending = new Breach(rule, pointerTo(this.frames))
    return this.ending
  }
}

/**
 * The JSON text of a plain object or array, or the limit that it exceeds.
 *
 * The text is what counts: a getter or proxy that answers differently a second time changes nothing about
 * what is audited.
 *
 * @param {unknown} value
 * @param {Limits} limits
 * @returns {string | Breach}
 */
function snapshot(value, limits) {
  if (typeof value !== 'object' || value === null) {
    throw inputError('(root): is not a plain object or array')
  }
  const ending = new Walk(limits).run(value)
  if (ending instanceof Breach) {
    return ending
  }
  if (ending !== undefined) {
    throw inputError(ending.message)
  }
  let text
  try {
    text = stringify(value)
  } catch {
    // Deeper or longer than the engine can write, or different on a second look.
  }
  if (typeof text !== 'string') {
    throw inputError('(root): cannot be turned into text; pass its bytes')
  }
  return text
}

module.exports = { Breach, isPlain, snapshot }
