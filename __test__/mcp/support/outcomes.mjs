// What each server makes of a case, in a few words.

import { setTimeout } from 'node:timers/promises'
import { Gate } from '../../../index.mjs'
import { told } from './cases.mjs'
import { SERVERS } from './http.mjs'
import { bytesOf, Session } from './session.mjs'

/** Who has not answered by then does not (milliseconds). */
const PATIENCE = 10_000

/** The columns of the page, in their order. */
export const STDIO = {
  'v1 stdio': ['v1', 'guard'],
  'v2 stdio': ['v2', 'guard'],
  'v2 stdio, 2026-07-28': ['modern', 'transport'],
}
export const HTTP = { 'v1 HTTP': 'v1 behind guardRequests', 'v2 HTTP': 'v2 behind guardFetch' }

/** @param {any[]} answers @param {boolean} alive */
export function summed(answers, alive) {
  const outcomes = answers.map((answer) => {
    const outcome = told(answer)
    if (outcome.includes('[REDACTED]')) {
      return 'a clean result'
    }
    return outcome.startsWith('result') ? 'reaches the handler' : outcome
  })
  return outcomes.length === 0 ? (alive ? 'no answer' : 'the server ends') : [...new Set(outcomes)].join(', ')
}

/** @type {Map<string, Session>} */
const sessions = new Map()

/** @param {any} row @param {'v1' | 'v2' | 'modern'} line @param {string} guard */
export async function onStdio(row, line, guard) {
  const key = `${line} ${guard}`
  let session = sessions.get(key)
  if (session === undefined || session.ended) {
    session = await new Session(line, guard).open()
    sessions.set(key, session)
  }
  const { alive, answers } = await session.answers(bytesOf(row, session.wire))
  return summed(answers, alive)
}

/** @param {any} row @param {string} name @param {boolean} guarded */
export async function onHttp(row, name, guarded) {
  if (row.stdioOnly) {
    return '-'
  }
  const server = await SERVERS[name](guarded ? new Gate() : undefined)
  try {
    const asked = server.ask(Buffer.from(row.send(server.wire)))
    asked.catch(() => {})
    const answered = await Promise.race([asked, setTimeout(PATIENCE, undefined)])
    if (answered === undefined) {
      return summed([], true)
    }
    const { status, answer } = answered
    return answer === undefined ? `status ${status}` : summed([answer], true)
  } finally {
    server.close()
  }
}

/** Outcomes by column: unguarded, and guarded. */
export async function outcomeOf(row) {
  const outcomes = {}
  for (const [column, [line, guard]] of Object.entries(STDIO)) {
    outcomes[column] = [await onStdio(row, line, 'none'), await onStdio(row, line, guard)]
  }
  for (const [column, name] of Object.entries(HTTP)) {
    outcomes[column] = [await onHttp(row, name, false), await onHttp(row, name, true)]
  }
  return outcomes
}

export async function closeAll() {
  await Promise.all([...sessions.values()].map((session) => session.close()))
  sessions.clear()
}
