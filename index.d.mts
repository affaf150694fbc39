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
  RuleId,
  Severity,
  ToolPolicy,
  UrlPolicy,
  Verdict,
} from './index.js'
export { auditToolArgs, CallgateError, Gate, ValidatedPath, validatePath, version } from './index.js'
