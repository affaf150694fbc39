// Notes in a folder. Every file is reached through a descriptor that the gate opened, so what was checked is
// what is read and written, whatever is renamed meanwhile.

import { closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { CallgateError, type Gate, type OpenOptions } from 'callgate'

export class Notes {
  constructor(private readonly gate: Gate) {}

  read(path: string): string {
    return this.#open(path, {}, (file) => readFileSync(file, 'utf8'))
  }

  write(path: string, text: string): void {
    this.#open(path, { intent: 'write', create: true, truncate: true }, (file) => writeFileSync(file, text))
  }

  list(folder: string): string[] {
    // Node lists no folder by descriptor; on Linux its name under /proc is the descriptor itself.
    return this.#open(folder, { intent: 'list' }, (file) => readdirSync(`/proc/self/fd/${file}`)).sort()
  }

  /** Names of the notes in a folder that hold `query`; what the gate refuses is left out. */
  search(folder: string, query: string, limit: number): string[] {
    const found: string[] = []
    for (const name of this.list(folder)) {
      if (found.length < limit && this.#readable(`${folder}/${name}`)?.includes(query)) {
        found.push(name)
      }
    }
    return found
  }

  #readable(path: string): string | undefined {
    try {
      return this.read(path)
    } catch (error) {
      if (error instanceof CallgateError) {
        return undefined
      }
      throw error
    }
  }

  #open<T>(path: string, options: OpenOptions, use: (file: number) => T): T {
    const file = this.gate.openPath(path, options)
    try {
      return use(file)
    } finally {
      closeSync(file)
    }
  }
}
