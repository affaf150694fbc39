// What a model is told of a call that does not match its schema, beside what ajv and zod say of it without a gate: the
// same facts, and nothing of the values that were sent.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Ajv2020 from 'ajv/dist/2020.js'
import { z } from 'zod'
import { Gate } from '../../index.mjs'
import { connected } from './support/lowlevel.mjs'

const SECRET = 'hunter2hunter2'
const ajv = new Ajv2020.default({ allErrors: true, strict: false })

/** A schema of the argument `a`, what is sent, what callgate expects of it, and the facts that the others tell too. */
const ROWS = [
  [{ type: 'string' }, 5, 'expected string', ['string']],
  [{ type: 'number' }, SECRET, 'expected number', ['number']],
  [{ type: 'integer' }, 1.5, 'expected integer', ['integer']],
  [{ type: 'integer' }, '5', 'expected integer', ['integer']],
  [{ type: 'boolean' }, 'true', 'expected boolean', ['boolean']],
  [{ type: 'array' }, SECRET, 'expected array', ['array']],
  [{ type: 'object' }, [SECRET], 'expected object', ['object']],
  [{ type: 'null' }, 0, 'expected null', ['null']],
  [{ type: ['string', 'null'] }, 5, 'expected string or null', ['string', 'null']],
  [{ type: ['string', 'integer'] }, true, 'expected integer or string', ['string', 'integer']],
  [{ enum: ['low', 'high'] }, SECRET, 'expected one of "low"|"high"', ['low', 'high']],
  [{ enum: [1, 2, 3] }, 4, 'expected one of 1|2|3', ['1', '2', '3']],
  [{ enum: ['only'] }, SECRET, 'expected "only"', ['only']],
  [{ enum: ['a', 1, null] }, SECRET, 'expected one of "a"|1|null', ['a']],
  [{ const: 'v2' }, SECRET, 'expected "v2"', ['v2']],
  [{ const: 7 }, 8, 'expected 7', ['7']],
  [{ type: 'number', maximum: 10 }, 11, 'expected at most 10', ['10']],
  [{ type: 'number', minimum: 1 }, 0, 'expected at least 1', ['1']],
  [{ type: 'number', exclusiveMaximum: 10 }, 10, 'expected less than 10', ['10']],
  [{ type: 'number', exclusiveMinimum: 0 }, 0, 'expected more than 0', ['0']],
  [{ type: 'number', minimum: -2.5 }, -3, 'expected at least -2.5', ['-2.5']],
  [{ type: 'integer', multipleOf: 5 }, 12, 'expected a multiple of 5', ['5']],
  [{ type: 'string', maxLength: 3 }, SECRET, 'expected at most 3 characters', ['3', 'characters']],
  [{ type: 'string', minLength: 20 }, SECRET, 'expected at least 20 characters', ['20', 'characters']],
  [{ type: 'string', minLength: 1 }, '', 'expected at least 1 character', ['1', 'character']],
  [{ type: 'string', pattern: '^[a-z]+$' }, SECRET, 'expected text that matches "^[a-z]+$"', ['^[a-z]+$']],
  [{ type: 'array', maxItems: 2 }, [1, 2, 3], 'expected at most 2 items', ['2', 'items']],
  [{ type: 'array', minItems: 1 }, [], 'expected at least 1 item', ['1', 'item']],
  [{ type: 'array', uniqueItems: true }, [1, 1], 'expected items that differ from each other', ['items']],
  [{ type: 'array', items: { type: 'string' } }, ['a', 5], 'expected string', ['string'], '/a/1'],
  [{ type: 'array', items: { enum: ['x', 'y'] } }, ['z'], 'expected one of "x"|"y"', ['x', 'y'], '/a/0'],
  [
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
    ['a', SECRET],
    'expected integer',
    ['integer'],
    '/a/1',
  ],
  [{ type: 'object', maxProperties: 1 }, { b: 1, c: 2 }, 'expected at most 1 member', ['1']],
  [{ type: 'object', minProperties: 1 }, {}, 'expected at least 1 member', ['1']],
  [{ type: 'object', required: ['path'] }, {}, 'the member "path" is missing', ['path']],
  [{ type: 'object', required: ['x', 'y'] }, { x: 1 }, 'the member "y" is missing', ['y']],
  [{ type: 'object', dependentRequired: { x: ['z'] } }, { x: 1 }, 'the member "z" is missing', ['z']],
  [
    { type: 'object', properties: {}, additionalProperties: false },
    { x: 1 },
    'expected nothing of this name',
    ['propert'],
    '/a/x',
  ],
  [
    { type: 'object', propertyNames: { maxLength: 3 } },
    { long_name: 1 },
    'expected a name that is at most 3 characters',
    ['3'],
  ],
  [
    { type: 'object', properties: { n: { type: 'integer' } } },
    { n: SECRET },
    'expected integer',
    ['integer'],
    '/a/n',
  ],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 5, 'expected string or null', ['string', 'null']],
  [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 5, 'expected string or array', ['string', 'array']],
  [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, SECRET, 'expected "a" or "b"', ['a', 'b']],
  [
    { oneOf: [{ type: 'integer', maximum: 3 }, { type: 'boolean' }] },
    9,
    'expected at most 3 or boolean',
    ['3', 'boolean'],
  ],
  [
    { oneOf: [{ type: 'number' }, { type: 'integer' }] },
    3,
    'expected what matches one alternative alone',
    ['one'],
  ],
  [{ not: { const: 'root' } }, 'root', 'expected anything but "root"', []],
  [{ not: { type: 'string' } }, SECRET, 'expected anything but string', []],
  [
    { type: 'array', contains: { type: 'string' } },
    [1],
    'expected another number of items that match `contains`',
    ['contain'],
  ],
]

