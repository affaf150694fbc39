// A server of the second line of the official SDK, for captured sessions.

import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' }, { instructions: 'Keeps notes.' })
  const inputSchema = z.object({
    text: z.string().describe('The text of the note.'),
    count: z.number().optional(),
  })
  server.registerTool('note', { description: 'Keeps a note.', inputSchema }, ({ text, count = 1 }) => ({
    content: [{ type: 'text', text: `${text} `.repeat(count) }],
  }))
  server.registerPrompt('greet', { description: 'Greets.' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello.' } }],
  }))
  return server
})
