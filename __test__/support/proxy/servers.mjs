// Real servers: how they are started, what is an ordinary call, and what they let through.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nested } from '../callgate.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const installed = (name, script = 'dist/index.js') => [
  process.execPath,
  join(ROOT, 'node_modules', '@modelcontextprotocol', name, script),
]
const python = (name) => join(ROOT, 'target', 'python-servers', 'bin', name)

/**
 * A folder with what a server of files is not to hand out.
 *
 * @param {string} temp
 */
export function furnished(temp) {
  const root = join(temp, 'root')
  mkdirSync(join(root, '.git', 'hooks'), { recursive: true })
  mkdirSync(join(temp, 'outside'))
  writeFileSync(join(temp, 'outside', 'secret.txt'), 'outside')
  writeFileSync(join(root, 'a.txt'), 'inside\n')
  writeFileSync(join(root, '.env'), 'TOKEN=1\n')
  writeFileSync(join(root, 'id_rsa'), 'a key\n')
  linkSync(join(temp, 'outside', 'secret.txt'), join(root, 'linked.txt'))
  symlinkSync('../outside', join(root, 'escape'))
  return root
}

/** @param {string} folder */
function repository(folder) {
  const git = (...args) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' })
  mkdirSync(folder)
  git('init', '-q')
  writeFileSync(join(folder, 'a.txt'), 'a\n')
  git('add', 'a.txt')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'first')
  return folder
}

/**
 * @typedef {object} Server
 * @property {string} name
 * @property {number} tools how many it has
 * @property {string[]} command
 * @property {[tool: string, args: object, rule?: string][]} ordinary calls; with the rule of a guard in the server, where the
 *   server itself refuses them by the tool's schema
 * @property {object} policy under which the hostile calls are refused, and the ordinary ones are not
 * @property {[name: string, tool: string, args: object, rule: string][]} hostile calls
 * @property {(session: number) => Record<string, string>} [env] so that sessions share nothing
 * @property {string} [missing] why it cannot be started
 */

/**
 * @param {string} temp a folder of their own
 * @returns {Server[]}
 */
