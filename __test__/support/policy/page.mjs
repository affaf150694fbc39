// The page docs/policy.md, made from the schema of policies alone.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))

export const FILE = path('docs/policy.md')

/** @returns {any} */
export const schema = () => JSON.parse(readFileSync(path('schemas/policy.schema.json'), 'utf8'))

/** Columns that a line of an example may have. */
const WIDTH = 100

/**
 * A member of the policy, or of a part of it.
 *
 * @typedef {object} Member
 * @property {string} name
 * @property {any} node its schema, with what its `$ref` points to
 * @property {boolean} required
 * @property {string | undefined} group the id of its own section
 */

/**
 * Objects whose members have a section: those of one definition share it.
 *
 * @typedef {object} Group
 * @property {string} id the definition, or the path
 * @property {string[]} paths where it stands: `tools.<tool>.limits`
 * @property {any} node
 * @property {Member[]} members
 * @property {object[]} examples whole policies
 */

/** Every group, in the order of the schema; the policy itself is the first. @returns {Group[]} */
export function groupsOf(root) {
  const resolved = (node) =>
    node.$ref === undefined
      ? node
      : {
          ...resolved(
            node.$ref
              .split('/')
              .slice(1)
              .reduce((at, name) => at[name], root),
          ),
          ...node,
        }
  // What stands in several places is described by its definition, and not as in one of them.
  const own = (given, node) =>
    given.$ref === undefined ? node : { ...node, ...resolved({ $ref: given.$ref }) }
  /** @type {Map<string, Group>} */
  const groups = new Map()

  /**
   * @param {any} given
   * @param {string[]} names with placeholders
   * @param {string[]} keys the same with keys of an example
   */
  const walk = (given, names, keys) => {
    const node = resolved(given)
    const isMap = typeof node.additionalProperties === 'object'
    if (node.properties === undefined && !isMap) {
      return undefined
    }
    const id = given.$ref ?? names.join('.')
    const known = groups.get(id)
    if (known !== undefined) {
      known.paths.push(names.join('.'))
      return id
    }
    /** @type {Group} */
    const group = { id, paths: [names.join('.')], node: own(given, node), members: [], examples: [] }
    groups.set(id, group)
    if (isMap) {
      const { title = 'name', examples: [key] = ['name'] } = node.propertyNames ?? {}
      walk(node.additionalProperties, [...names, `<${title}>`], [...keys, key])
    } else {
      for (const [name, member] of Object.entries(node.properties)) {
        group.members.push({
          name,
          node: resolved(member),
          required: node.required?.includes(name) ?? false,
          group: walk(member, [...names, name], [...keys, name]),
        })
      }
    }
    group.examples = (node.examples ?? [defaultsOf(group)]).map((example) =>
      keys.reduceRight((value, key) => ({ [key]: value }), example),
    )
    return id
  }
  walk(root, [], [])
  return [...groups.values()]
}

/** A group with every member at its default. @param {Group} group */
function defaultsOf({ members }) {
  const known = members.filter(({ node }) => node.default !== undefined)
  return Object.fromEntries(known.map(({ name, node }) => [name, node.default]))
}

