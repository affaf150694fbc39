// What hostile peers send, and what a guarded server answers. One behaviour a row.

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(wire: Wire) => string | Buffer | (string | Buffer)[]} send lines, without their ends
 * @property {number | null} [id] of the answer; 7 where nothing is said, null where the message has none
 * @property {string} guarded what a guard over the bytes makes of it, as `told` puts it
 * @property {string} [parsed] what a guard makes of it that sees only what the SDK parsed, where that differs
 * @property {boolean} [stdioOnly] whether it is about lines
 * @property {boolean} [slow] whether an unguarded server takes seconds for it, so that only guarded ones are tested
 */

/** @typedef {{ meta: string }} Wire members of `params` that every request needs, with a comma behind */

const rpc = (id, method, params) => `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{${params}}}`
const call = ({ meta }, tool, args, id = 7) =>
  rpc(id, 'tools/call', `${meta}"name":"${tool}","arguments":${args}`)
const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels)

/** @type {Case[]} */
export const CASES = [
  // Ordinary ones: nothing is refused.
  { name: 'a call', send: (w) => call(w, 'echo', '{"text":"hello"}'), guarded: 'result: hello' },
  {
    name: 'a call in any language',
    send: (w) => call(w, 'echo', '{"text":"žlutý 🐎"}'),
    guarded: 'result: žlutý 🐎',
  },
  {
    name: 'a call with `id` last',
    send: ({ meta }) =>
      `{"method":"tools/call","params":{${meta}"name":"echo","arguments":{"text":"x"}},"jsonrpc":"2.0","id":7}`,
    guarded: 'result: x',
  },
  { name: 'a tool that does not exist', send: (w) => call(w, 'nothing', '{}'), guarded: 'of the server' },
  {
    name: 'an unknown method',
    send: ({ meta }) => rpc(7, 'nothing/at-all', meta.slice(0, -1)),
    guarded: 'error -32601',
  },

  // Structure.
  {
    name: 'nested 100,000 levels',
    send: (w) => call(w, 'any', `{"a":${nested(100_000)}}`),
    guarded: 'error -32010..: limit.depth',
  },
  {
    name: 'nested 4,000,000 levels',
    send: (w) => call(w, 'any', `{"a":${nested(4_000_000)}}`),
    guarded: 'error -32010..: limit.depth',
    slow: true,
  },
  {
    name: 'a member given twice',
    send: (w) => call(w, 'echo', '{"text":"a","text":"b"}'),
    guarded: 'error -32010..: json.duplicate-key',
    parsed: 'result: b',
  },
  {
    name: '`__proto__` as a member',
    send: (w) => call(w, 'any', '{"__proto__":{"admin":true}}'),
    guarded: 'error -32010..: json.prototype-key',
  },
  {
    name: 'half a surrogate pair',
    send: (w) => call(w, 'echo', '{"text":"\\ud800"}'),
    guarded: 'error -32010..: json.surrogate',
  },
  {
    name: 'bytes that are not UTF-8',
    send: (w) =>
      Buffer.concat([
        Buffer.from(call(w, 'echo', '{"text":"').slice(0, -2)),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}}}'),
      ]),
    guarded: 'error -32700: json.utf8',
    parsed: 'result: \ufffd\ufffd',
  },
  {
    name: '1e999',
    send: (w) => call(w, 'count', '{"n":1e999}'),
    guarded: 'error -32010..: json.number-range',
    parsed: 'of the server',
  },
  {
    name: '2^53+1',
    send: (w) => call(w, 'count', '{"n":9007199254740993}'),
    guarded: 'result: 9007199254740992',
  },
  {
    name: 'a key of 2,000 bytes',
    send: (w) => call(w, 'any', `{"${'k'.repeat(2000)}":1}`),
    guarded: 'error -32010..: limit.key',
  },
  {
    name: 'an array of 100,000 items',
    send: (w) => call(w, 'any', `{"a":[${'0,'.repeat(99_999)}0]}`),
    guarded: 'error -32010..: limit.elements',
  },
  {
    name: 'a number of 200 digits',
    send: (w) => call(w, 'count', `{"n":${'1'.repeat(200)}}`),
    guarded: 'error -32010..: limit.number',
    parsed: 'result: 1.1111111111111112e+199',
  },
  {
    name: 'a tool name of 1 MB',
    send: (w) => call(w, 'x'.repeat(1 << 20), '{}'),
    guarded: 'error -32602: rpc.envelope',
  },
  {
    name: 'a line of 11 MB',
    send: (w) => call(w, 'echo', `{"text":"${'x'.repeat(11_000_000)}"}`),
    guarded: 'error -32010..: limit.bytes',
    stdioOnly: true,
    transport: 'result: xxxxxxxx',
  },
  {
    name: 'a line of 200 MB, `id` last',
    send: ({ meta }) => [
      `{"method":"tools/call","params":{${meta}"name":"echo","arguments":{"text":"`,
      ...Array(200).fill('x'.repeat(1_000_000)),
      '"}},"jsonrpc":"2.0","id":7}',
    ],
    guarded: 'error -32010..: limit.bytes',
    stdioOnly: true,
    joined: true,
  },

  // Envelope.
  {
    name: 'malformed JSON',
    send: () => '{"jsonrpc":"2.0","id":7,',
    id: null,
    guarded: 'error -32700: json.syntax',
    anyId: true,
  },
  { name: 'text that is no JSON', send: () => 'hello', id: null, guarded: 'error -32700: json.syntax' },
  { name: 'a number', send: () => '42', id: null, guarded: 'error -32600: rpc.envelope' },
  { name: 'an empty batch', send: () => '[]', id: null, guarded: 'error -32600: rpc.batch' },
  {
    name: 'a batch',
    send: (w) => `[${call(w, 'echo', '{"text":"x"}')}]`,
    id: null,
    guarded: 'error -32600: rpc.batch',
    batch: true,
  },
  { name: 'no `jsonrpc`', send: () => '{"id":7,"method":"ping"}', guarded: 'error -32600: rpc.envelope' },
  {
    name: '`jsonrpc` of 1.0',
    send: () => '{"jsonrpc":"1.0","id":7,"method":"ping"}',
    guarded: 'error -32600: rpc.envelope',
  },
  {
    name: 'an id of null',
    send: () => '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    id: null,
    guarded: 'error -32600: rpc.id',
  },
  {
    name: 'an id of 1.5',
    send: () => '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    id: 1.5,
    guarded: 'error -32600: rpc.id',
  },
  {
    name: 'an id that is an object',
    send: () => '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    id: null,
    guarded: 'error -32600: rpc.id',
  },
  {
    name: 'a method that is a number',
    send: () => '{"jsonrpc":"2.0","id":7,"method":7}',
    guarded: 'error -32600: rpc.method',
  },
  {
    name: 'params that are an array',
    send: () => '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}',
    guarded: 'error -32600: rpc.envelope',
  },
  {
    name: 'a method and a result',
    send: () => '{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}',
    guarded: 'error -32600: rpc.envelope',
  },
  {
    name: 'arguments that are an array',
    send: (w) => call(w, 'any', '[]'),
    guarded: 'error -32602: rpc.envelope',
  },
  {
    name: 'a call without a name',
    send: ({ meta }) => rpc(7, 'tools/call', `${meta}"arguments":{}`),
    guarded: 'error -32602: rpc.envelope',
  },
  {
    name: 'an id in flight twice',
    send: (w) => `${call(w, 'echo', '{"text":"x"}')}\n${call(w, 'echo', '{"text":"x"}')}`,
    guarded: 'error -32600: rpc.id',
    stdioOnly: true,
    filter: 'result: x',
  },

  {
    name: 'a version of the protocol that is missing',
    send: () => rpc(7, 'initialize', '"capabilities":{},"clientInfo":{"name":"a","version":"1"}'),
    guarded: 'error -32602: rpc.envelope',
  },
  {
    name: 'a version of the protocol that is an object',
    send: () =>
      rpc(7, 'initialize', '"protocolVersion":{},"capabilities":{},"clientInfo":{"name":"a","version":"1"}'),
    guarded: 'error -32602: rpc.envelope',
  },

  // Policy.
  {
    name: 'a path that climbs out',
    send: (w) => call(w, 'read', '{"file_path":"../../etc/passwd"}'),
    guarded: 'refused: path.traversal',
    filter: 'result: read',
  },
  {
    name: 'a path of a secret file',
    send: (w) => call(w, 'read', '{"file_path":".ssh/id_rsa"}'),
    guarded: 'refused: path.blocked',
    filter: 'result: read',
  },
  {
    name: 'an argument of another type',
    send: (w) => call(w, 'echo', '{"text":5}'),
    guarded: 'of the server',
  },
  {
    name: 'an argument that is missing',
    send: (w) => call(w, 'echo', '{}'),
    guarded: 'of the server',
  },

  // What handlers give back.
  {
    name: 'a result nested 20,000 levels',
    send: (w) => call(w, 'deep', '{}'),
    guarded: 'error -32603',
    filter: 'silence',
  },
  {
    name: 'a result with a secret and a hidden character',
    send: (w) => call(w, 'secret', '{}'),
    guarded: 'result: ab [REDACTED]',
    filter: 'as it is',
  },
]

/** @param {any} answer @returns {string} what an answer tells, in a few words */
export function told(answer) {
  if (answer.error !== undefined) {
    const { code, data } = answer.error
    return `error ${code}${typeof data?.rule === 'string' ? `: ${data.rule}` : ''}`
  }
  const text = answer.result?.content?.[0]?.text ?? ''
  const rule = /\((\w+\.[\w-]+)[;)]/.exec(text)?.[1]
  if (answer.result?.isError === true) {
    return rule === undefined ? 'refused by the server' : `refused: ${rule}`
  }
  return `result: ${text.length > 100 ? text.slice(0, 8) : text}`
}

/** @param {string} outcome @param {string} expected whether an outcome is the expected one */
export function matches(outcome, expected) {
  if (expected === 'of the server') {
    return outcome === 'refused by the server' || outcome === 'error -32602'
  }
  if (expected === 'as it is') {
    return outcome.startsWith('result: a\u200bb ')
  }
  const [code, rule] = expected.split(': ')
  if (code === 'error -32010..') {
    return /^error -3201\d: /.test(outcome) && outcome.endsWith(`: ${rule}`)
  }
  return outcome === expected
}