export function servers(temp) {
  const files = furnished(join(temp, 'files-of'))
  const inFiles = (name) => join(files, name)
  const hasPython = existsSync(python('mcp-server-git'))
  const missing = hasPython ? undefined : 'the servers in Python are not there: scripts/servers.sh'
  const repo = hasPython ? repository(join(temp, 'repo')) : temp
  const paths = (...pointers) => ({
    arguments: Object.fromEntries(pointers.map((pointer) => [pointer, { kind: 'path' }])),
  })
  return [
    {
      name: 'server-filesystem',
      tools: 14,
      command: [...installed('server-filesystem'), files],
      policy: { extends: ['callgate:filesystem'], paths: { roots: [files] } },
      ordinary: [
        ['read_text_file', { path: inFiles('a.txt') }],
        ['list_directory', { path: files }],
        ['get_file_info', { path: inFiles('a.txt') }],
        ['write_file', { path: inFiles('b.txt'), content: 'é "quoted" \u2028 text' }],
        ['read_text_file', { path: inFiles('missing.txt') }],
        ['no_such_tool', {}],
      ],
      hostile: [
        ['.env', 'read_text_file', { path: inFiles('.env') }, 'path.blocked'],
        ['.ENV', 'read_text_file', { path: inFiles('.ENV') }, 'path.blocked'],
        ['a private key', 'read_text_file', { path: inFiles('id_rsa') }, 'path.blocked'],
        [
          'among others',
          'read_multiple_files',
          { paths: [inFiles('a.txt'), inFiles('.env')] },
          'path.blocked',
        ],
        ['a hook', 'write_file', { path: inFiles('.git/hooks/pre-commit'), content: '#!' }, 'path.blocked'],
        ['the configuration of git', 'read_text_file', { path: inFiles('.git/config') }, 'path.blocked'],
        ['a hard link', 'write_file', { path: inFiles('linked.txt'), content: 'x' }, 'path.hard-link'],
        [
          'an edit through a hard link',
          'edit_file',
          { path: inFiles('linked.txt'), edits: [] },
          'path.hard-link',
        ],
        ['a symbolic link', 'read_text_file', { path: inFiles('escape/secret.txt') }, 'path.symlink'],
        ['outside', 'read_text_file', { path: '/etc/passwd' }, 'path.outside-root'],
        ['climbing', 'read_text_file', { path: `${files}/../outside/secret.txt` }, 'path.traversal'],
        ['a device name', 'write_file', { path: inFiles('CON'), content: 'x' }, 'path.name'],
        ['a stream', 'write_file', { path: inFiles('f.txt::$DATA'), content: 'x' }, 'path.name'],
        [
          'a direction override',
          'write_file',
          { path: inFiles('a\u202etxt.exe'), content: 'x' },
          'path.name',
        ],
        ['NUL', 'read_text_file', { path: inFiles('a.txt\0') }, 'path.nul'],
        ['moving .env', 'move_file', { source: inFiles('.env'), destination: inFiles('e') }, 'path.blocked'],
      ],
    },
    {
      name: 'server-everything',
      tools: 13,
      command: installed('server-everything'),
      policy: {
        tools: { echo: { arguments: { '/message': { kind: 'word' } } } },
        access: { tools: { deny: ['get-env'] } },
      },
      ordinary: [
        ['echo', { message: 'hello' }],
        ['get-sum', { a: 1, b: 2 }],
        ['get-tiny-image', {}],
        ['get-structured-content', { location: 'Chicago' }],
        ['get-resource-links', { count: 3 }],
        ['echo', { wrong: 1 }, 'schema.required'],
      ],
      hostile: [
        ['a denied tool', 'get-env', {}, 'access.denied'],
        ['a word that is none', 'echo', { message: '; rm -rf /' }, 'injection.shell'],
      ],
    },
    {
      name: 'server-memory',
      tools: 9,
      command: installed('server-memory'),
      env: (session) => ({ MEMORY_FILE_PATH: join(temp, `memory-${session}.jsonl`) }),
      policy: {
        limits: { elements: 100 },
        access: { server: 'memory', tools: { deny: ['memory/delete_*'] } },
      },
      ordinary: [
        ['read_graph', {}],
        ['create_entities', { entities: [{ name: 'a', entityType: 't', observations: ['one'] }] }],
        ['search_nodes', { query: 'a' }],
      ],
      hostile: [
        ['a denied tool, by its identity', 'delete_entities', { entityNames: ['a'] }, 'access.denied'],
        ['too many elements', 'create_entities', { entities: new Array(101).fill({}) }, 'limit.elements'],
      ],
    },
    {
      name: 'server-sequential-thinking',
      tools: 1,
      command: installed('server-sequential-thinking'),
      policy: { tools: { '*': { limits: { stringBytes: 1000 } } } },
      ordinary: [
        [
          'sequentialthinking',
          { thought: 'one', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 },
        ],
        [
          'sequentialthinking',
          { thought: 'two', nextThoughtNeeded: false, thoughtNumber: 2, totalThoughts: 2 },
        ],
      ],
      hostile: [['a long thought', 'sequentialthinking', { thought: 'x'.repeat(1001) }, 'limit.string']],
    },
    {
      name: 'mcp-server-git',
      tools: 12,
      missing,
      command: [python('mcp-server-git')],
      policy: {
        paths: { roots: [temp] },
        tools: {
          '*': { arguments: { '/repo_path': { kind: 'path' } } },
          git_diff: { arguments: { '/target': { kind: 'word' } } },
          git_checkout: { arguments: { '/branch_name': { kind: 'word' } } },
          git_add: paths('/repo_path'),
        },
      },
      ordinary: [
        ['git_status', { repo_path: repo }],
        ['git_log', { repo_path: repo, max_count: 1 }],
        ['git_branch', { repo_path: repo, branch_type: 'local' }],
      ],
      hostile: [
        ['a repository elsewhere', 'git_status', { repo_path: '/etc' }, 'path.outside-root'],
        [
          'an option for a revision',
          'git_diff',
          { repo_path: repo, target: '--output=/tmp/x' },
          'injection.argument',
        ],
        [
          'a command in a branch',
          'git_checkout',
          { repo_path: repo, branch_name: 'a; id' },
          'injection.shell',
        ],
      ],
    },
    {
      name: 'mcp-server-time',
      tools: 2,
      missing,
      command: [python('mcp-server-time')],
      policy: { tools: { '*': { limits: { stringBytes: 64 } } } },
      ordinary: [
        ['convert_time', { source_timezone: 'Europe/Paris', time: '12:00', target_timezone: 'Asia/Tokyo' }],
        ['get_current_time', { timezone: 'Nowhere/At_all' }],
      ],
      hostile: [['a long zone', 'get_current_time', { timezone: 'x'.repeat(65) }, 'limit.string']],
    },
  ]
}

