// Writes docs/policy.md: node __test__/support/policy/write-page.mjs

import { writeFileSync } from 'node:fs'
import { FILE, page, schema } from './page.mjs'

writeFileSync(FILE, page(schema()))
