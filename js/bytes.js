// @ts-check
'use strict'

const { inputError } = require('./error.js')

// Getters are taken once, at load: properties that a caller puts on a view, or a subclass on its
// prototype, must not decide what the native library reads.

/**
 * @param {object} prototype
 * @param {string | symbol} name
 * @returns {(target: object) => any}
 */
function getter(prototype, name) {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get
  if (get === undefined) {
    throw new Error(`this JavaScript engine has no ${String(name)} on its buffers`)
  }
  return Function.prototype.call.bind(get)
}

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype)
const bufferOf = getter(TypedArray, 'buffer')
const lengthOf = getter(TypedArray, 'length')
const typeOf = getter(TypedArray, Symbol.toStringTag)
const isResizable = getter(ArrayBuffer.prototype, 'resizable')
const isGrowable = getter(SharedArrayBuffer.prototype, 'growable')
const Bytes = Uint8Array
const { isView } = ArrayBuffer

/**
 * The view itself where its memory is private and of fixed size, a copy where it is shared. The native
 * library checks the element type and that the buffer is attached.
 *
 * @param {ArrayBufferView} view
 * @returns {Uint8Array}
 */
function stableBytes(view) {
  let resizable
  try {
    resizable = isResizable(bufferOf(view))
  } catch {
    // A DataView has no such `buffer`, a SharedArrayBuffer no `resizable`.
    return copyOfShared(view)
  }
  if (resizable) {
    throw inputError('bytes over a resizable ArrayBuffer are not taken; pass a copy')
  }
  return /** @type {Uint8Array} */ (view)
}

/**
 * @param {ArrayBufferView} view
 * @returns {Uint8Array}
 */
function copyOfShared(view) {
  try {
    if (typeOf(view) === 'Uint8Array' && !isGrowable(bufferOf(view))) {
      return new Bytes(/** @type {Uint8Array} */ (view))
    }
  } catch {
    // Not a typed array, or not over a SharedArrayBuffer.
  }
  throw inputError('bytes are a Uint8Array or Buffer of fixed length')
}

module.exports = { isView, lengthOf, stableBytes }
