// Tools that a guarded server could not tell when it connected: a call of one waits until the server was asked.

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { McpServer as McpServer2 } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import * as mini from 'zod/mini'
import * as z3 from 'zod/v3'
import { Gate } from '../../index.mjs'
import { GuardedStdioServerTransport, guardServer } from '../../js/mcp/index.js'

const OUTSIDE = '../../etc/passwd'
const READ = {
  name: 'read_file',
  description: 'Reads a file',
  inputSchema: { type: 'object', properties: { file_path: { type: 'string' } } },
}
const POLICY = { paths: { roots: [import.meta.dirname] } }

/** Streams between a client and a server. */
function streams() {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const answers = []
  stdout.on('data', (chunk) => {
    answers.push(...String(chunk).trim().split('\n').map(JSON.parse))
  })
  return { stdin, stdout, answers, send: (message) => stdin.write(`${JSON.stringify(message)}\n`) }
}
const WIRES = {
  memory: async (_, server) => {
    const [near, far] = InMemoryTransport.createLinkedPair()
    const answers = []
    near.onmessage = (message) => answers.push(message)
    await server.connect(far)
    return { answers, send: (message) => near.send(message) }
  },
  "the SDK's transport": async (_, server) => {
    const { stdin, stdout, ...wire } = streams()
    await server.connect(new StdioServerTransport(stdin, stdout))
    return wire
  },
  'the guarded transport': async (gate, server) => {
    const { stdin, stdout, ...wire } = streams()
    await server.connect(new GuardedStdioServerTransport(gate, { stdin, stdout }))
    return wire
  },
}

/** What a low-level server does that does not list its tools as it connects. */
const LATE = {
  'sets its handlers later': { later: true, list: () => ({ tools: [READ] }) },
  'lists nothing before it was greeted': { list: (greeted) => ({ tools: greeted ? [READ] : [] }) },
  'fails before it was greeted': {
    list: (greeted) => {
      if (!greeted) {
        throw new Error('not initialized')
      }
      return { tools: [READ] }
    },
  },
  'takes its time': { list: () => setTimeout(20, { tools: [READ] }) },
  'has it on a later page': {
    list: (_, cursor) =>
      cursor === undefined ? { tools: [], nextCursor: 'a' } : { tools: [READ], nextCursor: '' },
  },
}
const textOf = ({ result, error }) => result?.content[0].text ?? `error: ${error.message}`

