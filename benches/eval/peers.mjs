// What peers do on the same inputs: secretlint, which is here, and mcp-fence, where the registry has it.

import { execFileSync } from 'node:child_process'
import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] }

/**
 * How many of the values secretlint's recommended preset says something about.
 *
 * @param {unknown[]} values
 */
export async function secretlint(values) {
  let told = 0
  for (const value of values) {
    const content = typeof value === 'string' ? value : JSON.stringify(value)
    const { messages } = await lintSource({
      source: { filePath: 'value.txt', content, contentType: 'text' },
      options: { config },
    })
    told += Number(messages.length > 0)
  }
  return told
}

const SECONDS = 20

/**
 * What the registry says of a package. Nothing is installed: a name that nobody holds may be taken by anybody, whose
 * code would run here.
 *
 * @param {string} name
 */
export function offered(name) {
  try {
    const answer = execFileSync('npm', ['view', name, 'version', 'license', '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: SECONDS * 1000,
    })
    const { version, license } = JSON.parse(answer)
    return `the registry has ${version} (${license ?? 'no license'}); not run`
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error)
    const told = `${stdout}${stderr}`
    return told.includes('E404') ? 'the registry does not have it (E404)' : 'the registry was not reached'
  }
}
