// The real server of files, alone and behind `callgate proxy`: what it hands out, and what is refused then. The policy
// is what `callgate init` writes for it, with its guesses confirmed.

import { spawn, spawnSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const MAIN = path('../../js/cli/main.js')
const SERVER = path('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js')

/** @param {string} temp */
function furnished(temp) {
  const root = join(temp, 'project')
  mkdirSync(join(root, '.git', 'hooks'), { recursive: true })
  mkdirSync(join(temp, 'elsewhere'))
  writeFileSync(join(temp, 'elsewhere', 'accounts.txt'), 'somebody else')
  writeFileSync(join(root, 'readme.md'), 'a project')
  writeFileSync(join(root, '.env'), 'TOKEN=1')
  writeFileSync(join(root, '.git', 'config'), '[remote]')
  linkSync(join(temp, 'elsewhere', 'accounts.txt'), join(root, 'accounts.txt'))
  symlinkSync('../elsewhere', join(root, 'elsewhere'))
  return root
}

/**
 * Calls, whether the server alone answers them without an error, and the rule that refuses them behind the proxy.
 *
 * @param {string} root
 * @returns {[what: string, tool: string, args: object, alone: boolean, rule: string | undefined][]}
 */
function calls(root) {
  const at = (name) => join(root, name)
  return [
    ['read a file', 'read_text_file', { path: at('readme.md') }, true, undefined],
    ['list the folder', 'list_directory', { path: root }, true, undefined],
    ['write a file', 'write_file', { path: at('new.md'), content: 'new' }, true, undefined],
    ['read .env', 'read_text_file', { path: at('.env') }, true, 'path.blocked'],
    ['read .git/config', 'read_text_file', { path: at('.git/config') }, true, 'path.blocked'],
    [
      'write a hook of git',
      'write_file',
      { path: at('.git/hooks/pre-commit'), content: '#!' },
      true,
      'path.blocked',
    ],
    [
      'write to a hard link',
      'write_file',
      { path: at('accounts.txt'), content: 'mine' },
      true,
      'path.hard-link',
    ],
    ['write CON', 'write_file', { path: at('CON'), content: 'x' }, true, 'path.name'],
    ['write f.txt::$DATA', 'write_file', { path: at('f.txt::$DATA'), content: 'x' }, true, 'path.name'],
    [
      'write a name that reads backwards',
      'write_file',
      { path: at('a\u202edm.exe'), content: 'x' },
      true,
      'path.name',
    ],
    [
      'through a linked folder',
      'read_text_file',
      { path: at('elsewhere/accounts.txt') },
      false,
      'path.symlink',
    ],
    ['climb out', 'read_text_file', { path: `${root}/../elsewhere/accounts.txt` }, false, 'path.traversal'],
  ]
}

/**
 * What comes of calls.
 *
 * @param {string[]} command
 * @param {[string, string, object, ...unknown[]][]} list
 */
async function outcomes([program, ...args], list) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let id = 0
  const ask = async (method, params) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })}\n`)
    for (;;) {
      const { value, done } = await lines.next()
      const message = done ? { id, result: { isError: true } } : JSON.parse(value)
      if (message.id === id) {
        return message
      }
    }
  }
  const clientInfo = { name: 'demo', version: '1' }
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
  const found = []
  for (const [, tool, args] of list) {
    const { result, error } = await ask('tools/call', { name: tool, arguments: args })
    const text = error?.message ?? result.content?.[0]?.text ?? ''
    found.push({
      allowed: error === undefined && result.isError !== true,
      rule: /\((path\.[a-z-]+)/.exec(text)?.[1],
    })
  }
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.stdin.end()
  await closed
  return found
}

/** A text that a terminal shows as it is. */
const row = (cells) => cells.map((cell, index) => cell.padEnd([36, 10, 24][index] ?? 0)).join(' ')

const temp = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-demo-')))
try {
  const command = (name) => [process.execPath, SERVER, furnished(join(temp, name))]
  mkdirSync(join(temp, 'alone'))
  mkdirSync(join(temp, 'guarded'))
  const [alone, guarded] = [command('alone'), command('guarded')]
  const policy = join(temp, 'policy.json')
  const { status, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'init', '--output', policy, '--', ...guarded],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) {
    throw new Error(stderr)
  }
  // As who has read it does: a guess denies only what no honest call holds.
  writeFileSync(policy, readFileSync(policy, 'utf8').replaceAll(',"inferred":true', ''))
  const proxied = [process.execPath, MAIN, 'proxy', '--policy', policy, '--', ...guarded]
  const list = calls(alone[2])
  const without = await outcomes(alone, list)
  const withProxy = await outcomes(proxied, calls(guarded[2]))
  console.log('\nserver-filesystem, alone and behind callgate proxy\n')
  console.log(row(['call', 'alone', 'behind the proxy', '']))
  let wrong = 0
  for (const [index, [what, , , expected, rule]] of list.entries()) {
    const ok =
      without[index].allowed === expected &&
      withProxy[index].allowed === (rule === undefined) &&
      withProxy[index].rule === rule
    wrong += Number(!ok)
    const said = withProxy[index].allowed ? 'allowed' : `refused ${withProxy[index].rule ?? ''}`
    console.log(
      row([what, without[index].allowed ? 'allowed' : 'refused', said, ok ? '' : 'NOT AS EXPECTED']),
    )
  }
  console.log(`\n${list.length - wrong} as expected, ${wrong} different`)
  process.exitCode = wrong === 0 ? 0 : 1
} finally {
  rmSync(temp, { recursive: true, force: true })
}
