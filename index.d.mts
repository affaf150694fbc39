export type {
  Action,
  ArgumentPolicy,
  Finding,
  Intent,
  Json,
  Limits,
  OpenOptions,
  PathOptions,
  PathPolicy,
  Policy,
  RedactPolicy,
  RuleId,
  Severity,
  ToolPolicy,
  Verdict,
} from './index.js'
export { auditToolArgs, CallgateError, Gate, ValidatedPath, validatePath, version } from './index.js'
