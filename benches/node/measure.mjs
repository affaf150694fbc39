// Times several ways of doing one job against each other.

const ROUNDS = 31
const ROUND_MILLISECONDS = 5

/**
 * @typedef {object} Way
 * @property {(index: number) => unknown} job one call; the index rotates the inputs
 * @property {boolean} [async] whether each call is awaited
 */

/**
 * Nanoseconds a call for each way, of each of the rounds in which the ways take turns.
 *
 * @template {string} Name
 * @param {Record<Name, Way>} ways
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function compare(ways) {
  const entries = /** @type {[Name, Way][]} */ (Object.entries(ways))
  const runs = []
  for (const [name, way] of entries) {
    runs.push({ name, way, calls: await callsPerRound(way), times: [] })
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const run of runs) {
      run.times.push((await time(run.way, run.calls)) / run.calls)
    }
  }
  return /** @type {Record<Name, number[]>} */ (
    Object.fromEntries(runs.map(({ name, times }) => [name, times]))
  )
}

/**
 * The median over the rounds of one way's time divided by another's in the same round: what else the machine
 * does falls on both.
 *
 * @param {number[]} times
 * @param {number[]} others
 */
export function ratioOf(times, others) {
  return median(times.map((time, round) => time / others[round]))
}

/** Also warms the code up. */
async function callsPerRound(way) {
  for (let calls = 1; ; calls *= 2) {
    const elapsed = await time(way, calls)
    if (elapsed > (ROUND_MILLISECONDS / 2) * 1e6) {
      return Math.max(1, Math.round((calls * ROUND_MILLISECONDS * 1e6) / elapsed))
    }
  }
}

/** Nanoseconds of so many calls. */
async function time({ job, async: awaited }, calls) {
  const start = process.hrtime.bigint()
  if (awaited) {
    for (let index = 0; index < calls; index++) {
      await job(index)
    }
  } else {
    for (let index = 0; index < calls; index++) {
      job(index)
    }
  }
  return Number(process.hrtime.bigint() - start)
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
