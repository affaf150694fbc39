// The folder that the server may use, and what lies around it and must never be touched.

import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** In every file outside the root: no answer of the server may hold it. */
export const CANARY = 'canary-outside-the-root'

export class Fixture {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-demo-')))
  readonly root = join(this.base, 'notes')
  readonly outside = join(this.base, 'outside')
  readonly #before: Map<string, string>

  constructor() {
    for (const folder of ['ideas', '.git/hooks', '.github', 'race']) {
      mkdirSync(join(this.root, folder), { recursive: true })
    }
    mkdirSync(this.outside)
    this.#write('todo.md', 'buy milk')
    this.#write('ideas/2024.md', 'a gate for tool calls')
    this.#write('a..b.md', 'two dots')
    this.#write('naïve.md', 'not only ASCII')
    this.#write('%41.md', 'a percent sign')
    this.#write('.env.example', 'TOKEN=')
    this.#write('.env', 'TOKEN=secret')
    this.#write('id_rsa', 'a key')
    this.#write('race/secret.md', 'inside')
    this.#write('twin.md', 'one file')
    writeFileSync(join(this.outside, 'secret.md'), CANARY)
    forgetReading(join(this.outside, 'secret.md'))
    symlinkSync('todo.md', join(this.root, 'also-todo.md'))
    symlinkSync(this.outside, join(this.root, 'escape'))
    symlinkSync(join(this.outside, 'secret.md'), join(this.root, 'escape.md'))
    symlinkSync(join(this.outside, 'missing.md'), join(this.root, 'dangling.md'))
    symlinkSync(this.outside, join(this.root, 'race-link'))
    linkSync(join(this.root, 'twin.md'), join(this.root, 'linked.md'))
    execFileSync('mkfifo', [join(this.root, 'pipe')])
    this.#before = this.#state()
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.root, name), text)
  }

  /** What changed outside the root: a name, a size, a time of writing or of reading. */
  changesOutside(): string[] {
    const after = this.#state()
    const names = new Set([...this.#before.keys(), ...after.keys()])
    return [...names].filter((name) => this.#before.get(name) !== after.get(name))
  }

  /** Whether this file system notes that a file was read; without it only writes are seen. */
  notesReads(): boolean {
    const file = join(this.base, 'probe')
    writeFileSync(file, 'x')
    forgetReading(file)
    const before = statSync(file).atimeMs
    readFileSync(file)
    return statSync(file).atimeMs !== before
  }

  #state(): Map<string, string> {
    const folder: [string, string] = ['.', String(lstatSync(this.outside).mtimeMs)]
    const files = readdirSync(this.outside).map((name): [string, string] => {
      const { mtimeMs, atimeMs, size, nlink } = lstatSync(join(this.outside, name))
      return [name, JSON.stringify({ mtimeMs, atimeMs, size, nlink })]
    })
    return new Map([folder, ...files])
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true })
  }
}

/** Sets the time of last reading into the past, so that the next reading is noted. */
function forgetReading(file: string): void {
  const { mtime } = statSync(file)
  utimesSync(file, new Date(mtime.getTime() - 3_600_000), mtime)
}
