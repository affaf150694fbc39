// A hostile server behind the proxy: what reaches the client, and that the session goes on.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { throughProxy } from '../support/proxy/client.mjs'
import { temporaryFolder } from '../support/temporary.mjs'

const HOSTILE = [
  process.execPath,
  fileURLToPath(new URL('../support/proxy/hostile-server.mjs', import.meta.url)),
]

/** The text of a result of a tool. */
const textOf = ({ result }) => result.content[0].text

describe('the answers of a hostile server', () => {
  for (const [act, code, rule] of [
    ['oversized', -32011, 'limit.bytes'],
    ['deep', -32011, 'limit.depth'],
    ['duplicateKey', -32010, 'json.duplicate-key'],
    ['prototypeKey', -32010, 'json.prototype-key'],
    ['both', -32012, 'rpc.envelope'],
    ['neither', -32012, 'rpc.envelope'],
    ['version', -32012, 'rpc.envelope'],
    ['inputRequests', -32013, 'access.denied'],
    ['escapedInputRequests', -32013, 'access.denied'],
    ['urlElicitation', -32013, 'access.denied'],
  ]) {
    it(`${act}: the client is told ${rule}`, async (t) => {
      const policy = join(temporaryFolder(t), 'policy.json')
      writeFileSync(policy, JSON.stringify({ results: { limits: { messageBytes: 1 << 24 } } }))
      const client = throughProxy(t, HOSTILE, { options: ['--policy', policy] })
      await client.greet()
      const { error, result } = await client.call(act)
      assert.equal(result, undefined)
      assert.equal(error.data.rule, rule)
      assert.equal(error.code, code)
      assert.equal(textOf(await client.call('good')), 'good', 'the session goes on')
      assert.match(client.stderr, new RegExp(`^callgate: refused .* of the server: ${rule}`, 'm'))
    })
  }

  for (const [act, answer, lines] of [
    ['twice', 'first', 2],
    ['unsolicited', 'asked', 2],
    ['utf8', 'after', 2],
    ['garbage', 'after', 2],
    ['batch', 'after', 2],
    ['notes', 'noted', 3],
  ]) {
    it(`${act}: only what was asked for reaches the client`, async (t) => {
      const client = throughProxy(t, HOSTILE)
      await client.greet()
      assert.equal(textOf(await client.call(act)), answer)
      const before = client.lines.length
      assert.equal(textOf(await client.call('good')), 'good')
      assert.equal(before, lines)
      assert.equal(client.lines.length, before + 1, 'nothing else came')
    })
  }

  it('surrogate: the client gets the answer without the half', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    const { result } = await client.call('surrogate')
    assert.ok(JSON.stringify(result).includes('\ufffd'))
  })

  it('overflow: a number that no program holds is told, and passes as it is written', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    await client.call('overflow')
    assert.match(client.lines.at(-1), /"a":1e999/)
    assert.match(client.stderr, /^callgate: flagged .* of the server: json\.number-range/m)
  })

  it('an error of the server itself stays as it is', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    assert.deepEqual((await client.call('error')).error, { code: -32000, message: 'an error of its own' })
  })

  it('a line ends as the server ends it', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    await client.call('returns')
    assert.equal(client.lines.at(-1), '{"jsonrpc":"2.0","id":2,"result":{}}\r')
  })
})