describe('a refusal by a schema', () => {
  assert.ok(ROWS.length >= 40)
  for (const [schema, value, expected, facts, pointer = '/a'] of ROWS) {
    it(`${JSON.stringify(schema)} says: ${expected}`, async (t) => {
      const inputSchema = { type: 'object', properties: { a: schema } }
      const args = { a: value }

      const gate = new Gate()
      const events = []
      gate.onVerdict((event) => events.push(event))
      const call = await connected(t, gate, { take: inputSchema })
      const { content, isError } = await call('take', args)
      assert.equal(isError, true)
      const [{ text }] = content
      const finding = events.map((event) => event.finding).find((one) => one.pointer.endsWith(pointer))
      assert.equal(text.split('\n')[0], `Refused: argument ${pointer}: ${expected} (${finding.rule})`)
      assert.ok(expected.includes(finding.expected), finding.expected)

      // Without a gate.
      const validate = ajv.compile(inputSchema)
      assert.equal(validate(args), false)
      const others = [JSON.stringify(validate.errors)]
      try {
        others.push(JSON.stringify(z.fromJSONSchema(inputSchema).safeParse(args).error?.issues ?? []))
      } catch {
        // What zod does not read.
      }
      for (const fact of facts) {
        const quoted = JSON.stringify(fact).slice(1, -1)
        assert.ok(
          others.some((told) => told.includes(quoted)),
          `${fact} in ${others}`,
        )
        assert.ok(text.includes(fact) || fact === 'propert' || fact === 'contain', text)
      }

      // Neither values nor what only the operator can change.
      assert.ok(!text.includes(SECRET), text)
      assert.ok(!JSON.stringify(events).includes(SECRET))
      assert.ok(!/policy|rules\[|tools\[/.test(text), text)
    })
  }
})

describe('any other refusal', () => {
  const policy = {
    access: { tools: { deny: ['drop'] } },
    tools: {
      take: {
        arguments: {
          '/path': { kind: 'path' },
          '/url': { kind: 'url' },
          '/word': { kind: 'word' },
          '/id': { kind: 'identifier' },
          '/host': { kind: 'host' },
        },
      },
    },
    limits: { depth: 8, stringBytes: 1000 },
  }
  for (const [tool, args, rule] of [
    ['take', { path: '../x' }, 'path.outside-root'],
    ['take', { path: 'a\0b' }, 'path.nul'],
    ['take', { url: 'http://127.0.0.1/' }, 'url.private'],
    ['take', { url: 'ftp://example.com/' }, 'url.scheme'],
    ['take', { url: 'http://169.254.169.254/' }, 'url.metadata'],
    ['take', { word: '--output=x' }, 'injection.argument'],
    ['take', { id: 'a; drop' }, 'injection.identifier'],
    ['take', { host: 'localhost' }, 'url.private'],
    ['take', { constructor: { prototype: 1 } }, 'json.prototype-key'],
    ['take', { deep: [[[[[[[[[]]]]]]]]] }, 'limit.depth'],
    ['take', { long: 'x'.repeat(2000) }, 'limit.string'],
    ['drop', {}, 'access.denied'],
  ]) {
    it(`${rule} names no member of the policy to the model, and one to the operator`, async (t) => {
      const gate = new Gate(policy)
      const events = []
      gate.onVerdict((event) => events.push(event))
      const call = await connected(t, gate, { take: { type: 'object' }, drop: { type: 'object' } })
      const told = await call(tool, args).then(
        ({ content }) => content[0].text,
        ({ message, data }) => `${message} ${JSON.stringify(data)}`,
      )
      const event = events.find((one) => one.finding.action === 'deny')
      assert.ok(events.length > 0, told)
      assert.ok(told.includes(events.find((one) => told.includes(one.rule))?.rule ?? rule), told)
      assert.ok(!/policy:|rules\[|tools\[|paths\.|urls\./.test(told), told)
      // Nothing lifts a NUL in a path.
      assert.equal(typeof event.member, rule === 'path.nul' ? 'undefined' : 'string')
    })
  }
})