for (const [wire, connect] of Object.entries(WIRES)) {
  describe(`a server on ${wire}`, () => {
    const started = async (t, { later = false, list }, policy = POLICY) => {
      const gate = new Gate(policy)
      const told = []
      const findings = []
      gate.onVerdict(({ rule, finding }) => {
        told.push(`${rule}: ${finding.action}`)
        findings.push(finding)
      })
      const server = guardServer(
        new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } }),
        gate,
      )
      let greeted = false
      server.oninitialized = () => {
        greeted = true
      }
      const reached = []
      const set = () => {
        if (list !== undefined) {
          server.setRequestHandler(ListToolsRequestSchema, ({ params }) => list(greeted, params?.cursor))
        }
        server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
          reached.push(params.name)
          return { content: [{ type: 'text', text: 'reached' }] }
        })
      }
      if (!later) {
        set()
      }
      const { answers, send } = await connect(gate, server)
      if (later) {
        set()
      }
      t.after(() => server.close())
      const answer = async (id) => {
        for (;;) {
          const found = answers.find((one) => one.id === id)
          if (found !== undefined) {
            return found
          }
          await setImmediate()
        }
      }
      const call = (id, file_path, name = 'read_file') => {
        send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: { file_path } } })
        return answer(id)
      }
      const greet = async () => {
        const clientInfo = { name: 'a', version: '1' }
        const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
        send({ jsonrpc: '2.0', id: 'greeting', method: 'initialize', params })
        await answer('greeting')
        send({ jsonrpc: '2.0', method: 'notifications/initialized' })
      }
      return { answers, send, answer, call, greet, reached, told, findings }
    }

    for (const [what, how] of Object.entries(LATE)) {
      it(`that ${what} gets no hostile call, and every other`, async (t) => {
        const { call, greet, reached } = await started(t, how)
        await greet()
        assert.match(textOf(await call(1, OUTSIDE)), /\((path|schema)\./)
        assert.equal(textOf(await call(2, 'a.txt')), 'reached')
        assert.deepEqual(reached, ['read_file'])
      })
    }

    it('that never lists its tools gets no call; where the policy observes it gets all', async (t) => {
      const list = () => {
        throw new Error('no')
      }
      const { call, reached } = await started(t, { list })
      assert.match(textOf(await call(1, 'a.txt')), /does not list its tools/)
      assert.match(textOf(await call(1, 'a.txt')), /does not list its tools/, 'the id is free again')
      assert.deepEqual(reached, [])
      const observed = await started(t, { list }, { ...POLICY, mode: 'observe' })
      assert.equal(textOf(await observed.call(1, OUTSIDE)), 'reached')
    })

    it('that has no list gets calls by their content', async (t) => {
      const { call } = await started(t, {})
      assert.equal(textOf(await call(1, 'a.txt')), 'reached')
    })

    it('gets a call of a tool that it does not list, and that is told', async (t) => {
      const { call, told } = await started(t, { list: () => ({ tools: [READ] }) })
      assert.equal(textOf(await call(1, 'a.txt', 'other')), 'reached')
      assert.deepEqual(told, ['tool.changed: flag'])
    })

    it('is told to have more pages of tools than are asked for', async (t) => {
      for (const [pages, warned, what] of [
        [64, 0, /lists no such tool/],
        [65, 1, /pages of the list .* do not name it/],
      ]) {
        const warnings = []
        const note = (warning) => warning.code === 'CALLGATE_TOOL_LIST' && warnings.push(warning.message)
        process.on('warning', note)
        const list = (_, cursor = '1') => ({
          tools: [{ ...READ, name: `read_${cursor}` }],
          ...(Number(cursor) < pages && { nextCursor: String(Number(cursor) + 1) }),
        })
        const { call, findings } = await started(t, { list })
        assert.equal(textOf(await call(1, 'a.txt', 'other')), 'reached')
        assert.match(textOf(await call(2, OUTSIDE, 'read_64')), /\(path\./)
        process.off('warning', note)
        assert.equal(warnings.length, warned, `${pages} pages`)
        assert.match(findings[0].message, what)
      }
    })

    it('never gets a call that was cancelled while it waited', async (t) => {
      const { send, call, reached, answer, answers } = await started(t, {
        list: () => setTimeout(20, { tools: [READ] }),
      })
      send({ jsonrpc: '2.0', id: 0, method: 'ping' })
      await answer(0)
      const params = { name: 'other', arguments: {} }
      send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
      send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
      assert.equal(textOf(await call(2, 'a.txt', 'last')), 'reached')
      assert.deepEqual(reached, ['last'])
      assert.equal(
        answers.find(({ id }) => id === 1),
        undefined,
      )
    })

    it('gets no second request with the id of one that waits, which is told', async (t) => {
      const { send, answers, call, told } = await started(t, {
        list: () => setTimeout(20, { tools: [READ] }),
      })
      const first = call(1, 'a.txt', 'other')
      send({ jsonrpc: '2.0', id: 1, method: 'ping' })
      await first
      while (answers.filter(({ id }) => id === 1).length < 2) {
        await setImmediate()
      }
      assert.deepEqual(
        answers.filter(({ id }) => id === 1).map(({ error }) => error?.data.rule),
        ['rpc.id', undefined],
      )
      assert.ok(told.includes('rpc.id: deny'), told.join())
    })

    it('gets it where the policy observes, which is told', async (t) => {
      const { send, answers, call, told } = await started(
        t,
        { list: () => ({ tools: [READ] }) },
        { mode: 'observe' },
      )
      const first = call(1, 'a.txt', 'other')
      send({ jsonrpc: '2.0', id: 1, method: 'ping' })
      await first
      while (answers.filter(({ id }) => id === 1).length < 2) {
        await setImmediate()
      }
      assert.deepEqual(
        answers.filter(({ id }) => id === 1).map(({ error }) => error),
        [undefined, undefined],
      )
      assert.ok(told.includes('rpc.id: flag'), told.join())
    })
  })
}

