// The page of secret keys has the words that the library has.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

/** The words of a list in the source. */
function wordsOf(source, name) {
  const [, text] = new RegExp(`const ${name}: &str = "(.*?)";`, 's').exec(source)
  return text.replaceAll(/\\\n\s*/g, '').split(' ')
}

it('docs/secret-keys.md names every word', () => {
  const source = read('src/secrets/dictionary.rs')
  const page = read('docs/secret-keys.md')
  for (const name of ['SECRET', 'KEYS', 'PAIRS', 'ABOUT', 'COUNTED', 'FLAGS', 'PASSED']) {
    const words = wordsOf(source, name).map((word) => `\`${word.replace('+', ' ')}\``)
    const found = page.split(/\n\n/).some((part) => part.trim().replaceAll('\n', ' ') === words.join(' '))
    assert.ok(found, `${name}: ${words.join(' ')}`)
  }
})
