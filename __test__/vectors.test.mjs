// The vectors that Rust and C run too; tests/vectors/README.md says what they hold.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gate, inferKinds } from '../index.mjs'
import { refusal, rulesOf } from './support/callgate.mjs'
import { temporaryFolder } from './support/temporary.mjs'

const VECTORS = fileURLToPath(new URL('../tests/vectors/', import.meta.url))

/** @param {string} name */
function vectors(name) {
  return JSON.parse(readFileSync(join(VECTORS, name), 'utf8'))
}

function bytesOf({
  message,
  messageHex,
  messageRepeat,
  args = message,
  argsHex = messageHex,
  argsRepeat = messageRepeat,
}) {
  if (argsHex !== undefined) {
    return Buffer.from(argsHex, 'hex')
  }
  if (argsRepeat !== undefined) {
    const { before = '', unit, count, after = '' } = argsRepeat
    return Buffer.from(before + unit.repeat(count) + after)
  }
  return Buffer.from(args)
}

/** Of each finding, the members that the expectation names. */
function named(findings, expected) {
  return findings.map((finding, index) =>
    Object.fromEntries(Object.keys(expected[index] ?? finding).map((member) => [member, finding[member]])),
  )
}

/** Makes the tree below `temp`. */
function plant(temp, tree) {
  for (const entry of placed(tree, temp)) {
    const path = join(temp, entry.dir ?? entry.file ?? entry.link ?? entry.hardLink ?? entry.fifo)
    mkdirSync(entry.dir === undefined ? dirname(path) : path, { recursive: true })
    if (entry.file !== undefined) {
      writeFileSync(path, entry.text)
    } else if (entry.link !== undefined) {
      symlinkSync(entry.target, path)
    } else if (entry.hardLink !== undefined) {
      linkSync(join(temp, entry.of), path)
    } else if (entry.fifo !== undefined) {
      execFileSync('mkfifo', [path])
    }
  }
}

/** The value with both placeholders replaced, at any depth. */
function placed(value, temp) {
  const text = JSON.stringify(value).replaceAll('{root}', join(temp, 'root')).replaceAll('{temp}', temp)
  return JSON.parse(text)
}

/** The policy with the root of the tree where it has no roots. */
function withRoot(policy, temp) {
  const roots = policy?.paths?.roots ?? [join(temp, 'root')]
  return { ...policy, paths: { ...policy?.paths, roots } }
}

/** A file in its full form; one that is an array holds audits. */
function contentsOf(file) {
  const contents = vectors(file)
  return Array.isArray(contents) ? { audit: contents } : contents
}

async function audits({ policy, tool = 't', server, action, findings = [], ...input }) {
  const gate = new Gate(policy)
  if (server !== undefined) {
    gate.setServerProcess(server)
  }
  const bytes = bytesOf(input)
  const verdict = gate.audit(tool, bytes)
  assert.equal(verdict.action, action)
  assert.deepEqual(named(verdict.findings, findings), findings)
  assert.deepEqual(await gate.auditAsync(tool, bytes), verdict)
  if (Buffer.from(bytes.toString()).equals(bytes)) {
    assert.deepEqual(gate.audit(tool, bytes.toString()), verdict)
  }
}

function resolves({ name, path, intent, base, policy, expect }, temp) {
  const gate = new Gate(policy)
  const options = { intent, base }
  const verdict = gate.checkPath(path, options)
  if (expect.rule !== undefined) {
    const { finding, message } = refusal(() => gate.resolvePath(path, options), expect.rule, name)
    assert.equal(finding.rule, expect.rule)
    assert.ok(!message.includes(temp), message)
    const { check = 'deny' } = expect
    assert.equal(verdict.action, check)
    assert.equal(verdict.findings[0]?.rule, check === 'allow' ? undefined : expect.rule)
    return
  }
  const { relative, kind, root = join(temp, 'root'), flags = [] } = expect
  const found = gate.resolvePath(path, options)
  assert.deepEqual(
    { ...found, findings: rulesOf(found) },
    { path: join(root, relative), relative, root, exists: kind !== 'missing', kind, findings: flags },
  )
  assert.deepEqual(rulesOf(verdict), flags)
}

function leads({ policy, action, rules, urls = [], addresses = [] }) {
  const gate = new Gate(policy)
  const checks = [
    ...urls.map((url) => [url, gate.checkUrl(url)]),
    ...addresses.map(([host, address]) => [`${host} at ${address}`, gate.checkAddress(host, address)]),
  ]
  assert.ok(checks.length > 0)
  for (const [text, verdict] of checks) {
    assert.deepEqual({ action: verdict.action, rules: rulesOf(verdict) }, { action, rules }, text)
  }
}

