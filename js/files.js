// @ts-check
'use strict'

/**
 * @import { AppendFileOptions, CopyFileOptions, FileStat, Gate, MakeDirOptions, ReadDirEntry, ReadDirOptions, ReadFileOptions,
 *   ReadStreamOptions, RemoveOptions, RenameOptions, StatOptions, WriteFileOptions, WriteStreamOptions } from '../index.js'
 * @import { FilesAnswer, FilesRequest, GateHandle } from '../binding.js'
 */

const { constants } = require('node:buffer')
const { closeSync, createReadStream, createWriteStream, read, readSync } = require('node:fs')
const { isView, stableBytes } = require('./bytes.js')
const { TAKES_DESCRIPTORS } = require('./descriptor.js')
const { CallgateError, inputError, translated } = require('./error.js')
const { binding } = require('./loader.js')
const { MAX_READ, bare, checked, withEncoding } = require('./options.js')
const { refused } = require('./path.js')

/** @type {FilesAnswer} */
const NO_ANSWER = {}
const KINDS = /** @type {const} */ (['file', 'directory', 'link', 'other'])
/** Files up to this size are read by the native library at once (bytes). */
const SMALL = 1 << 16
const encode = TextEncoder.prototype.encode.bind(new TextEncoder())

const READ = new Set(['base', 'maxBytes', 'encoding'])
const WRITE = new Set(['base', 'create', 'exclusive', 'mode', 'sync'])
const APPEND = new Set(['base', 'create', 'mode', 'sync'])
const READ_DIR = new Set(['base', 'recursive', 'maxEntries', 'hideBlocked'])
const STAT = new Set(['base'])
const MAKE_DIR = new Set(['base', 'recursive', 'mode'])
const REMOVE = new Set(['base', 'recursive', 'maxEntries'])
const RENAME = new Set(['base', 'overwrite'])
const COPY = new Set(['base', 'overwrite', 'maxBytes', 'sync'])
const READ_STREAM = new Set(['base', 'start', 'end', 'encoding', 'highWaterMark'])
const WRITE_STREAM = new Set(['base', 'create', 'append', 'exclusive', 'mode', 'encoding', 'highWaterMark'])

/**
 * @template T
 * @typedef {{ start: number, request: FilesRequest, data?: Uint8Array, finish: (answer: FilesAnswer) => T }} Call
 */

/** @param {FilesAnswer} _ */
function nothing(_) {}

/** @param {FilesAnswer} answer */
function all(answer) {
  return answer
}

/** @param {FilesAnswer} answer */
function bytesIn({ bytes = Buffer.alloc(0) }) {
  return bytes
}

/**
 * @param {Buffer} bytes
 * @param {BufferEncoding} [encoding]
 */
function decoded(bytes, encoding) {
  if (encoding === undefined) {
    return bytes
  }
  try {
    return bytes.toString(encoding)
  } catch {
    throw inputError('the file is too long for one string')
  }
}

/**
 * The first bytes of a descriptor, which is closed. `undefined` where it cannot be read: the native library tells
 * why. What the file has grown by since it was measured is left.
 *
 * @param {number} fd
 * @param {number} size
 */