/** Lines that no server is to see, whatever it is, the code of the answer, and its id where that is not 7 or null. */
const NO_MESSAGES = [
  ['no JSON', '{"jsonrpc":', -32700],
  ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), -32700],
  ['a batch', '[{"jsonrpc":"2.0","id":7,"method":"ping"}]', -32600],
  ['a number', '7', -32600],
  ['another version', '{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600],
  ['no version', '{"id":7,"method":"ping"}', -32600],
  ['an id that is a list', '{"jsonrpc":"2.0","id":[7],"method":"ping"}', -32600],
  // Echoed as it was written, so that who asked hears of it.
  ['an id that is no integer', '{"jsonrpc":"2.0","id":7.5,"method":"ping"}', -32600, 7.5],
  ['a method that is a number', '{"jsonrpc":"2.0","id":7,"method":7}', -32600],
  ['neither asks nor answers', '{"jsonrpc":"2.0","id":7}', -32600],
  [
    'arguments that are a list',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":[]}}',
    -32602,
  ],
  [
    'a tool without a name',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{}}}',
    -32602,
  ],
  [
    'a member twice',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","name":"y"}}',
    -32010,
  ],
  [
    'a key twice',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":1,"a":2}}}',
    -32010,
  ],
  [
    '__proto__',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"__proto__":{}}}}',
    -32010,
  ],
  [
    'half a surrogate pair',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":"\\ud800"}}}',
    -32010,
  ],
  [
    'a number beyond doubles',
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":1e999}}}',
    -32010,
  ],
  [
    'nested 200,000 deep',
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":${nested('[', 200_000, ']')}}}}`,
    -32011,
  ],
  [
    'a line of 17 MB, its id at the end',
    `{"method":"tools/call","params":{"name":"x","arguments":{"a":"${'x'.repeat(17 << 20)}"}},"jsonrpc":"2.0","id":7}`,
    -32011,
  ],
]

/**
 * Whether the policy of a server hides a tool of it.
 *
 * @param {Server} server
 * @param {string} tool
 */
export function isDenied({ policy }, tool) {
  const denied = policy.access?.tools?.deny ?? []
  return denied.some(
    (pattern) => pattern === tool || (pattern.endsWith('/delete_*') && tool.startsWith('delete_')),
  )
}

/**
 * Asserts that a call was refused by a rule, in the shape that its kind of rule has.
 *
 * @param {{ result?: any, error?: any }} answer
 * @param {string} rule
 * @param {string} what
 */
export function assertRefused({ result, error }, rule, what) {
  const structural = /^(json|limit|rpc|access)\./.test(rule)
  assert.equal(structural ? error?.data.rule : result?.isError, structural ? rule : true, what)
  assert.ok(
    (error?.message ?? result.content[0].text).includes(`(${rule}`),
    `${what}: ${JSON.stringify(result ?? error)}`,
  )
}

/**
 * Asserts that a client is told what is wrong with each line that is no message, and that the server lives on.
 *
 * @param {import('./client.mjs').Client} client
 */
export async function assertNoMessagePasses(client) {
  for (const [what, line, code, echoed] of NO_MESSAGES) {
    const answered = client.nextAnswer()
    client.raw(line)
    client.raw('\n')
    const { id, error } = await answered
    assert.equal(error?.code, code, what)
    assert.ok(echoed === undefined ? id === 7 || id === null : id === echoed, what)
    assert.deepEqual((await client.ask('ping')).result, {}, `alive after ${what}`)
  }
}
