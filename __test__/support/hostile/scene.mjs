// What hostile calls are after: files and addresses beside the folder that a server may work in. Each holds a canary.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'

/** @param {string} folder */
function repository(folder, message) {
  const git = (...args) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' })
  mkdirSync(folder, { recursive: true })
  git('init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'a.txt'), 'a\n')
  git('add', 'a.txt')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', message)
}

/** Files below a folder, with what they hold; links are not followed. */
function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      yield* filesOf(path)
    } else if (entry.isFile()) {
      yield [path, readFileSync(path, 'latin1')]
    }
  }
}

/** Files of git that change when it only looks. */
const ITS_OWN = /\.git\/(?:index|logs\/|HEAD|ORIG_HEAD|COMMIT_EDITMSG|refs\/heads\/|objects\/)/

/** A file that may be written; its other name, a hard link, is one outside. */
const INSIDE = 'root/linked.txt'
/** The folders of a scene. */
const FOLDERS = ['root', 'home', 'outside']
/** Files beside them. */
const BESIDE = ['hits', 'memory.jsonl']

export class Scene {
  #before = new Map()

  /** @param {string} temp a folder of its own */
  constructor(temp) {
    this.temp = temp
    this.canary = `canary${randomUUID().replaceAll('-', '')}`
    this.root = join(temp, 'root')
    this.home = join(temp, 'home')
    this.outside = join(temp, 'outside')
    this.hits = join(temp, 'hits')
    this.memory = join(temp, 'memory.jsonl')
    for (const folder of FOLDERS) {
      mkdirSync(join(temp, folder), { recursive: true })
    }
    this.reset()
  }

  /** Puts everything where it was in the beginning. The folders themselves stay: a server works in one of them. */
  reset() {
    const { temp } = this
    for (const folder of FOLDERS) {
      for (const name of readdirSync(join(temp, folder))) {
        rmSync(join(temp, folder, name), { recursive: true, force: true })
      }
    }
    const put = (name, text) => {
      mkdirSync(join(temp, name, '..'), { recursive: true })
      writeFileSync(join(temp, name), text)
    }
    for (const name of BESIDE) {
      put(name, '')
    }
    const secret = `the ${this.canary}\n`
    for (const name of [
      `outside/${this.canary}`,
      'outside/secret.txt',
      'outside/victim.txt',
      'root/.env',
      'root/id_rsa',
      'home/.ssh/id_rsa',
      'home/.aws/credentials',
      'home/.bashrc',
      `home/${this.canary}`,
    ]) {
      put(name, secret)
    }
    put('root/a.txt', 'inside\n')
    put('root/sub/b.txt', 'inside\n')
    repository(this.root, 'first')
    repository(join(this.root, 'repo'), 'first')
    repository(join(this.outside, 'repo'), secret)
    mkdirSync(join(this.root, '.git', 'hooks'), { recursive: true })
    symlinkSync('../outside', join(this.root, 'escape'))
    linkSync(join(this.outside, 'victim.txt'), join(this.root, 'linked.txt'))
    this.#before = this.#files()
  }

  #files() {
    const files = [...filesOf(this.temp)].map(([path, text]) => [relative(this.temp, path), text])
    return new Map(files.filter(([name]) => !ITS_OWN.test(name) && name !== INSIDE))
  }

  /**
   * What a call did that it should not have done, by what came back and by the files.
   *
   * @param {string} said all that came back
   * @returns {string | undefined}
   */
  harm(said) {
    if (said.includes(this.canary)) {
      return 'read'
    }
    if (readFileSync(this.hits, 'utf8') !== '') {
      return 'reached'
    }
    const now = this.#files()
    const changed = [...now].find(([name, text]) => this.#before.get(name) !== text)
    if (changed !== undefined) {
      return `written: ${changed[0]}`
    }
    const gone = [...this.#before.keys()].find((name) => !now.has(name))
    if (gone !== undefined) {
      return `deleted: ${gone}`
    }
    return existsSync(join(this.outside, 'made')) ? 'made a folder' : undefined
  }
}
