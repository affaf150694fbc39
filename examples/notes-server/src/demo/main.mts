// Drives a server with the SDK's own client and compares every answer with what must come:
//   node demo/main.mjs [server-v1 | server-v2]

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import { type Case, hostile, ordinary } from './cases.mjs'
import { CANARY, Fixture } from './fixture.mjs'
import { ServerProcess } from './server-process.mjs'
import { type Row, Table } from './table.mjs'

const RACE_MILLISECONDS = 1500
/** A call that has no answer after this long has none. */
const PATIENCE_MILLISECONDS = 5000

/** What became of a call. */
interface Outcome {
  action: string
  rule?: string | undefined
  /** From the call to its answer, both ways through the pipes. */
  microseconds?: number
  text: string
}

/** The rule at the end of a refusal: `... (path.blocked)`. */
const REFUSED = /^Refused: .*\(([a-z]+\.[A-Za-z0-9-]+)\)$/

function outcomeOf(answer: unknown): Outcome {
  const { result, error } = answer as {
    result?: { isError?: boolean; content?: { text?: string }[] }
    error?: { data?: { rule?: string }; message: string }
  }
  if (error !== undefined) {
    const rule = error.data?.rule
    return { action: rule === undefined ? 'error' : 'deny', rule, text: error.message }
  }
  const text = result?.content?.map((part) => part.text ?? '').join('\n') ?? ''
  if (result?.isError === true) {
    const rule = REFUSED.exec(text)?.[1]
    return { action: rule === undefined ? 'error' : 'deny', rule, text }
  }
  return { action: 'allow', text }
}

async function answered(client: Client, server: ServerProcess, { call }: Case): Promise<Outcome> {
  if (call instanceof Uint8Array) {
    return outcomeOf(await server.sendRaw(call, PATIENCE_MILLISECONDS))
  }
  try {
    return outcomeOf({
      result: await client.callTool({ name: call.tool, arguments: call.args }, undefined, {
        timeout: PATIENCE_MILLISECONDS,
      }),
    })
  } catch (error) {
    if (error instanceof McpError) {
      return outcomeOf({ error })
    }
    throw error
  }
}

async function call(client: Client, server: ServerProcess, item: Case): Promise<Outcome> {
  const started = performance.now()
  const outcome = await answered(client, server, item)
  return { ...outcome, microseconds: Math.round((performance.now() - started) * 1000) }
}

/** The same, with what the server's log says: only there is a flag, and it must tell what the answer tells. */
async function logged(client: Client, server: ServerProcess, item: Case): Promise<Outcome> {
  const outcome = await call(client, server, item)
  if (item.action === 'allow' || item.late) {
    return outcome
  }
  const { action, rule } = (await server.nextLogged(PATIENCE_MILLISECONDS)) ?? { action: 'nothing' }
  if (outcome.action === 'allow' && action === 'flag') {
    return { ...outcome, action, rule }
  }
  const agrees = action === outcome.action && rule === outcome.rule
  return agrees ? outcome : { ...outcome, action: `${outcome.action}, log: ${action} ${rule ?? ''}` }
}

/** Reads a note again and again while a thread swaps its folder with a link to outside. */
async function race(client: Client, server: ServerProcess, root: string): Promise<Row> {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const swapper = new Worker(new URL('./race.mjs', import.meta.url), { workerData: { root, stop } })
  const counts = { allow: 0, deny: 0, leaked: 0 }
  const attempt: Case = {
    name: 'race',
    action: 'allow',
    call: { tool: 'read_note', args: { path: 'race/secret.md' } },
  }
  let rule = ''
  const end = Date.now() + RACE_MILLISECONDS
  while (Date.now() < end) {
    const outcome = await call(client, server, attempt)
    counts.leaked += Number(outcome.text.includes(CANARY))
    counts[outcome.action === 'allow' ? 'allow' : 'deny']++
    rule = outcome.rule ?? rule
  }
  Atomics.store(stop, 0, 1)
  await once(swapper, 'exit')
  return {
    call: 'a folder swapped with a link while it is read',
    expected: 'nothing from outside',
    verdict: `${counts.allow} allow, ${counts.deny} deny, ${counts.leaked} leaked`,
    rule,
    // Without both answers the two sides never met, and nothing was shown.
    ok: counts.leaked === 0 && counts.allow > 0 && counts.deny > 0,
  }
}

function rowOf({ name, action, rule, answer }: Case, outcome: Outcome): Row {
  return {
    call: name,
    expected: rule === undefined ? action : `${action} ${rule}`,
    verdict: outcome.action,
    rule: outcome.rule ?? '',
    microseconds: outcome.microseconds,
    ok:
      outcome.action === action &&
      outcome.rule === rule &&
      (answer === undefined || outcome.text.includes(answer)),
  }
}

function check(call: string, expected: string, faults: string[]): Row {
  return { call, expected, verdict: faults.join(', ') || 'none', rule: '', ok: faults.length === 0 }
}

/** Files of the demo, other than the root itself, that the server has not closed. */
function heldFiles(server: ServerProcess, { base, root }: Fixture): string[] {
  return server.openFiles().filter((file) => file.startsWith(base) && file !== root)
}

async function run(name: string, fixture: Fixture): Promise<boolean> {
  const table = new Table()
  const server = new ServerProcess(name, fixture.root)
  const client = new Client({ name: 'demo', version: '1.0.0' })
  await client.connect(server)
  for (const item of [...ordinary, ...hostile(fixture.outside)]) {
    table.add(rowOf(item, await logged(client, server, item)))
  }
  const more = server.unread.map(({ action, rule }) => `${action} ${rule}`)
  table.add(check("what else the server's log tells", 'none', more))
  table.add(await race(client, server, fixture.root))
  table.add(check('descriptors that the server still holds', 'none', heldFiles(server, fixture)))
  await client.close()
  const seen = fixture.notesReads()
    ? 'files outside read or changed'
    : 'files outside changed (reads are not noted here)'
  table.add(check(seen, 'none', fixture.changesOutside()))
  const leaks = [CANARY, fixture.root].filter((secret) => server.output.includes(secret))
  table.add(check('canary or host path in output and log', 'none', leaks))
  table.print()
  return table.ok
}

const [name = 'server-v1'] = process.argv.slice(2)
const fixture = new Fixture()
try {
  process.exitCode = (await run(name, fixture)) ? 0 : 1
} finally {
  fixture.remove()
}
