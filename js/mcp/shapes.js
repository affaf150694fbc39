// @ts-check
'use strict'

// The JSON Schema of schemas of Zod that do not tell it by themselves, as far as the kinds of arguments are told from it:
// the names, the texts and what lies in what. Of what is transformed the input side counts.

/** How deep schemas are followed that name themselves. */
const MAX_DEPTH = 16
/** Schemas in one. */
const MAX_SCHEMAS = 4096

/** What wraps another schema, by its type: the member of its definition that holds that one. */
const WRAPS = new Map([
  ...[
    'optional',
    'nullable',
    'default',
    'prefault',
    'nonoptional',
    'readonly',
    'catch',
    'success',
    'promise',
  ].map((type) => /** @type {const} */ ([type, 'innerType'])),
  ['branded', 'type'],
  ['effects', 'schema'],
])

/**
 * @param {any} schema
 * @returns {any} its definition, of Zod 3 or 4
 */
function definitionIn(schema) {
  return schema?._zod?.def ?? schema?._def
}

/** @param {any} definition */
function typeOf({ type, typeName }) {
  return typeof typeName === 'string' ? typeName.replace(/^Zod/, '').toLowerCase() : type
}

/**
 * @param {any} schema
 * @param {(schema: any) => object | undefined} told what a schema tells by itself
 * @param {number} [depth]
 * @param {{ left: number }} [room] for schemas that refer to themselves more than once
 * @returns {object | undefined} none for what is no schema of Zod
 */
function shapeOf(schema, told, depth = 0, room = { left: MAX_SCHEMAS }) {
  const definition = definitionIn(schema)
  const type = definition && typeOf(definition)
  if (typeof type !== 'string') {
    return undefined
  }
  const of = (/** @type {any} */ inner) => {
    room.left -= 1
    return depth < MAX_DEPTH && room.left > 0
      ? (told(inner) ?? shapeOf(inner, told, depth + 1, room) ?? {})
      : {}
  }
  const description = schema.description ?? definition.description
  const shape = shapeOfType(type, definition, of)
  return typeof description === 'string' ? { ...shape, description } : shape
}

/**
 * @param {string} type
 * @param {any} definition
 * @param {(schema: any) => object} of
 * @returns {object}
 */
function shapeOfType(type, definition, of) {
  const inner = WRAPS.get(type)
  if (inner !== undefined) {
    return of(definition[inner])
  }
  switch (type) {
    case 'object': {
      const { shape } = definition
      const members = Object.entries(typeof shape === 'function' ? shape() : (shape ?? {}))
      return {
        type: 'object',
        properties: Object.fromEntries(members.map(([name, member]) => [name, of(member)])),
      }
    }
    case 'pipe':
    case 'pipeline':
      // What is read first may be a function, as of `preprocess`: what it makes is all that is known then.
      return of(definitionIn(definition.in)?.type === 'transform' ? definition.out : definition.in)
    case 'lazy':
      return of(definition.getter())
    case 'array':
    case 'set':
      return { type: 'array', items: of(definition.element ?? definition.valueType ?? definition.type) }
    case 'tuple':
      return { type: 'array', prefixItems: definition.items.map(of) }
    case 'record':
      return { type: 'object', additionalProperties: of(definition.valueType) }
    case 'union':
    case 'discriminatedunion':
      return { anyOf: [...(definition.options.values?.() ?? definition.options)].map(of) }
    case 'intersection':
      return { allOf: [of(definition.left), of(definition.right)] }
    case 'string':
    case 'number':
    case 'boolean':
      return { type }
    case 'enum':
      return { enum: Object.values(definition.entries ?? definition.values ?? {}) }
    default:
      return {}
  }
}

module.exports = { shapeOf }
