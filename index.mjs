// One implementation: a class imported here is the class that `require` gives.
import callgate from './index.js'

export const { CallgateError, Gate, ValidatedPath, auditToolArgs, inferKinds, validatePath, version } =
  callgate