function sanitizes({ policy, text, clean = text, removed }) {
  const gate = new Gate(policy)
  const once = gate.sanitize(text)
  assert.equal(once.text, clean)
  const counts = Object.fromEntries(once.removed.map(({ kind, count }) => [kind, count]))
  if (removed === undefined) {
    assert.equal(once.removed.length === 0, clean === text)
  } else {
    assert.deepEqual(counts, removed)
  }
  assert.deepEqual(gate.sanitize(once.text), { text: clean, removed: [] })
}

function redacts({ policy, input, redacted = input }) {
  const gate = new Gate(policy)
  const text = input.join('')
  assert.equal(gate.redact(text), redacted.join(''))
  assert.equal(gate.redact(Buffer.from(text)), redacted.join(''))
}

/** Rules of secrets alone, for texts to redact that are audited too. */
const SECRETS = { rules: { 'injection.*': 'off', 'text.*': 'off' } }

/** A text to redact as an argument, where it says which rule finds something or that none does. */
function audited({ policy, rule, input, redacted }) {
  if (policy !== undefined || (rule === undefined) !== (redacted === undefined)) {
    return undefined
  }
  const count = redacted?.join('').split('[REDACTED]').length ?? 1
  return {
    policy: SECRETS,
    args: JSON.stringify({ text: input.join('') }),
    action: rule === undefined ? 'allow' : 'flag',
    findings: Array.from({ length: count - 1 }, () => ({ rule })),
  }
}

/** Rules of what is mended in a stream, where they only flag. */
const MENDED = new Set(['rpc.envelope', 'json.surrogate'])
function answers({ policy, of, text, action, pointers = [], replacement }) {
  const gate = new Gate(policy)
  const told = []
  gate.onVerdict(({ surface, pointer }) => told.push([surface, pointer]))
  for (const given of [text, Buffer.from(text)]) {
    const verdict = of === undefined ? gate.auditAnswer(given) : gate.auditDefinition(given, of)
    const rule = of === undefined ? 'injection.prompt' : 'tool.poisoned'
    assert.equal(verdict.action, action)
    assert.deepEqual(
      verdict.findings.map((finding) => [finding.rule, finding.pointer]),
      pointers.map((pointer) => [rule, pointer]),
    )
    assert.equal(verdict.replacement, replacement)
  }
  const expected = of === undefined ? pointers.map((pointer) => ['result', pointer]) : []
  assert.deepEqual(told, [...expected, ...expected])
}

function cleans({ policy, tool, schema, text, action, found = [], replacement }) {
  const gate = new Gate(policy)
  const told = []
  gate.onVerdict(({ surface, rule, pointer = '' }) => told.push([surface, `${rule} ${pointer}`]))
  for (const given of [text, Buffer.from(text)]) {
    for (const outputSchema of [schema, schema && JSON.stringify(schema)]) {
      const verdict = gate.cleanAnswer(given, { tool, outputSchema })
      assert.equal(verdict.action, action)
      assert.deepEqual(
        verdict.findings.map(({ rule, pointer }) => `${rule} ${pointer}`),
        found,
      )
      assert.equal(verdict.replacement, replacement)
      assert.deepEqual(
        told.splice(0),
        found.map((one) => ['result', one]),
      )
    }
  }
}

function judges({ policy, kind, id = null, method, tool, action, findings = [], ...input }) {
  const gate = new Gate(policy)
  const bytes = bytesOf(input)
  const verdict = gate.auditMessage(bytes)
  const expected = { kind, id, tool, action }
  assert.deepEqual(
    { kind: verdict.kind, id: verdict.id, tool: verdict.tool, action: verdict.action },
    expected,
  )
  assert.equal(verdict.method, method ?? verdict.method)
  assert.deepEqual(named(verdict.findings, findings), findings)
  if (Buffer.from(bytes.toString()).equals(bytes)) {
    assert.deepEqual(gate.auditMessage(bytes.toString()), verdict)
  }
  if (bytes.length === 0) {
    return
  }
  const [read, ...more] = gate.messageReader().read(Buffer.concat([bytes, Buffer.from('\r\n')]))
  assert.deepEqual(more, [])
  if (bytes.toString().startsWith('\ufeff')) {
    assert.deepEqual([read.kind, read.verdict.action], ['request', 'flag'], 'in a stream a mark is left out')
    return
  }
  assert.deepEqual({ kind: read.kind, id: read.id, tool: read.tool, action: read.verdict.action }, expected)
  const mended = findings.some(({ rule }) => MENDED.has(rule)) && gate.auditMessage(bytes).action === 'flag'
  if (!mended) {
    assert.equal(read.text, action === 'deny' ? undefined : bytes.toString())
  }
  if (read.verdict.findings.length > 0 && read.verdict.findings[0].rule !== 'limit.bytes') {
    assert.deepEqual(read.verdict, verdict)
  }
}

