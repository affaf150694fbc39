// What the guarded servers of both lines share.

import { CallgateError, type Gate, type Policy } from 'callgate'

/** Kinds and schemas come from what is registered; only what is done at a path must be said. */
export function policyFor(root: string): Policy {
  return {
    paths: { roots: [root] },
    tools: { write_note: { arguments: { '/file_path': { kind: 'path', intent: 'write' } } } },
  }
}

export function rootFromArguments(): string {
  const [root] = process.argv.slice(2)
  if (root === undefined) {
    console.error('usage: node <server> <folder>')
    process.exit(2)
  }
  return root
}

/** The result of a handler; what `gate.files` refuses is told in the shape of every other refusal. */
export async function answered(gate: Gate, job: () => Promise<string>) {
  try {
    return { content: [{ type: 'text' as const, text: await job() }] }
  } catch (error) {
    if (error instanceof CallgateError) return gate.refuse(error)
    throw error
  }
}
