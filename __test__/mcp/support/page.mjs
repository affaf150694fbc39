// The page docs/hostile-input.md.

import { fileURLToPath } from 'node:url'
import { HTTP, STDIO } from './outcomes.mjs'

export const FILE = fileURLToPath(new URL('../../../docs/hostile-input.md', import.meta.url))

const COLUMNS = [...Object.keys(STDIO), ...Object.keys(HTTP)]

/** @param {{ name: string, outcomes: Record<string, [string, string]> }[]} rows */
export function page(rows) {
  const head = ['message', ...COLUMNS]
  const table = (which) =>
    [
      head,
      head.map(() => '---'),
      ...rows.map(({ name, outcomes }) => [name, ...COLUMNS.map((column) => outcomes[column][which])]),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')
  return `# Hostile input

What a hostile client can send, and what servers of the official TypeScript SDKs make of it: first as they are, then
guarded with the default policy. Written by \`node __test__/mcp/support/write-page.mjs\`, which sends each message to real servers
(\`__test__/mcp/support/cases.mjs\` has the messages, \`__test__/mcp/support/server.mjs\` the server); the tests hold
guarded servers to the second table.

"Reaches the handler" is a success of the client, not always of the attack: ordinary calls are in the tables too. "No
answer" leaves the client waiting. "The server ends" ends it for every client. \`2^53+1\` is flagged and not refused.

On stdio, servers of v1 and of v2 (2025-11-25) are guarded with \`guardServer\`, and \`serveStdio\` (2026-07-28) with
\`GuardedStdioServerTransport\` too; over HTTP with \`guardServer\` behind \`guardRequests\` and \`guardFetch\`.

## Unguarded

${table(0)}

## Guarded

${table(1)}
`
}
