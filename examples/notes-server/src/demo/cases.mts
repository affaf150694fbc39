// The calls of the demo, and what must become of each.

import type { RuleId } from 'callgate'

export interface Case {
  readonly name: string
  readonly call: ToolCall | Uint8Array
  /** The rule that refuses or flags it; a call without one is allowed. */
  readonly rule?: RuleId
  readonly action: 'allow' | 'flag' | 'deny'
  /** Whether the file operation refuses it, and not the guard before the handler. */
  readonly late?: boolean
  /** Text that the answer must hold. */
  readonly answer?: string
}

export interface ToolCall {
  readonly tool: string
  readonly args: Record<string, unknown>
}

const read = (path: string): ToolCall => ({ tool: 'read_note', args: { path } })
const write = (path: string, text = 'text'): ToolCall => ({ tool: 'write_note', args: { path, text } })
const list = (folder?: string): ToolCall => ({
  tool: 'list_notes',
  args: folder === undefined ? {} : { folder },
})
const search = (args: Record<string, unknown>): ToolCall => ({ tool: 'search_notes', args })

const allowed = (name: string, call: Case['call'], answer: string): Case => ({
  name,
  call,
  action: 'allow',
  answer,
})
const denied = (rule: RuleId, name: string, call: Case['call']): Case => ({
  name,
  call,
  action: 'deny',
  rule,
})

/** A call whose arguments are these bytes, which no client would write. */
function raw(tool: string, args: string | Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":"raw","method":"tools/call","params":{"name":"${tool}","arguments":`),
    typeof args === 'string' ? Buffer.from(args) : args,
    Buffer.from('}}'),
  ])
}

export const ordinary: readonly Case[] = [
  allowed('list all notes', list(), 'todo.md'),
  allowed('list a folder', list('ideas'), '2024.md'),
  allowed('read a note', read('todo.md'), 'buy milk'),
  allowed('read in a folder', read('ideas/2024.md'), 'a gate'),
  allowed('read ./todo.md', read('./todo.md'), 'buy milk'),
  allowed('".." that stays inside', read('ideas/../todo.md'), 'buy milk'),
  allowed('a link that stays inside', read('also-todo.md'), 'buy milk'),
  allowed('two dots in a name', read('a..b.md'), 'two dots'),
  allowed('a name beyond ASCII', read('naïve.md'), 'not only ASCII'),
  allowed('a percent sign in a name', read('%41.md'), 'a percent sign'),
  allowed('.env.example', read('.env.example'), 'TOKEN='),
  allowed('write a new note', write('new.md', 'first'), 'written'),
  allowed('write over it', write('new.md', 'second'), 'written'),
  allowed('read it back', read('new.md'), 'second'),
  allowed('write below .github', write('.github/notes.md'), 'written'),
  allowed('search', search({ query: 'milk' }), 'todo.md'),
  allowed('search in a folder', search({ query: 'gate', folder: 'ideas' }), '2024.md'),
  {
    name: 'an integer beyond 2^53-1',
    call: raw('search_notes', '{"query":"milk","limit":9007199254740993}'),
    action: 'flag',
    rule: 'json.number-range',
    answer: 'todo.md',
  },
]

export function hostile(outside: string): readonly Case[] {
  return [
    denied('path.traversal', 'climb out', read('../outside/secret.md')),
    denied('path.traversal', 'climb out of a folder', list('ideas/../../outside')),
    denied('path.outside-root', 'an absolute path', read(`${outside}/secret.md`)),
    denied('path.symlink', 'through a linked folder', read('escape/secret.md')),
    denied('path.symlink', 'through a linked file', read('escape.md')),
    denied('path.symlink', 'list a linked folder', list('escape')),
    denied('path.symlink', 'write through a dangling link', write('dangling.md')),
    denied('path.blocked', 'read .env', read('.env')),
    denied('path.blocked', 'read .ENV', read('.ENV')),
    denied('path.blocked', 'read a private key', read('id_rsa')),
    denied('path.blocked', 'write .git/hooks/pre-commit', write('.git/hooks/pre-commit')),
    denied('path.encoded', 'percent-encoded', read('%2e%2e%2foutside%2fsecret.md')),
    denied('path.encoded', 'survives a filter', read('....//outside/secret.md')),
    denied('path.nul', 'NUL', read('todo.md\0.png')),
    denied('path.name', 'a stream', read('todo.md::$DATA')),
    denied('path.name', 'a device name', write('CON')),
    denied('path.name', 'a direction override', write('notes\u202edm.exe')),
    denied('path.length', 'an over-long path', read('a/'.repeat(4000))),
    denied('path.special-file', 'a FIFO', read('pipe')),
    denied('path.hard-link', 'write to a hard link', write('linked.md')),
    { ...denied('path.missing', 'no such note', read('missing.md')), late: true },
    denied('limit.string', 'a huge string', write('huge.md', 'x'.repeat(70_000))),
    denied(
      'limit.bytes',
      'a huge message',
      raw('write_note', `{"path":"huge.md","text":"${'x'.repeat(2 << 20)}"}`),
    ),
    denied('limit.depth', 'nested deeply', raw('read_note', '['.repeat(20_000) + ']'.repeat(20_000))),
    denied('json.duplicate-key', 'a key twice', raw('read_note', '{"path":"todo.md","path":"other.md"}')),
    denied('json.duplicate-key', 'a key twice, escaped', raw('read_note', '{"path":"a","p\\u0061th":"b"}')),
    denied(
      'json.prototype-key',
      '__proto__',
      raw('read_note', '{"path":"todo.md","__proto__":{"admin":true}}'),
    ),
    denied(
      'json.number-range',
      'a number beyond doubles',
      raw('search_notes', '{"query":"x","limit":1e999}'),
    ),
    denied('json.surrogate', 'half a surrogate pair', raw('read_note', '{"path":"\\ud800.md"}')),
    denied(
      'json.utf8',
      'bytes that are not UTF-8',
      raw('read_note', Buffer.from('{"path":"\xff.md"}', 'latin1')),
    ),
    denied('json.syntax', 'not JSON', raw('read_note', '{path:"todo.md"}')),
  ]
}