function infers({ schema, tool, kinds }) {
  const text = JSON.stringify(schema)
  for (const form of [schema, text, Buffer.from(text)]) {
    assert.deepEqual(inferKinds(form, tool), kinds)
  }
}

/** What lies below a folder: texts of files, `null` for folders, the targets of links. */
function stateOf(folder) {
  // Not readdir's `recursive`, which follows links.
  const states = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) {
      return { [entry.name]: { link: readlinkSync(path) } }
    }
    if (!entry.isDirectory()) {
      return { [entry.name]: readFileSync(path, 'utf8') }
    }
    const below = Object.entries(stateOf(path)).map(([name, state]) => [`${entry.name}/${name}`, state])
    return { [entry.name]: null, ...Object.fromEntries(below) }
  })
  return Object.assign({}, ...states)
}

const FILE_OPERATIONS = {
  read: ['readFile', String],
  write: ['writeFile'],
  append: ['appendFile'],
  readDir: ['readDir', (entries) => entries.map(({ name, kind, size }) => `${name} ${kind} ${size}`)],
  stat: ['stat', ({ kind, size }) => `${kind} ${size}`],
  makeDir: ['makeDir'],
  remove: ['remove'],
  rename: ['rename'],
  copy: ['copyFile'],
}

/** One operation in a tree of its own. */
async function operates({ policy = {}, call, rule, value, changes = {} }, tree, form, t) {
  const temp = temporaryFolder(t)
  plant(temp, tree)
  const expected = stateOf(temp)
  const gate = new Gate({ ...policy, paths: { ...policy.paths, roots: [join(temp, 'root')] } })
  const [operation, ...args] = call
  const [method, shown = (answer) => answer] = FILE_OPERATIONS[operation]
  const answer = async () => shown(await gate.files[method + form](...args))
  if (rule === undefined) {
    assert.deepEqual(await answer(), value)
  } else {
    const error = await answer().catch((error) => error)
    refusal(() => {
      throw error
    }, rule)
    assert.ok(!error.message.includes(temp), error.message)
  }
  for (const [path, change] of Object.entries(changes)) {
    expected[path] = change
  }
  const left = Object.entries(expected).filter(([, text]) => text !== false)
  assert.deepEqual(stateOf(temp), Object.fromEntries(left))
}

for (const file of readdirSync(VECTORS).filter((name) => name.endsWith('.json'))) {
  const {
    policy: shared,
    tree,
    audit = [],
    paths = [],
    urls = [],
    texts = [],
    redact = [],
    kinds = [],
    messages = [],
    answers: said = [],
    cleaned = [],
    files = [],
  } = contentsOf(file)
  const skip = tree !== undefined && process.platform === 'win32' && 'paths are not validated here'
  describe(file, { skip }, () => {
    const temp = tree === undefined || skip ? undefined : temporaryFolder({ after })
    if (temp !== undefined) {
      plant(temp, tree)
    }
    /** A case with the policy that holds for it. */
    const prepared = ({ policy = shared, ...rest }) =>
      temp === undefined ? { policy, ...rest } : placed({ policy: withRoot(policy, temp), ...rest }, temp)
    for (const row of audit) {
      it(row.name, () => audits(prepared(row)))
    }
    for (const row of paths) {
      it(row.name, () => resolves(prepared(row), temp))
    }
    for (const row of urls) {
      it(row.name, () => leads(prepared(row)))
    }
    for (const row of texts) {
      it(row.name, () => sanitizes(prepared(row)))
    }
    for (const row of said) {
      it(row.name, () => answers(prepared(row)))
    }
    for (const row of cleaned) {
      it(row.name, () => cleans(prepared(row)))
    }
    for (const row of redact) {
      it(row.name, () => redacts(prepared(row)))
      const audit = audited(row)
      if (audit !== undefined) {
        it(`${row.name}, audited`, () => audits(audit))
      }
    }
    for (const row of kinds) {
      it(row.name, () => infers(row))
    }
    for (const row of messages) {
      it(row.name, () => judges(prepared(row)))
    }
    for (const row of files) {
      for (const form of ['Sync', '']) {
        it(`${row.name} (${form || 'async'})`, (t) => operates(row, tree, form, t))
      }
    }
  })
}