describe('a server that is made for the first message', () => {
  for (const modern of [true, false]) {
    it(`is not reached by a hostile one ${modern ? 'without' : 'before'} a greeting`, async (t) => {
      const gate = new Gate(POLICY)
      const told = []
      gate.onVerdict(({ rule }) => told.push(rule))
      const { stdin, stdout, answers, send } = streams()
      const reached = []
      const make = () => {
        const server = new McpServer2({ name: 'a', version: '1' })
        server.registerTool(
          'read_file',
          { inputSchema: z.object({ file_path: z.string() }) },
          ({ file_path }) => {
            reached.push(file_path)
            return { content: [{ type: 'text', text: 'reached' }] }
          },
        )
        return guardServer(server, gate)
      }
      const serving = serveStdio(make, {
        transport: new GuardedStdioServerTransport(gate, { stdin, stdout }),
      })
      t.after(() => serving.close())
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'a', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      }
      const more = modern ? { _meta } : {}
      for (const [id, file_path] of [OUTSIDE, 'a.txt', OUTSIDE].entries()) {
        const params = { name: 'read_file', arguments: { file_path }, ...more }
        send({ jsonrpc: '2.0', id, method: 'tools/call', params })
      }
      while (answers.length < 3) {
        await setImmediate()
      }
      assert.deepEqual(reached, ['a.txt'])
      const refusals = answers.filter(({ result }) => /path\./.test(result?.content[0].text))
      assert.deepEqual(
        // The first one waits for the server, and the last one need not.
        refusals.map(({ id }) => id).sort(),
        [0, 2],
      )
    })
  }
})

describe('names in the policy that stand for nothing', () => {
  const warned = async (policy, makers) => {
    const warnings = []
    const note = (warning) => warning.code === 'CALLGATE_POLICY_NAMES' && warnings.push(warning.detail)
    process.on('warning', note)
    const gate = new Gate(policy)
    for (const make of makers) {
      const server = guardServer(make(), gate)
      await server.connect(InMemoryTransport.createLinkedPair()[1])
      for (let turn = 0; turn < 20; turn++) {
        await setImmediate()
      }
      await server.close()
    }
    process.off('warning', note)
    return warnings
  }
  const high = (name = 'echo') => {
    const server = new McpServer({ name: 'a', version: '1' })
    server.registerTool(name, { inputSchema: { text: z.string() } }, () => ({ content: [] }))
    return server
  }
  const low = (name = 'echo') => {
    const server = new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } })
    const inputSchema = { type: 'object', properties: { text: { type: 'string' } } }
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name, inputSchema }] }))
    return server
  }
  for (const [what, make] of Object.entries({ McpServer: high, Server: low })) {
    it(`are told once for a gate in front of a ${what}`, async () => {
      const [detail, ...more] = await warned({ tools: { ecoh: { mode: 'observe' } } }, [make, make])
      assert.match(detail, /ecoh/)
      assert.deepEqual(more, [])
    })

    it(`are told of each ${what} behind one gate`, async () => {
      const other = () => make('other')
      const policy = { tools: { other: { arguments: { '/txt': { kind: 'text' } } } } }
      const [first, second, ...more] = await warned(policy, [make, other, make, other])
      assert.match(first, /no tool is called "other"/)
      assert.match(second, /\/txt.*no argument is there; perhaps "\/text"/)
      assert.deepEqual(more, [])
      // What another server has is no name in vain.
      const right = { tools: { other: { arguments: { '/text': { kind: 'text' } } }, echo: {} } }
      assert.equal((await warned(right, [make, other])).length, 1, 'while it is not there')
      const both = { tools: { ecoh: {} } }
      assert.equal((await warned(both, [make, other, make])).length, 1, 'once')
    })

    it(`are no others in front of a ${what}`, async () => {
      const tools = { echo: { arguments: { '/text': { kind: 'text' } } }, '*': { mode: 'enforce' } }
      assert.deepEqual(await warned({ tools }, [make]), [])
      assert.deepEqual(await warned({}, [make]), [])
    })
  }
})

