import {
  auditToolArgs,
  CallgateError,
  type Finding,
  Gate,
  type Policy,
  type RuleId,
  type Sanitized,
  ValidatedPath,
  type Verdict,
  validatePath,
  version,
} from 'callgate'

const policy: Policy = {
  mode: 'observe',
  limits: { depth: 8 },
  paths: { roots: ['.'], hardLinks: 'deny' },
  sanitize: { maxChars: 1000, wikiLinks: 'keep' },
  rules: { 'json.*': 'flag', 'path.blocked': 'off' },
  tools: { read: { arguments: { '/path': { kind: 'path', intent: 'read' } }, limits: { nodes: 10 } } },
}
const gate: Gate = new Gate(policy)
const verdict: Verdict = gate.audit('read', new Uint8Array(2))
const rules: RuleId[] = verdict.findings.map((finding: Finding) => finding.rule)
const { value }: { value: unknown } = gate.auditParsed('read', { path: 'a' })
const pending: Promise<Verdict> = gate.auditAsync('read', '{}')
const found: ValidatedPath = gate.resolvePath('a', { intent: 'write', base: 'sub' })
const kind: 'file' | 'directory' | 'missing' = found.kind
const file: number = gate.openPath('a', { intent: 'write', create: true, mode: 0o600 })
const { text, removed }: Sanitized = gate.sanitize('a')
const texts: string[] = [
  text,
  ...removed.map(({ kind }) => kind),
  version,
  validatePath('.', 'a').relative,
  Gate.load('gate.json').checkPath('a').action,
]
const error = new CallgateError('input.type', 'text')
const code: string = error.code
const optional: Finding | undefined = error.finding
auditToolArgs([1, 2], policy)

// @ts-expect-error only a gate makes one
new ValidatedPath()
// @ts-expect-error not a Json
gate.audit('read', 1)
// @ts-expect-error the pool takes bytes and text
gate.auditAsync('read', {})
// @ts-expect-error no such intent
gate.resolvePath('a', { intent: 'execute' })
// @ts-expect-error no such member
new Gate({ limit: {} })
// @ts-expect-error no such rule
new Gate({ rules: { 'json.nope': 'off' } })
// @ts-expect-error verdicts are read only
verdict.action = 'allow'
// @ts-expect-error findings are read only
verdict.findings.push()

export { code, file, kind, optional, pending, rules, texts, value }
