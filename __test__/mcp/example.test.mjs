// The notes servers of both lines, with the SDKs' own clients over stdio.

import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Client as Client2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { temporaryFolder } from '../support/temporary.mjs'

/** What the SDKs themselves say of arguments that do not match. */
const OWN = 'Input validation error|Invalid'
const DIST = join(import.meta.dirname, '../../examples/notes-server/dist')

for (const [server, Client, Stdio] of [
  ['server-v1.mjs', Client1, Stdio1],
  ['server-v2.mjs', Client1, Stdio1],
  ['server-v2.mjs', Client2, Stdio2],
]) {
  describe(`${server} with the client of ${Client === Client1 ? 'v1' : 'v2'}`, () => {
    const root = temporaryFolder({ after })
    writeFileSync(join(root, 'todo.md'), 'milk')
    writeFileSync(join(root, '.env'), 'A=1')
    symlinkSync('/etc/passwd', join(root, 'out.md'))

    it('serves what is ordinary and refuses the rest', async (t) => {
      const client = new Client({ name: 'test', version: '1.0.0' })
      t.after(() => client.close())
      const args = [join(DIST, server), root]
      await client.connect(new Stdio({ command: process.execPath, args, stderr: 'ignore' }))
      const { tools } = await client.listTools()
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['read_note', 'write_note', 'list_notes', 'search_notes'],
      )
      /** A pattern of what is answered, or the rule that refuses. */
      for (const [name, given, expected] of [
        ['read_note', { path: 'todo.md' }, /^milk$/],
        ['write_note', { path: 'new.md', text: 'bread' }, /^written$/],
        ['read_note', { path: 'new.md' }, /^bread$/],
        ['read_note', { path: '../todo.md' }, 'path.traversal'],
        ['read_note', { path: 'out.md' }, 'path.symlink'],
        ['read_note', { path: '.env' }, 'path.blocked'],
        ['write_note', { path: '.git/hooks/pre-commit', text: 'x' }, 'path.blocked'],
        ['write_note', { path: 'x.md' }, OWN],
        ['read_note', { path: 'none.md' }, 'path.missing'],
        ['list_notes', {}, /^\.env\nnew\.md\nout\.md\ntodo\.md$/],
        ['list_notes', { folder: '..' }, 'path.traversal'],
        ['search_notes', { query: 'bread' }, /^new\.md$/],
        ['search_notes', { query: 'bread', limit: 'many' }, OWN],
      ]) {
        const { content, isError = false } = await client.callTool({ name, arguments: given })
        const isRefused = typeof expected === 'string'
        const refused = expected === OWN ? new RegExp(OWN) : new RegExp(`^Refused: .*\\(${expected}\\b`)
        assert.match(content[0].text, isRefused ? refused : expected)
        assert.equal(isError, isRefused, expected)
      }
      assert.equal(readFileSync(join(root, 'new.md'), 'utf8'), 'bread')
    })
  })
}