describe('two servers behind one gate', () => {
  it('know of each other before they connect', async (t) => {
    const warnings = []
    const note = (warning) => warning.code === 'CALLGATE_POLICY_NAMES' && warnings.push(warning.detail)
    process.on('warning', note)
    t.after(() => process.off('warning', note))
    const gate = new Gate({ tools: { one: {}, two: {}, three: {} } })
    const servers = ['one', 'two'].map((name) => {
      const server = guardServer(new McpServer({ name: 'a', version: '1' }), gate)
      server.registerTool(name, { inputSchema: { text: z.string() } }, () => ({ content: [] }))
      return server
    })
    for (const server of servers) {
      await server.connect(InMemoryTransport.createLinkedPair()[1])
      t.after(() => server.close())
      for (let turn = 0; turn < 20; turn++) {
        await setImmediate()
      }
    }
    assert.equal(warnings.length, 1, warnings.join())
    assert.match(warnings[0], /three/)
    assert.doesNotMatch(warnings[0], /one|two/)
  })
})

describe('a tool whose schema has members that cannot be written', () => {
  const file = z.string().describe('The path of the file')
  const SCHEMAS = {
    'a date': { file_path: file, when: z.date() },
    'something of its own': z.object({ file_path: file, own: z.custom(() => true) }),
    'a big number': z.object({ file_path: file, n: z.bigint() }),
    'a map': z.object({ file_path: file, map: z.map(z.string(), z.string()) }),
    'a transformation': z.object({ file_path: file }).transform((value) => value),
    'a pipe': z.object({ file_path: file }).pipe(z.any()),
    'a function before it': z.preprocess((value) => value, z.object({ file_path: file })),
    'a union': z.union([z.object({ file_path: file }), z.object({ other: z.string() })]),
    'an intersection': z.intersection(z.object({ file_path: file }), z.object({ x: z.string().optional() })),
    'a loose object': z.looseObject({ file_path: file }),
    'members of the small Zod': mini.object({ file_path: mini.optional(mini.string()), when: mini.date() }),
    'members of Zod 3': z3.object({ file_path: z3.string().optional(), when: z3.date() }),
    'a transformation of Zod 3': z3.object({ file_path: z3.string() }).transform((value) => value),
    'a function of Zod 3 before it': z3.preprocess((value) => value, z3.object({ file_path: z3.string() })),
  }
  const calls = async (t, schema, broken) => {
    const server = guardServer(new McpServer({ name: 'a', version: '1' }), new Gate(POLICY))
    const reached = []
    const handler = () => {
      reached.push('read_file')
      return { content: [] }
    }
    server.registerTool('read_file', { description: 'Reads a file', inputSchema: schema }, handler)
    if (broken) {
      server.registerTool('odd', { inputSchema: { when: z.date() } }, () => ({ content: [] }))
    }
    const [near, far] = InMemoryTransport.createLinkedPair()
    const answers = []
    near.onmessage = (message) => answers.push(message)
    await server.connect(far)
    t.after(() => server.close())
    for (const [id, file_path] of [OUTSIDE, 'a.txt'].entries()) {
      const params = { name: 'read_file', arguments: { file_path } }
      near.send({ jsonrpc: '2.0', id, method: 'tools/call', params })
    }
    while (answers.length < 2) {
      await setImmediate()
    }
    return answers.sort((a, b) => a.id - b.id).map(({ result }) => result?.content[0]?.text ?? 'passed')
  }
  for (const [what, schema] of Object.entries(SCHEMAS)) {
    for (const broken of [false, true]) {
      it(`such as ${what} is known${broken ? ' where the list of the server fails' : ''}`, async (t) => {
        const [hostile, ordinary] = await calls(t, schema, broken)
        assert.match(hostile, /\(path\./)
        assert.doesNotMatch(ordinary, /\(path\./)
      })
    }
  }
})
