// callgate/http on the loopback: refused by the address that is connected to, and at every redirect.

import assert from 'node:assert/strict'
import { Agent, createServer, get } from 'node:http'
import { createServer as createTcp } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { CallgateError, Gate } from '../index.mjs'
import http from '../js/http/index.js'

const { createLookup, guardedFetch } = http

/** Which requests arrived, with their headers and bodies. */
let arrived = []
const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url, headers } = request
    arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    const { pathname, searchParams } = new URL(url, 'http://x')
    if (pathname === '/redirect') {
      response.writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('to') })
      response.end('moved')
    } else if (pathname === '/loop') {
      response.writeHead(302, { location: '/loop' }).end()
    } else if (pathname === '/gzip') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'))
    } else if (pathname === '/empty') {
      response.writeHead(204).end()
    } else {
      response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] }).end('hello')
    }
  })
})
let port = 0
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = server.address().port
})
after(() => server.close())

/** A resolver that answers each call with the next addresses, the last ones for ever. */
function answering(...answers) {
  const asked = []
  const resolver = (hostname, options, callback) => {
    assert.equal(options.all, true)
    const addresses = answers[Math.min(asked.length, answers.length - 1)]
    asked.push(hostname)
    process.nextTick(
      callback,
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return Object.assign(resolver, { asked })
}

const LOCAL = ['127.0.0.1']
const open = new Gate({ urls: { allowPrivate: true } })
const strict = new Gate()

/** The code of the CallgateError that a promise rejects with. */
async function code(promise) {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof CallgateError, String(error))
    assert.equal(error.finding?.rule ?? error.code, error.code)
    return error.code
  }
  assert.fail('it was let through')
}

