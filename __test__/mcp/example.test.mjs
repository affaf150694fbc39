// The guarded notes servers of both lines, with the SDKs' own clients over stdio.

import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Client as Client2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { temporaryFolder } from '../support/temporary.mjs'

const DIST = join(import.meta.dirname, '../../examples/notes-server/dist')

for (const [server, Client, Stdio] of [
  ['guarded-v1.mjs', Client1, Stdio1],
  ['guarded-v2.mjs', Client1, Stdio1],
  ['guarded-v2.mjs', Client2, Stdio2],
]) {
  describe(`${server} with the client of ${Client === Client1 ? 'v1' : 'v2'}`, () => {
    const root = temporaryFolder({ after })
    writeFileSync(join(root, 'todo.md'), 'milk')
    writeFileSync(join(root, '.env'), 'A=1')
    symlinkSync('/etc/passwd', join(root, 'out.md'))

    it('serves what is ordinary and refuses the rest', async () => {
      const client = new Client({ name: 'test', version: '1.0.0' })
      const args = [join(DIST, server), root]
      await client.connect(new Stdio({ command: process.execPath, args, stderr: 'ignore' }))
      const { tools } = await client.listTools()
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['read_note', 'write_note'],
      )
      for (const [name, given, expected] of [
        ['read_note', { file_path: 'todo.md' }, /^milk$/],
        ['write_note', { file_path: 'new.md', text: 'bread' }, /^written$/],
        ['read_note', { file_path: 'new.md' }, /^bread$/],
        ['read_note', { file_path: '../todo.md' }, /path\.traversal/],
        ['read_note', { file_path: 'out.md' }, /path\.symlink/],
        ['read_note', { file_path: '.env' }, /path\.blocked/],
        ['write_note', { file_path: '.git/hooks/pre-commit', text: 'x' }, /path\.blocked/],
        ['write_note', { file_path: 'x.md' }, /schema\.required/],
        ['read_note', { file_path: 'none.md' }, /path\.missing/],
      ]) {
        const { content, isError = false } = await client.callTool({ name, arguments: given })
        assert.match(content[0].text, expected)
        assert.equal(isError, expected.source.includes('\\.'), expected.source)
      }
      assert.equal(readFileSync(join(root, 'new.md'), 'utf8'), 'bread')
      await client.close()
    })
  })
}
