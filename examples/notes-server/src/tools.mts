// The policy of the notes server and its tools, for servers of both lines of the SDK.

import { CallgateError, Gate, type Refusal } from 'callgate'
import { z } from 'zod'
import { Notes } from './notes.mjs'

export const INFO = { name: 'notes', version: '1.0.0' }

/** What is done at a path is in no schema, and must be said. */
const LISTED = { '/folder': { kind: 'path', intent: 'list' } } as const

/** A gate for the folder that the command line names. It logs to standard error, the protocol has standard output. */
export function gateFromArguments(): Gate {
  const [root] = process.argv.slice(2)
  if (root === undefined) {
    console.error('usage: node <server> <folder>')
    process.exit(2)
  }
  const gate = new Gate({
    limits: { messageBytes: 1 << 20, stringBytes: 1 << 16 },
    // Relative paths count from the root, which is what `gate.files` makes of them.
    paths: { roots: [root], relative: 'root' },
    // Schemas come from what is registered, and so does the kind of what a description calls the path of a file. That is
    // a guess, which denies only what no honest call holds: a kind that is named here denies whatever is no such path.
    tools: {
      read_note: { arguments: { '/path': { kind: 'path', intent: 'read' } } },
      write_note: { arguments: { '/path': { kind: 'path', intent: 'write' } } },
      list_notes: { arguments: LISTED },
      search_notes: { arguments: LISTED },
    },
  })
  gate.logRefusals({ flags: true })
  return gate
}

type Result = { content: { type: 'text'; text: string }[] } | Refusal

/** The tools, as servers of both lines register them. */
export function toolsFor(gate: Gate) {
  const notes = new Notes(gate.files)

  /** What `gate.files` refuses is told in the shape of every other refusal. */
  async function answered(job: Promise<string>): Promise<Result> {
    try {
      return { content: [{ type: 'text', text: await job }] }
    } catch (error) {
      if (error instanceof CallgateError) {
        return gate.refuse(error)
      }
      throw error
    }
  }

  function tool<Schema extends z.ZodObject>(
    name: string,
    description: string,
    inputSchema: Schema,
    run: (args: z.output<Schema>) => Promise<string>,
  ) {
    const config = { description, inputSchema: inputSchema as z.ZodObject }
    // The SDK hands over what it parsed by this schema.
    return { name, config, handler: (args: unknown) => answered(run(args as z.output<Schema>)) }
  }

  const path = z.string().describe('Path of the file, below the folder of notes')
  const folder = z.string().default('.').describe('Folder, below the folder of notes')

  return [
    tool('read_note', 'Reads a note', z.object({ path }), ({ path }) => notes.read(path)),
    tool('write_note', 'Writes a note', z.object({ path, text: z.string() }), async ({ path, text }) => {
      await notes.write(path, text)
      return 'written'
    }),
    tool('list_notes', 'Lists the notes in a folder', z.object({ folder }), async ({ folder }) =>
      (await notes.list(folder)).join('\n'),
    ),
    tool(
      'search_notes',
      'Names the notes in a folder that hold a text',
      z.object({ query: z.string(), folder, limit: z.number().default(20) }),
      async ({ query, folder, limit }) => (await notes.search(folder, query, limit)).join('\n'),
    ),
  ]
}