describe('createLookup', () => {
  const look = (gate, resolver, options = {}, name = 'example.com') =>
    new Promise((resolve) => {
      createLookup(gate, { resolver })(name, options, (error, address, family) =>
        resolve(error ? error.code : [address, family]),
      )
    })

  for (const [name, addresses, expected] of [
    ['a public address', ['93.184.215.14'], ['93.184.215.14', 4]],
    ['a public IPv6 address', ['2606:4700::1111'], ['2606:4700::1111', 6]],
    ['this machine', ['127.0.0.1'], 'url.private'],
    ['this machine in IPv6', ['::1'], 'url.private'],
    ['this machine inside IPv6', ['::ffff:127.0.0.1'], 'url.private'],
    ['a private address behind a public one', ['93.184.215.14', '10.0.0.1'], 'url.private'],
    ['a metadata service', ['169.254.169.254'], 'url.metadata'],
    ['no address', [], 'input.type'],
    ['what is no address', ['localhost'], 'input.type'],
  ]) {
    it(`answers for ${name}`, async () => {
      assert.deepEqual(await look(strict, answering(addresses)), expected)
    })
  }

  it('answers all addresses where they are asked for', async () => {
    const resolver = answering(['8.8.8.8', '2606:4700::1111'])
    const [addresses] = await look(strict, resolver, { all: true })
    assert.deepEqual(addresses, [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
  })

  it('judges the name too, by every list of the policy', async () => {
    const resolver = answering(['8.8.8.8'])
    assert.equal(await look(strict, resolver, {}, 'metadata.google.internal'), 'url.metadata')
    assert.equal(await look(strict, resolver, {}, 'localhost'), 'url.private')
    const listed = new Gate({ urls: { allowHosts: ['localhost', 'example.com'] } })
    assert.equal(await look(listed, resolver, {}, 'example.org'), 'url.host')
    assert.deepEqual(await look(listed, answering(LOCAL), {}, 'localhost'), ['127.0.0.1', 4])
    assert.equal(await look(listed, answering(LOCAL), {}, 'example.com'), 'url.private')
  })

  it('hands on what the resolver fails with', async () => {
    const failing = (_name, _options, callback) =>
      callback(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
    assert.equal(await look(strict, failing), 'ENOTFOUND')
  })

  it('takes a gate and a function', () => {
    for (const wrong of [undefined, {}, 'gate']) {
      assert.throws(() => createLookup(wrong), { code: 'input.type' })
    }
    assert.throws(() => createLookup(strict, { resolver: 1 }), { code: 'input.type' })
  })

  it('keeps an agent from connecting when a name changes its address (DNS rebinding)', async () => {
    const resolver = answering(['93.184.215.14'], LOCAL)
    assert.equal(strict.checkUrl(`http://rebind.example.com:${port}/`).action, 'allow')
    // What a server would do that checks first and connects later.
    const first = await look(strict, resolver, {}, 'rebind.example.com')
    assert.equal(first[0], '93.184.215.14')
    arrived = []
    const agent = new Agent({ lookup: createLookup(strict, { resolver }) })
    const failed = await new Promise((resolve) => {
      get(`http://rebind.example.com:${port}/`, { agent }, () => resolve('connected')).on('error', resolve)
    })
    assert.equal(failed.code, 'url.private')
    assert.deepEqual([resolver.asked.length, arrived.length], [2, 0])
  })

  it('lets an agent connect where the policy allows it', async () => {
    const agent = new Agent({ lookup: createLookup(open, { resolver: answering(LOCAL) }) })
    const status = await new Promise((resolve, reject) => {
      get(`http://app.example.com:${port}/`, { agent }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    assert.equal(status, 200)
  })
})

describe('guardedFetch', () => {
  const there = (path) => `http://site.example.com:${port}${path}`
  const resolver = answering(LOCAL)
  const redirect = (to, status = 302) => there(`/redirect?status=${status}&to=${encodeURIComponent(to)}`)

  it('answers a Response', async () => {
    const response = await guardedFetch(open, there('/a?b#c'), { resolver })
    assert.ok(response instanceof Response)
    assert.deepEqual([response.status, response.url, response.redirected], [200, there('/a?b#c'), false])
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.equal(await response.text(), 'hello')
  })

  it('takes strings, URLs and Requests, with methods, headers and bodies', async () => {
    arrived = []
    await guardedFetch(open, new URL(there('/')), {
      resolver,
      method: 'PUT',
      body: 'x',
      headers: { 'x-a': '1' },
    })
    const request = new Request(there('/'), {
      method: 'POST',
      body: 'yy',
      headers: { 'content-type': 'text/x' },
    })
    await guardedFetch(open, request, { resolver })
    assert.deepEqual(
      arrived.map(({ method, body, headers }) => [method, body, headers['content-length'], headers['x-a']]),
      [
        ['PUT', 'x', '1', '1'],
        ['POST', 'yy', '2', undefined],
      ],
    )
    assert.equal(arrived[1].headers['content-type'], 'text/x')
  })

  it('decodes bodies, and knows answers without one', async () => {
    assert.equal(await (await guardedFetch(open, there('/gzip'), { resolver })).text(), 'packed')
    assert.equal((await guardedFetch(open, there('/empty'), { resolver })).body, null)
    assert.equal((await guardedFetch(open, there('/'), { resolver, method: 'HEAD' })).body, null)
  })

  for (const [name, url, expected] of [
    ['this machine', () => `http://127.0.0.1:${port}/`, 'url.private'],
    ['this machine in another spelling', () => `http://0x7f.1:${port}/`, 'url.syntax'],
    ['a line break that Node drops', () => `http://exam\nple.com:${port}/`, 'url.syntax'],
    ['a metadata service', () => 'http://169.254.169.254/', 'url.metadata'],
    ['a file', () => 'file:///etc/passwd', 'url.scheme'],
    ['a URL with a password', () => 'https://u:p@example.com/', 'url.credentials'],
    ['a Request to this machine', () => new Request(`http://127.0.0.1:${port}/`), 'url.private'],
    ['a public name at this machine', () => there('/'), 'url.private'],
    ['what is no URL', () => 'nowhere', 'url.syntax'],
    ['a number', () => 5, 'input.type'],
  ]) {
    it(`refuses ${name} before anything is sent`, async () => {
      arrived = []
      assert.equal(await code(guardedFetch(strict, url(), { resolver })), expected)
      assert.equal(arrived.length, 0)
    })
  }

  it('is not fooled by a name that changes its address (DNS rebinding)', async () => {
    const changing = answering(LOCAL, ['169.254.169.254'])
    assert.equal((await guardedFetch(open, there('/'), { resolver: changing })).status, 200)
    assert.equal(await code(guardedFetch(open, there('/'), { resolver: changing })), 'url.metadata')
    assert.equal(
      await code(guardedFetch(open, redirect('/'), { resolver: answering(LOCAL, ['fe80::1']) })),
      'url.metadata',
    )
    assert.equal(changing.asked.length, 2, 'a connection was used again')
  })

  it('follows redirects and says so', async () => {
    const response = await guardedFetch(open, redirect('/end'), { resolver })
    assert.deepEqual(
      [response.url, response.redirected, await response.text()],
      [there('/end'), true, 'hello'],
    )
  })

  const listed = new Gate({ urls: { allowHosts: ['localhost'], allowPrivate: false } })
  for (const [name, to, expected] of [
    ['this machine by its address', () => `http://127.0.0.1:${port}/`, 'url.private'],
    ['this machine by a number', () => `http://2130706433:${port}/`, 'url.private'],
    ['a metadata service', () => 'http://169.254.169.254/latest/', 'url.metadata'],
    ['a metadata service with backslashes', () => 'http:\\\\169.254.169.254\\', 'url.metadata'],
    ['a metadata service without a scheme', () => '//169.254.169.254/', 'url.metadata'],
    ['a file', () => 'file:///etc/passwd', 'url.scheme'],
    ['a host that is not allowed', () => 'http://example.com/', 'url.host'],
    ['a password', () => `http://u:p@localhost:${port}/`, 'url.credentials'],
  ]) {
    it(`refuses a redirect to ${name}`, async () => {
      arrived = []
      const start = redirect(to()).replace('site.example.com', 'localhost')
      assert.equal(await code(guardedFetch(listed, start, { resolver })), expected)
      assert.equal(arrived.length, 1)
    })
  }

  it('refuses a redirect to a host that is refused as it is written', async () => {
    const denying = new Gate({ urls: { allowPrivate: true, denyHosts: ['fass.example.com'] } })
    for (const to of ['http://fa\xdf.example.com/', '//fa\xdf.example.com/']) {
      const server = createTcp((socket) =>
        socket.once('data', () => {
          socket.end(
            Buffer.from(`HTTP/1.1 302 Found\r\nlocation: ${to}\r\ncontent-length: 0\r\n\r\n`, 'latin1'),
          )
        }),
      )
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      const start = `http://127.0.0.1:${server.address().port}/`
      assert.equal(await code(guardedFetch(denying, start, { resolver })), 'url.host')
      server.close()
    }
  })

  it('follows a redirect whose path holds what a URL need not escape', async () => {
    const response = await guardedFetch(open, redirect(there('/a b|c')), { resolver })
    assert.equal(response.status, 200)
  })

  it('takes the first answer of a resolver that calls back twice', async () => {
    const lookup = createLookup(open, {
      resolver: (_, __, callback) => {
        callback(null, [{ address: '127.0.0.1', family: 4 }])
        callback(null, [{ address: '127.0.0.2', family: 4 }])
        callback(new Error('late'))
      },
    })
    const answers = []
    lookup('a.example.com', {}, (...answer) => answers.push(answer))
    assert.deepEqual(answers, [[null, '127.0.0.1', 4]])
  })

  it('follows ten redirects and no more, or as many as it is told', async () => {
    arrived = []
    await assert.rejects(guardedFetch(open, there('/loop'), { resolver }), TypeError)
    assert.equal(arrived.length, 11)
    const manual = await guardedFetch(open, there('/loop'), { resolver, redirect: 'manual' })
    assert.deepEqual([manual.status, manual.headers.get('location')], [302, '/loop'])
    await assert.rejects(guardedFetch(open, there('/loop'), { resolver, redirect: 'error' }), TypeError)
    await assert.rejects(guardedFetch(open, redirect('http://['), { resolver }), TypeError)
  })

  for (const [status, method, then] of [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ]) {
    it(`a ${status} makes a ${method} a ${then}`, async () => {
      arrived = []
      const headers = { 'content-type': 'text/plain' }
      await guardedFetch(open, redirect('/end', status), { resolver, method, body: 'data', headers })
      const [, second] = arrived
      assert.equal(second.method, then)
      assert.equal(second.body, then === 'GET' ? '' : 'data')
      assert.equal(second.headers['content-type'], then === 'GET' ? undefined : 'text/plain')
    })
  }

  it('keeps credentials to their origin', async () => {
    const headers = { authorization: 'Bearer x', cookie: 'a=1', 'proxy-authorization': 'y', 'x-kept': '1' }
    for (const [to, kept] of [
      ['/end', true],
      [`http://other.example.com:${port}/end`, false],
      [`http://site.example.com.:${port}/end`, false],
    ]) {
      arrived = []
      await guardedFetch(open, redirect(to), { resolver, headers })
      const [first, second] = arrived.map((request) => request.headers)
      assert.deepEqual([first.authorization, first.cookie], ['Bearer x', 'a=1'])
      assert.deepEqual(
        [second.authorization, second.cookie, second['proxy-authorization'], second['x-kept']],
        kept ? ['Bearer x', 'a=1', 'y', '1'] : [undefined, undefined, undefined, '1'],
        to,
      )
    }
    // Gone once, gone for good: the way back does not bring them.
    arrived = []
    await guardedFetch(open, redirect(redirect(there('/end')).replace('site.', 'other.')), {
      resolver,
      headers,
    })
    assert.deepEqual(
      arrived.map((request) => request.headers.authorization),
      ['Bearer x', undefined, undefined],
    )
  })

  it('sends the host of the URL, whatever the headers say', async () => {
    arrived = []
    await guardedFetch(open, there('/'), {
      resolver,
      headers: { host: 'evil.example.com', connection: 'upgrade' },
    })
    assert.equal(arrived[0].headers.host, `site.example.com:${port}`)
  })

  it('stops when its signal says so', async () => {
    await assert.rejects(guardedFetch(open, there('/'), { resolver, signal: AbortSignal.abort() }), {
      name: 'AbortError',
    })
  })
})
