import callgate = require('callgate')

const gate: callgate.Gate = new callgate.Gate({ limits: { depth: 8 } })
const verdict: callgate.Verdict = gate.audit('read', '{}')
const rule: callgate.RuleId | undefined = verdict.findings[0]?.rule
const thrown: boolean = new Error('x') instanceof callgate.CallgateError

// @ts-expect-error not a Json
gate.audit('read', true)
// @ts-expect-error no default export
callgate.default

export = { rule, thrown }
