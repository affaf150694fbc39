import { Agent } from 'node:https'
import {
  auditToolArgs,
  CallgateError,
  type Files,
  type Finding,
  Gate,
  type InferredKinds,
  inferKinds,
  type Policy,
  type PresetName,
  type ReadDirEntry,
  type RuleId,
  type Sanitized,
  ValidatedPath,
  type Verdict,
  type VerdictEvent,
  validatePath,
  version,
} from 'callgate'
import { createLookup, guardedFetch, type LookupFunction } from 'callgate/http'

const policy: Policy = {
  mode: 'observe',
  limits: { depth: 8 },
  paths: { roots: ['.'], hardLinks: 'deny' },
  urls: { schemes: ['https'], allowHosts: ['*.example.com'], denyHosts: [], allowPrivate: true },
  sanitize: { maxChars: 1000, wikiLinks: 'keep' },
  results: { injection: 'annotate', redact: 'names', limits: { messageBytes: 1 << 26 } },
  rules: { 'json.*': 'flag', 'path.blocked': 'off', 'schema.maxLength': 'flag', 'tool.poisoned': 'flag' },
  access: { peer: ['sampling', 'elicitation'] },
  tools: {
    read: {
      arguments: { '/path': { kind: 'path', intent: 'read' } },
      limits: { nodes: 10 },
      mode: 'enforce',
    },
    write: { schema: { type: 'object' } },
    drop: { schema: false },
  },
}
const presets: readonly PresetName[] = ['callgate:coding', 'callgate:strict']
const extended: Policy[] = [{ extends: presets }, { extends: 'callgate:fetch' }, { extends: [], ...policy }]
const gate: Gate = new Gate(policy)
const verdict: Verdict = gate.audit('read', new Uint8Array(2))
const rules: RuleId[] = verdict.findings.map((finding: Finding) => finding.rule)
const { value }: { value: unknown } = gate.auditParsed('read', { path: 'a' })
const pending: Promise<Verdict> = gate.auditAsync('read', '{}')
const found: ValidatedPath = gate.resolvePath('a', { intent: 'write', base: 'sub' })
const kind: 'file' | 'directory' | 'missing' = found.kind
const file: number = gate.openPath('a', { intent: 'write', create: true, mode: 0o600 })
const files: Files = gate.files
const read: Promise<Buffer> = files.readFile('a', { maxBytes: 1 })
const decoded: string = files.readFileSync('a', { encoding: 'utf8' })
const listed: Promise<ReadDirEntry[]> = files.readDir('.', { recursive: true })
const { text, removed }: Sanitized = gate.sanitize('a')
const texts: string[] = [
  text,
  ...removed.map(({ kind }) => kind),
  decoded,
  version,
  validatePath('.', 'a').relative,
  Gate.load('gate.json').checkPath('a').action,
]
const kinds: InferredKinds = inferKinds({ properties: { url: { type: 'string' } } })
const judgedAs: 'path' | 'opaque' | undefined = kinds['/url'] === 'path' ? kinds['/url'] : undefined
const link: Verdict = gate.checkUrl('https://example.com')
const address: Verdict = gate.checkAddress('example.com', '8.8.8.8')
const lookup: LookupFunction = createLookup(gate, { resolver: (_host, _options, done) => done(null, []) })
const agent = new Agent({ lookup })
const page: Promise<Response> = guardedFetch(gate, new URL('https://example.com'), {
  method: 'POST',
  body: 'x',
})
const error = new CallgateError('input.type', 'text')
const code: string = error.code
const optional: Finding | undefined = error.finding
auditToolArgs([1, 2], policy)
const end: () => void = gate.onVerdict(({ surface, tool, verdict: { action } }: VerdictEvent) => {
  const where: 'audit' | 'message' | 'path' | 'result' | 'url' = surface
  return [where, tool?.length, action]
})
gate.onVerdict(async () => {})
const ends: (() => void)[] = [end, gate.logRefusals(), gate.logRefusals({ flags: true })]

// @ts-expect-error no schema
inferKinds(3)
// @ts-expect-error frozen
kinds['/url'] = 'path'
// @ts-expect-error only a gate makes one
new ValidatedPath()
// @ts-expect-error not a Json
gate.audit('read', 1)
// @ts-expect-error the pool takes bytes and text
gate.auditAsync('read', {})
// @ts-expect-error no such intent
gate.resolvePath('a', { intent: 'execute' })
// @ts-expect-error a list
new Gate({ urls: { allowHosts: 'example.com' } })
// @ts-expect-error no such member
new Gate({ limit: {} })
// @ts-expect-error a schema is an object or a boolean
new Gate({ tools: { read: { schema: 'object' } } })
// @ts-expect-error no such rule
new Gate({ rules: { 'json.nope': 'off' } })
// @ts-expect-error no such preset
new Gate({ extends: 'callgate:none' })
// @ts-expect-error no such mode
new Gate({ tools: { t: { mode: 'off' } } })
// @ts-expect-error no such option
gate.logRefusals({ flag: true })
// @ts-expect-error the callback is a function
gate.onVerdict()
// @ts-expect-error verdicts are read only
verdict.action = 'allow'
// @ts-expect-error a Buffer unless an encoding is given
const undecoded: string = files.readFileSync('a')
// @ts-expect-error no such option
files.writeFile('a', 'text', { overwrite: true })
// @ts-expect-error findings are read only
verdict.findings.push()

export {
  address,
  agent,
  code,
  ends,
  extended,
  file,
  judgedAs,
  kind,
  link,
  listed,
  optional,
  page,
  pending,
  read,
  rules,
  texts,
  undecoded,
  value,
}
