// @ts-check
'use strict'

/** Lines about one kind that are written at once, and how many more each second. */
const BURST = 50
const PER_SECOND = 2
/** The same of all kinds together. */
const ALL_BURST = 200
const ALL_PER_SECOND = 20
/** How long the number of the lines that were left out may wait to be told (milliseconds). */
const SUMMARY = 5000
/** Kinds whose lines are counted apart; there are a few for each rule. */
const MAX_KINDS = 1024

/** So many at once, and so many more each second. */
class Bucket {
  #room
  #most
  #perSecond
  #at

  /**
   * @param {number} most
   * @param {number} perSecond
   * @param {number} now milliseconds
   */
  constructor(most, perSecond, now) {
    this.#room = most
    this.#most = most
    this.#perSecond = perSecond
    this.#at = now
  }

  /** @param {number} now milliseconds */
  has(now) {
    this.#room = Math.min(this.#most, this.#room + ((now - this.#at) / 1000) * this.#perSecond)
    this.#at = now
    return this.#room >= 1
  }

  take() {
    this.#room -= 1
  }
}

/** Bounds the rate of lines, of each kind and of all; how many were left out is told. */
class Rate {
  #now
  #tell
  /** @type {Map<string, { bucket: Bucket, left: number }>} */
  #kinds = new Map()
  #all
  /** @type {NodeJS.Timeout | undefined} */
  #summary

  /**
   * @param {(kind: string, left: number) => void} tell told how many lines of a kind were left out
   * @param {() => number} [now]
   */
  constructor(tell, now = Date.now) {
    this.#tell = tell
    this.#now = now
    this.#all = new Bucket(ALL_BURST, ALL_PER_SECOND, now())
  }

  /**
   * Whether there is room for a line of a kind.
   *
   * @param {string} kind
   */
  admits(kind) {
    const now = this.#now()
    const name = this.#kinds.has(kind) || this.#kinds.size < MAX_KINDS ? kind : 'others'
    const known = this.#kinds.get(name) ?? { bucket: new Bucket(BURST, PER_SECOND, now), left: 0 }
    this.#kinds.set(name, known)
    if (known.bucket.has(now) && this.#all.has(now)) {
      known.bucket.take()
      this.#all.take()
      return true
    }
    known.left += 1
    this.#summary ??= setTimeout(() => this.summarise(), SUMMARY).unref()
    return false
  }

  /** Tells how many lines were left out since it was told last. */
  summarise() {
    clearTimeout(this.#summary)
    this.#summary = undefined
    for (const [kind, known] of this.#kinds) {
      if (known.left > 0) {
        this.#tell(kind, known.left)
        known.left = 0
      }
    }
  }
}

module.exports = { Rate }
