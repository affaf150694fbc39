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
  PresetName,
  RuleId,
  Severity,
  ToolPolicy,
  Verdict,
  VerdictEvent,
} from './index.js'
export { auditToolArgs, CallgateError, Gate, ValidatedPath, validatePath, version } from './index.js'