function filledSync(fd, size) {
  try {
    const room = Buffer.allocUnsafeSlow(size)
    let length = 0
    for (let count = 1; count > 0 && length < size; length += count) {
      count = readSync(fd, room, length, Math.min(size - length, MAX_READ), null)
    }
    return cut(room, length)
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}

/**
 * The same on the thread pool.
 *
 * @param {number} fd
 * @param {number} size
 * @returns {Promise<Buffer | undefined>}
 */
async function filled(fd, size) {
  try {
    const room = Buffer.allocUnsafeSlow(size)
    let length = 0
    for (let count = 1; count > 0 && length < size; length += count) {
      count = await new Promise((resolve, reject) => {
        read(fd, room, length, Math.min(size - length, MAX_READ), null, (error, bytes) =>
          error ? reject(error) : resolve(bytes),
        )
      })
    }
    return cut(room, length)
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}

/**
 * Without the rest of the room, which may hold anything.
 *
 * @param {Buffer} room
 * @param {number} length
 */
function cut(room, length) {
  return length === room.length ? room : Buffer.from(room.subarray(0, length))
}

/**
 * @param {unknown} data
 * @returns {Uint8Array}
 */
function bytesOf(data) {
  if (typeof data === 'string') {
    return encode(data)
  }
  if (!isView(data)) {
    throw inputError('data is a string or Uint8Array')
  }
  return stableBytes(data)
}

/**
 * @param {FilesAnswer} answer
 * @returns {ReadDirEntry[]}
 */
function entriesOf({ names = '', facts = new Float64Array() }) {
  const entries = []
  let start = 0
  // Not split: that takes twice as long.
  for (const fact of facts) {
    const end = names.indexOf('\0', start)
    const name = end < 0 ? names.slice(start) : names.slice(start, end)
    const size = Math.floor(fact / 4)
    entries.push({ name, kind: KINDS[fact - size * 4], size })
    start = end + 1
  }
  return entries
}

/**
 * @param {FilesAnswer} answer
 * @returns {FileStat}
 */
function statOf({ facts = new Float64Array(3) }) {
  const kind = facts[0] % 4
  return {
    kind: /** @type {'file' | 'directory'} */ (KINDS[kind]),
    size: (facts[0] - kind) / 4,
    modifiedMs: facts[1],
    mode: facts[2],
  }
}

/**
 * What files ask of their gate.
 *
 * @typedef {object} GateHooks
 * @property {() => number} clock when an operation began
 * @property {(path: string, start: number) => void} refuseIllFormed throws for a path that is no well-formed text
 * @property {(error: Error, path: string, start: number) => Error} told tells the subscribers of a refusal
 * @property {(flags: string, path: string, start: number) => void} flagged tells them of what was only flagged
 */

/** Proves that a gate makes its files. */
const MADE_BY_GATE = Symbol('made by a gate')

class Files {
  /** @type {Gate} */
  #gate
  /** @type {GateHandle} */
  #handle
  /** @type {GateHooks} */
  #hooks

  /**
   * @param {symbol} proof
   * @param {Gate} gate
   * @param {GateHandle} handle
   * @param {GateHooks} hooks
   */
  constructor(proof, gate, handle, hooks) {
    if (proof !== MADE_BY_GATE) {
      throw inputError('only a gate makes its files')
    }
    this.#gate = gate
    this.#handle = handle
    this.#hooks = hooks
  }

  /** @param {string} path @param {ReadFileOptions | BufferEncoding} [options] */
  readFileSync(path, options) {
    const { start, request, encoding } = this.#reading(path, options)
    const { fd, facts } = TAKES_DESCRIPTORS ? this.#sync({ start, request, finish: all }) : NO_ANSWER
    const bytes = fd === undefined || facts === undefined ? undefined : filledSync(fd, facts[0])
    return decoded(
      bytes ?? this.#sync({ start, request: { ...request, operation: 'read' }, finish: bytesIn }),
      encoding,
    )
  }

  /** @param {string} path @param {ReadFileOptions | BufferEncoding} [options] */
  async readFile(path, options) {
    const { start, request, encoding } = this.#reading(path, options)
    const answer = TAKES_DESCRIPTORS
      ? await this.#async({ start, request: { ...request, small: SMALL }, finish: all })
      : NO_ANSWER
    const { fd, facts } = answer
    const bytes = fd === undefined || facts === undefined ? answer.bytes : await filled(fd, facts[0])
    return decoded(
      bytes ?? (await this.#async({ start, request: { ...request, operation: 'read' }, finish: bytesIn })),
      encoding,
    )
  }

  /** @param {string} path @param {string | Uint8Array} data @param {WriteFileOptions} [options] */
  writeFileSync(path, data, options) {
    this.#sync(this.#changing('write', path, WRITE, options, bytesOf(data)))
  }

  /** @param {string} path @param {string | Uint8Array} data @param {WriteFileOptions} [options] */
  async writeFile(path, data, options) {
    return this.#async(this.#changing('write', path, WRITE, options, bytesOf(data)))
  }

  /** @param {string} path @param {string | Uint8Array} data @param {AppendFileOptions} [options] */
  appendFileSync(path, data, options) {
    this.#sync(this.#changing('append', path, APPEND, options, bytesOf(data)))
  }

  /** @param {string} path @param {string | Uint8Array} data @param {AppendFileOptions} [options] */
  async appendFile(path, data, options) {
    return this.#async(this.#changing('append', path, APPEND, options, bytesOf(data)))
  }

  /** @param {string} path @param {ReadDirOptions} [options] */
  readDirSync(path, options) {
    return this.#sync(this.#listing(path, options))
  }

  /** @param {string} path @param {ReadDirOptions} [options] */
  async readDir(path, options) {
    return this.#async(this.#listing(path, options))
  }

  /** @param {string} path @param {StatOptions} [options] */
  statSync(path, options) {
    return this.#sync({ ...this.#changing('stat', path, STAT, options), finish: statOf })
  }

  /** @param {string} path @param {StatOptions} [options] */
  async stat(path, options) {
    return this.#async({ ...this.#changing('stat', path, STAT, options), finish: statOf })
  }

  /** @param {string} path @param {MakeDirOptions} [options] */
  makeDirSync(path, options) {
    this.#sync(this.#changing('make_dir', path, MAKE_DIR, options))
  }

  /** @param {string} path @param {MakeDirOptions} [options] */
  async makeDir(path, options) {
    return this.#async(this.#changing('make_dir', path, MAKE_DIR, options))
  }

  /** @param {string} path @param {RemoveOptions} [options] */
  removeSync(path, options) {
    this.#sync(this.#changing('remove', path, REMOVE, options))
  }

  /** @param {string} path @param {RemoveOptions} [options] */
  async remove(path, options) {
    return this.#async(this.#changing('remove', path, REMOVE, options))
  }

  /** @param {string} from @param {string} to @param {RenameOptions} [options] */
  renameSync(from, to, options) {
    this.#sync(this.#moving('rename', from, to, RENAME, options))
  }

  /** @param {string} from @param {string} to @param {RenameOptions} [options] */
  async rename(from, to, options) {
    return this.#async(this.#moving('rename', from, to, RENAME, options))
  }

  /** @param {string} from @param {string} to @param {CopyFileOptions} [options] */
  copyFileSync(from, to, options) {
    this.#sync(this.#moving('copy', from, to, COPY, options))
  }

  /** @param {string} from @param {string} to @param {CopyFileOptions} [options] */
  async copyFile(from, to, options) {
    return this.#async(this.#moving('copy', from, to, COPY, options))
  }

  /** @param {string} path @param {ReadStreamOptions | BufferEncoding} [options] */
  createReadStream(path, options) {
    const { base, ...rest } = checked(withEncoding(options), READ_STREAM)
    const fd = this.#gate.openPath(path, { base })
    return streaming(fd, () => createReadStream('', bare({ ...rest, fd, autoClose: true })))
  }

  /** @param {string} path @param {WriteStreamOptions | BufferEncoding} [options] */
  createWriteStream(path, options) {
    const {
      base,
      create = true,
      append = false,
      exclusive = false,
      mode,
      ...rest
    } = checked(withEncoding(options), WRITE_STREAM)
    const flags = { create, append, exclusive, truncate: !append, mode }
    const fd = this.#gate.openPath(path, { intent: 'write', base, ...flags })
    return streaming(fd, () => createWriteStream('', bare({ ...rest, fd, autoClose: true })))
  }

  /**
   * @param {string} path
   * @param {ReadFileOptions | BufferEncoding} [options]
   * @returns {{ start: number, request: FilesRequest, encoding: BufferEncoding | undefined }}
   */
  #reading(path, options) {
    const { encoding, maxBytes: max, ...rest } = checked(withEncoding(options), READ)
    const start = this.#hooks.clock()
    this.#hooks.refuseIllFormed(path, start)
    // What no buffer can hold is refused before it is read.
    const most = max === undefined ? max : Math.min(max, constants.MAX_LENGTH)
    return { start, request: { ...rest, max: most, operation: 'open', path }, encoding }
  }

  /**
   * @param {string} path
   * @param {ReadDirOptions} [options]
   * @returns {Call<ReadDirEntry[]>}
   */
  #listing(path, options) {
    return { ...this.#changing('read_dir', path, READ_DIR, options), finish: entriesOf }
  }

  /**
   * @param {string} operation
   * @param {string} path
   * @param {ReadonlySet<string>} known
   * @param {object} [options]
   * @param {Uint8Array} [data]
   * @returns {Call<void>}
   */
  #changing(operation, path, known, options, data) {
    const { maxEntries, maxBytes = maxEntries, ...rest } = checked(options, known)
    const start = this.#hooks.clock()
    this.#hooks.refuseIllFormed(path, start)
    return { start, request: { ...rest, max: maxBytes, operation, path }, data, finish: nothing }
  }

  /**
   * @param {string} operation
   * @param {string} from
   * @param {string} to
   * @param {ReadonlySet<string>} known
   * @param {object} [options]
   * @returns {Call<void>}
   */
  #moving(operation, from, to, known, options) {
    const call = this.#changing(operation, from, known, options)
    this.#hooks.refuseIllFormed(to, call.start)
    return { ...call, request: { ...call.request, to } }
  }

  /**
   * @template T
   * @param {Call<T>} call
   * @returns {T}
   */
  #sync({ start, request, data, finish }) {
    let answer
    try {
      answer = binding.filesSync(this.#handle, bare(request), data)
    } catch (thrown) {
      throw translated(thrown)
    }
    return finish(this.#done(answer, request.path, start))
  }

  /**
   * @template T
   * @param {Call<T>} call
   * @returns {Promise<T>}
   */
  async #async({ start, request, data, finish }) {
    let answer
    try {
      answer = await binding.filesAsync(this.#handle, bare(request), data)
    } catch (thrown) {
      throw translated(thrown)
    }
    return finish(this.#done(answer, request.path, start))
  }

  /**
   * The answer of what was done; what was not is thrown.
   *
   * @param {FilesAnswer} given
   * @param {string} path
   * @param {number} start
   */
  #done(given, path, start) {
    const answer = bare(given)
    if (answer.flags !== undefined) {
      this.#hooks.flagged(answer.flags, path, start)
    }
    if (answer.refused !== undefined) {
      throw this.#hooks.told(refused(answer.refused), path, start)
    }
    if (answer.failed !== undefined) {
      const [code, message] = answer.failed
      throw new CallgateError(code, message)
    }
    return answer
  }
}

/**
 * A stream that closes the descriptor, which is closed here where there is none.
 *
 * @template T
 * @param {number} fd
 * @param {() => T} make
 * @returns {T}
 */
function streaming(fd, make) {
  try {
    return make()
  } catch {
    closeSync(fd)
    throw inputError('options.start and options.end do not go together')
  }
}

/**
 * @param {Gate} gate
 * @param {GateHandle} handle
 * @param {GateHooks} hooks
 */
function filesOf(gate, handle, hooks) {
  return new Files(MADE_BY_GATE, gate, handle, hooks)
}

module.exports = { filesOf }