/** The part of an address by which a heading is reached. @param {string} heading */
export const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** Text in a cell or paragraph, as it is. */
const plain = (text) => text.replace(/[\\*_[\]<>|&`]/g, '\\$&')
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``
const count = (number) => number.toLocaleString('en-US')

/** What a value of a schema may be, in words. @param {any} node */
function typeOf(node, resolve) {
  if (node.$ref !== undefined) {
    return typeOf(resolve(node), resolve)
  }
  if (node.const !== undefined) {
    return code(JSON.stringify(node.const))
  }
  if (node.enum !== undefined) {
    return node.enum.map((value) => code(JSON.stringify(value))).join(', ')
  }
  if (node.anyOf !== undefined) {
    const [one, ...others] = node.anyOf.map((type) => typeOf(type, resolve))
    return [one, ...others.map((other) => other.replace(one, 'these'))].join('; or ')
  }
  if (node.type === 'array') {
    return `list of ${typeOf(node.items, resolve)}${node.uniqueItems ? ', each once' : ''}`
  }
  if (node.type === 'integer') {
    return `integer, ${count(node.minimum)} to ${count(node.maximum)}`
  }
  if (node.type === 'string' && node.pattern !== undefined && node.pattern !== '.') {
    return `string that matches ${code(node.pattern)}`
  }
  return [node.type].flat().join(' or ')
}

/** JSON with as much on a line as it takes. */
function written(value, indent = '') {
  if (typeof value !== 'object') {
    return JSON.stringify(value)
  }
  const [open, close, pad] = Array.isArray(value) ? ['[', ']', ''] : ['{', '}', ' ']
  const parts = (inner) =>
    Object.entries(value).map(
      ([key, item]) => (Array.isArray(value) ? '' : `${JSON.stringify(key)}: `) + written(item, inner),
    )
  const line = parts('').join(', ')
  const flat = line === '' ? open + close : `${open}${pad}${line}${pad}${close}`
  if (!flat.includes('\n') && indent.length + flat.length <= WIDTH) {
    return flat
  }
  const inner = `${indent}  `
  const lines = parts(inner).map((part) => inner + part)
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

/** The page. @param {any} root the schema */
export function page(root) {
  const groups = groupsOf(root)
  const resolve = ({ $ref, ...own }) => ({
    ...$ref
      .split('/')
      .slice(1)
      .reduce((at, name) => at[name], root),
    ...own,
  })
  const headings = new Map(groups.map(({ id, paths }) => [id, paths.map(code).join(', ')]))

  /** @param {Member} member */
  const row = ({ name, node, required, group }) => {
    const type = group === undefined ? typeOf(node, resolve) : `[object](#${anchor(headings.get(group))})`
    const standard = node.default === undefined ? 'none' : code(JSON.stringify(node.default))
    return `| ${code(name)} | ${type} | ${required ? 'required' : standard} | ${plain(node.description)} |`
  }
  /** @param {Group} group */
  const section = ({ id, node, members, examples }) => {
    const parts = []
    if (id !== '') {
      parts.push(`## ${headings.get(id)}`, plain(node.description))
    }
    if (members.length > 0) {
      parts.push(
        ['| member | type | default | what it does |', '| --- | --- | --- | --- |', ...members.map(row)].join(
          '\n',
        ),
      )
    }
    if (typeof node.additionalProperties === 'object') {
      parts.push(...mapOf(node))
    }
    parts.push(...examples.map((example) => `\`\`\`json\n${written(example)}\n\`\`\``))
    return parts.join('\n\n')
  }
  /** What a member of any name may be, and which names are no free choice. @param {any} node */
  const mapOf = ({ propertyNames, additionalProperties: value, properties = {} }) => {
    const { title = 'name', pattern } = propertyNames ?? {}
    const [own, fixed] = [groups.find(({ id }) => id === value.$ref), Object.entries(properties)]
    const type =
      own === undefined ? typeOf(value, resolve) : `an object: [below](#${anchor(headings.get(own.id))})`
    return [
      `Each \`<${title}>\`${pattern === undefined ? '' : ` (matching \`${pattern}\`)`} has ${type}.`,
      ...(fixed.length === 0 ? [] : [`These take nothing but what is shown: ${fixed.map(only).join(', ')}.`]),
    ]
  }
  const only = ([name, { const: value }]) => `\`${name}\` ${code(JSON.stringify(value))}`

  const [policy, ...rest] = groups
  return `# Policy

${plain(root.description)}

This page is made from \`schemas/policy.schema.json\` by \`node __test__/support/policy/write-page.mjs\`, and every example in
it is read by a gate in the tests. With \`"$schema": "./node_modules/callgate/schemas/policy.schema.json"\` in the file an editor
completes and explains the members; the ids of rules are in [rules.md](rules.md). \`npx callgate policy show FILE\` prints the whole
policy that comes of a file, and where each member came from. Kinds of arguments are in [kinds.md](kinds.md), the names of secrets in
[secret-keys.md](secret-keys.md).

\`new Gate(policy)\` takes a policy, \`Gate.load(file)\` a file with one; without a policy every member has its default. A policy
that is wrong is refused as a whole: \`CallgateError\`, code \`policy.invalid\`, with the JSON Pointer of the fault.

${section(policy)}

${rest.map(section).join('\n\n')}
`
}
