// Notes in a folder. Every file is reached through `gate.files`, so what was checked is what is read and written,
// whatever is renamed meanwhile.

import { CallgateError, type Files } from 'callgate'

export class Notes {
  constructor(private readonly files: Files) {}

  read(path: string): Promise<string> {
    return this.files.readFile(path, { encoding: 'utf8' })
  }

  /** Replaces the note at once: who reads it meanwhile sees the old text or the new one. */
  write(path: string, text: string): Promise<void> {
    return this.files.writeFile(path, text)
  }

  async list(folder: string): Promise<string[]> {
    return (await this.files.readDir(folder)).map(({ name }) => name)
  }

  /** Names of the notes in a folder that hold `query`; what the gate refuses is left out. */
  async search(folder: string, query: string, limit: number): Promise<string[]> {
    const found: string[] = []
    for (const name of await this.list(folder)) {
      if (found.length >= limit) {
        break
      }
      if ((await this.#readable(`${folder}/${name}`))?.includes(query)) {
        found.push(name)
      }
    }
    return found
  }

  async #readable(path: string): Promise<string | undefined> {
    try {
      return await this.read(path)
    } catch (error) {
      if (error instanceof CallgateError) {
        return undefined
      }
      throw error
    }
  }
}
