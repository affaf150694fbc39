// An MCP server of notes on stdio: node server.mjs <folder>

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { CallgateError, type Finding, Gate } from 'callgate'
import { z } from 'zod'
import { GuardedStdin } from './guarded-stdin.mjs'
import { Notes } from './notes.mjs'

const MAX_MESSAGE_BYTES = 1 << 20

const [root] = process.argv.slice(2)
if (root === undefined) {
  console.error('usage: node server.mjs <folder>')
  process.exit(2)
}

const path = { kind: 'path' } as const
const gate = new Gate({
  limits: { messageBytes: MAX_MESSAGE_BYTES, stringBytes: 1 << 16 },
  paths: { roots: [root] },
  tools: {
    read_note: { arguments: { '/path': path } },
    write_note: { arguments: { '/path': { ...path, intent: 'write' } } },
    list_notes: { arguments: { '/folder': { ...path, intent: 'list' } } },
    search_notes: { arguments: { '/folder': { ...path, intent: 'list' } } },
  },
})
const notes = new Notes(gate.files)

/** Runs `job` when the gate allows the call; a refusal is an answer that tells why. */
async function guarded(tool: string, args: object, job: () => Promise<string>): Promise<CallToolResult> {
  const started = performance.now()
  const report = (action: string, finding: Finding | undefined) => ({
    _meta: { callgate: { action, rule: finding?.rule, microseconds: microsecondsSince(started) } },
  })
  const verdict = gate.audit(tool, args)
  const [finding] = verdict.findings
  if (verdict.action === 'deny') {
    return {
      ...text(verdict.findings.map(({ message }) => message).join('\n')),
      isError: true,
      ...report('deny', finding),
    }
  }
  try {
    const result = text(await job())
    return { ...result, ...report(verdict.action, finding) }
  } catch (error) {
    if (error instanceof CallgateError) {
      return { ...text(error.message), isError: true, ...report('deny', error.finding) }
    }
    throw error
  }
}

function text(content: string): CallToolResult {
  return { content: [{ type: 'text', text: content }] }
}

function microsecondsSince(started: number): number {
  return Math.round((performance.now() - started) * 1000)
}

const server = new McpServer({ name: 'notes', version: '1.0.0' })

server.registerTool('read_note', { description: 'Reads a note', inputSchema: { path: z.string() } }, (args) =>
  guarded('read_note', args, () => notes.read(args.path)),
)

server.registerTool(
  'write_note',
  { description: 'Writes a note', inputSchema: { path: z.string(), text: z.string() } },
  (args) =>
    guarded('write_note', args, async () => {
      await notes.write(args.path, args.text)
      return 'written'
    }),
)

server.registerTool(
  'list_notes',
  { description: 'Lists the notes in a folder', inputSchema: { folder: z.string().default('.') } },
  (args) => guarded('list_notes', args, async () => (await notes.list(args.folder)).join('\n')),
)

server.registerTool(
  'search_notes',
  {
    description: 'Names the notes in a folder that hold a text',
    inputSchema: { query: z.string(), folder: z.string().default('.'), limit: z.number().default(20) },
  },
  (args) =>
    guarded('search_notes', args, async () =>
      (await notes.search(args.folder, args.query, args.limit)).join('\n'),
    ),
)

const input = new GuardedStdin(gate, MAX_MESSAGE_BYTES, (line) => process.stdout.write(`${line}\n`))
await server.connect(new StdioServerTransport(process.stdin.pipe(input), process.stdout))