describe('what a server asks of the client', () => {
  for (const [act, allowed, seen] of [
    [
      'sampling',
      [],
      { code: -1, message: 'sampling is not allowed: access.peer, or --allow sampling (access.denied)' },
    ],
    [
      'escapedSampling',
      [],
      { code: -1, message: 'sampling is not allowed: access.peer, or --allow sampling (access.denied)' },
    ],
    ['elicitation', [], { action: 'decline' }],
    [
      'sampling',
      ['elicitation'],
      { code: -1, message: 'sampling is not allowed: access.peer, or --allow sampling (access.denied)' },
    ],
    ['elicitation', ['sampling'], { action: 'decline' }],
  ]) {
    it(`${act} is declined where the user allows ${allowed.join() || 'nothing'}`, async (t) => {
      const options = allowed.flatMap((grant) => ['--allow', grant])
      const client = throughProxy(t, HOSTILE, { options })
      await client.greet()
      const { code, message, ...rest } = JSON.parse(textOf(await client.call(act)))
      assert.deepEqual(code === undefined ? rest : { code, message }, seen)
      assert.ok(
        client.messages.every(({ method }) => method === undefined),
        'the client was not asked',
      )
    })
  }

  for (const [act, allowed, peer = []] of [
    ['sampling', ['--allow', 'sampling', 'elicitation']],
    ['elicitation', ['--allow', 'elicitation']],
    ['sampling', [], ['sampling']],
    ['elicitation', [], ['sampling', 'elicitation']],
    ['sampling', ['--allow', 'elicitation'], ['sampling']],
    ['elicitation', ['--allow', 'elicitation'], ['sampling']],
    ['roots', []],
  ]) {
    it(`${act} is passed on with ${[...allowed, ...peer].join(' ') || 'nothing allowed'}`, async (t) => {
      const policy = join(temporaryFolder(t), 'policy.json')
      writeFileSync(policy, JSON.stringify({ access: { peer } }))
      const client = throughProxy(t, HOSTILE, { options: ['--policy', policy, ...allowed] })
      await client.greet()
      const answered = client.call(act)
      const { id } = await client.until(() => client.messages.find(({ method }) => method !== undefined))
      client.send({ id, result: { roots: [] } })
      assert.deepEqual(JSON.parse(textOf(await answered)), { roots: [] })
    })
  }

  for (const [act, peer, passes] of [
    ['inputRequests', ['elicitation'], true],
    ['inputRequests', ['sampling'], false],
    ['escapedInputRequests', ['sampling'], true],
    ['escapedInputRequests', ['elicitation'], false],
    ['urlElicitation', ['elicitation'], true],
    ['urlElicitation', ['sampling'], false],
  ]) {
    it(`${act} ${passes ? 'passes' : 'is refused'} where the policy allows ${peer.join()}`, async (t) => {
      const policy = join(temporaryFolder(t), 'policy.json')
      writeFileSync(policy, JSON.stringify({ access: { peer } }))
      const client = throughProxy(t, HOSTILE, { options: ['--policy', policy] })
      await client.greet()
      const { error } = await client.call(act)
      assert.equal(error?.data?.rule !== 'access.denied', passes)
    })
  }

  it('sampling is declined in observe mode too, unless the policy allows it', async (t) => {
    const policy = join(temporaryFolder(t), 'policy.json')
    writeFileSync(policy, '{"mode":"observe","access":{"peer":["elicitation"]}}')
    const client = throughProxy(t, HOSTILE, { options: ['--policy', policy] })
    await client.greet()
    assert.equal(JSON.parse(textOf(await client.call('sampling'))).code, -1)
    assert.equal((await client.finish()).code, 1)
    assert.match(client.stderr, /^callgate: refused sampling\/createMessage of the server: access\.denied/m)
  })

  it('an id that waits for its answer is not taken twice', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    const answered = client.call('sameIdTwice')
    assert.match(textOf(await answered), /rpc\.id/)
    assert.equal(client.messages.filter(({ method }) => method === 'roots/list').length, 1)
  })

  it('an answer that the server did not ask for stays here', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    client.send({ id: 'ask', result: { roots: [] } })
    assert.equal(textOf(await client.call('good')), 'good')
    assert.match(
      client.stderr,
      /refused a message of the client: rpc\.id at \/id: an answer that nothing asked for/,
    )
  })
})

describe('poisoned descriptions', () => {
  it('are taken out of the list, and what they describe cannot be called', async (t) => {
    const client = throughProxy(t, HOSTILE)
    await client.greet()
    const { result } = await client.ask('tools/list')
    assert.deepEqual(
      result.tools.map(({ name }) => name),
      ['good'],
    )
    for (const name of ['tagged', 'hidden', 'nested', 'n\u200bamed']) {
      const { result: refused } = await client.call(name)
      assert.equal(refused.isError, true, name)
      assert.match(refused.content[0].text, /tool\.poisoned/)
    }
    assert.equal(textOf(await client.call('good')), 'good')
    assert.match(client.stderr, /^callgate: refused tagged: tool\.poisoned at \/description: /m)
    for (const hidden of ['\u202e', '\u200b', '\u001b']) {
      assert.ok(!client.stderr.includes(hidden), 'nothing hidden reaches a terminal')
    }
  })

  it('are only told in observe mode', async (t) => {
    const policy = join(temporaryFolder(t), 'policy.json')
    writeFileSync(policy, '{"mode":"observe"}')
    const client = throughProxy(t, HOSTILE, { options: ['--policy', policy] })
    await client.greet()
    const { result } = await client.ask('tools/list')
    assert.equal(result.tools.length, 15)
    assert.match(client.stderr, /^callgate: flagged tagged: tool\.poisoned/m)
    assert.equal(textOf(await client.call('tagged')), 'good')
  })

  it('calls that the gate would refuse are only told in observe mode', async (t) => {
    const policy = join(temporaryFolder(t), 'policy.json')
    writeFileSync(policy, '{"mode":"observe"}')
    const client = throughProxy(t, HOSTILE, { options: ['--policy', policy] })
    await client.greet()
    client.raw(
      '{"jsonrpc":"2.0","id":70,"method":"tools/call","params":{"name":"good","arguments":{"a":1e999}}}\n',
    )
    assert.equal(textOf(await client.answer(70)), 'good')
    assert.match(
      client.stderr,
      /^callgate: flagged tools\/call good of the client: json\.number-range at \/params\/arguments\/a: /m,
    )
    assert.equal((await client.finish()).code, 0)
  })

  for (const [rules, told] of [
    [{ 'tool.poisoned': 'flag' }, /^callgate: flagged tagged: tool\.poisoned at \/description: /m],
    [{ 'tool.*': 'flag' }, /^callgate: flagged the instructions of the server: tool\.poisoned: /m],
    [{ 'tool.poisoned': 'off' }, /^$/],
  ]) {
    it(`pass where the policy says ${JSON.stringify(rules)}`, async (t) => {
      const policy = join(temporaryFolder(t), 'policy.json')
      writeFileSync(policy, JSON.stringify({ rules }))
      const server = [...HOSTILE, '--poisoned-instructions']
      const client = throughProxy(t, server, { options: ['--policy', policy] })
      assert.match((await client.greet()).result.instructions, /^Ignore all previous instructions/)
      assert.equal((await client.ask('tools/list')).result.tools.length, 15)
      assert.equal(textOf(await client.call('tagged')), 'good')
      assert.equal((await client.finish()).code, 0)
      assert.match(client.stderr, told)
    })
  }

  it('instructions that would steer the model are taken out', async (t) => {
    const client = throughProxy(t, [...HOSTILE, '--poisoned-instructions'])
    const { result } = await client.greet()
    assert.equal(result.instructions, undefined)
    assert.equal(result.serverInfo.name, 'hostile')
    const other = throughProxy(t, HOSTILE)
    assert.equal((await other.greet()).result.instructions, 'Adds numbers.')
  })
})

describe('the end of a server', () => {
  for (const [act, code, told] of [
    ['half', 3, /the server ended with exit code 1/],
    ['killed', 3, /the server ended with SIGKILL/],
    [
      'exit',
      1,
      /^(?:callgate: (?:refused .*: tool\.poisoned|flagged tools\/call exit .*: tool\.changed).*\n)*$/,
    ],
  ]) {
    it(`${act}: calls under way are answered, no half line comes, and the proxy ends`, async (t) => {
      const client = throughProxy(t, HOSTILE)
      await client.greet()
      const { error } = await client.call(act)
      assert.deepEqual(error, { code: -32603, message: 'the server ended before it answered' })
      const end = await client.ended
      assert.equal(end.code, code, client.stderr)
      assert.equal(client.rest, '')
      assert.match(client.stderr, told)
    })
  }
})
