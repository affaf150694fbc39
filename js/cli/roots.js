// @ts-check
'use strict'

// Where a server may go, as its command and its environment tell: folders that are named there are the roots that are meant.

const { realpathSync, statSync } = require('node:fs')
const { homedir } = require('node:os')
const { dirname, isAbsolute, parse, resolve } = require('node:path')

/** @import { Coverage, Gate } from '../../index.js' */

/**
 * What was read.
 *
 * @typedef {object} Surroundings
 * @property {{ folder: string, from: string }[]} roots folders that are named, and where
 * @property {boolean} areOutputs whether each of them is named as one that is written to, and none as one that is read
 * @property {string[]} lines what was seen, and what is not understood
 */

/** Names of options and variables that say where a server may go. */
const PLACE =
  /(?:^|[_-])(?:dirs?|director(?:y|ies)|folders?|roots?|paths?|workspace|vault|repo(?:sitory)?|notes?|data|storage|base|home|files?|db|database|sqlite|file|project)(?:$|[_-])/i
/** Names of those that say what a server writes, and nothing of what it reads. */
const OUTPUT =
  /(?:^|[_-])(?:out|outputs?|exports?|downloads?|saves?|saved|screenshots?|captures?|results?|reports?|artifacts?|dist|builds?|dest|destination|logs?|cache|te?mp|backups?)(?:$|[_-])/i
/** What is said where relative paths lie in no root. */
const RELATIVE =
  'the server is started in a folder that is in no root: relative paths will be refused, unless the policy says that ' +
  'the server joins them to the root (paths.relative: "root")'
/** Variables of the system and of programs, which say nothing of the server. */
const SYSTEM = new RegExp(
  `^(?:${[
    '_|PATH|HOME|PWD|OLDPWD|SHELL|TERM|LANG|LC_.*|USER|LOGNAME|TMPDIR|TEMP|TMP|EDITOR|HOSTNAME|MAIL|SHLVL|DISPLAY',
    'MANPATH|INFOPATH|CDPATH|CLASSPATH|PKG_CONFIG_PATH|LD_.*|DYLD_.*|XDG_.*|DBUS_.*|SSH_.*|GPG_.*',
    'NODE_.*|NPM_.*|npm_.*|NVM_.*|BUN_.*|DENO_.*|PYTHON.*|PYENV_.*|VIRTUAL_ENV|UV_.*|PIP_.*|CONDA_.*',
    'CARGO_.*|RUSTUP_.*|GIT_.*|JAVA_.*|GOPATH|GOROOT|GOMODCACHE|GOCACHE',
    '.*_CA_.*|.*CERT.*|.*_CONFIG_(?:FILE|PATH|DIR)',
    'SYSTEMROOT|WINDIR|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAM.*|COMMONPROGRAM.*|ALLUSERSPROFILE|COMSPEC',
    'HOMEPATH|HOMEDRIVE|PUBLIC|PATHEXT|PSMODULEPATH',
  ].join('|')})$`,
)
/** Where programs and their settings lie: a variable that leads there says nothing of the server's own files. */
const INSTALLED = /^\/(?:etc|usr|bin|sbin|lib\d*|opt|proc|sys|dev|boot|nix|snap)(?:\/|$)/
/** Between several folders in one variable. */
const SEPARATOR = process.platform === 'win32' ? /[;,]/ : /[:,;]/

/** @param {string} path */
function statOf(path) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/**
 * A path with the home folder in the place of `~`.
 *
 * @param {string} text
 */
function expanded(text) {
  return text === '~' || text.startsWith('~/') ? `${homedir()}${text.slice(1)}` : text
}

/**
 * The folder that a value names: itself, or that of the file that it is, or that it would be.
 *
 * @param {string} value
 * @param {boolean} isNamed whether its name says that it is a place
 * @returns {string | undefined}
 */
function folderOf(value, isNamed) {
  if (value === '' || value.length > 4096 || value.includes('\0') || /^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return undefined
  }
  const path = resolve(expanded(value))
  const found = statOf(path)
  if (found?.isDirectory()) {
    return path
  }
  const looksLikePath = isAbsolute(expanded(value)) || /[/\\]/.test(value) || /^\.{1,2}$/.test(value)
  const isFile =
    found?.isFile() || (found === undefined && /\.(?:db|sqlite3?|jsonl?|csv|txt|md)$/i.test(value))
  if (isNamed && isFile && (looksLikePath || found !== undefined)) {
    return statOf(dirname(path))?.isDirectory() ? dirname(path) : undefined
  }
  return undefined
}

/**
 * Whether a folder is too wide to be meant: that of the system, or of all of the user's.
 *
 * @param {string} folder
 */
function isWide(folder) {
  const real = (/** @type {string} */ path) => {
    try {
      return realpathSync(path)
    } catch {
      return path
    }
  }
  const wide = [parse(folder).root, homedir(), dirname(homedir())].map(real)
  return wide.includes(real(folder))
}

/** @typedef {{ value: string, from: string, isNamed: boolean, isOutput: boolean }} Candidate */

/**
 * @param {string} value
 * @param {string} from
 * @param {string} [name] that it has there
 * @returns {Candidate}
 */
function candidate(value, from, name = '') {
  return { value, from, isNamed: PLACE.test(name), isOutput: OUTPUT.test(name) }
}

/**
 * @param {string[]} args
 * @returns {Candidate[]}
 */
function fromArguments(args) {
  return args.flatMap((arg, index) => {
    const option = /^--?([\w-]+)=(.*)$/s.exec(arg)
    if (option !== null) {
      const [, name = '', value = ''] = option
      return [candidate(value, `argument --${name}`, name)]
    }
    if (arg.startsWith('-')) {
      return []
    }
    const before = args[index - 1] ?? ''
    const name = before.startsWith('-') && !before.includes('=') ? before.replace(/^-+/, '') : undefined
    return [candidate(arg, name === undefined ? `argument ${index + 1}` : `argument --${name}`, name)]
  })
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Candidate[]}
 */
function fromEnvironment(env) {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (SYSTEM.test(name) || !PLACE.test(name)) {
      return []
    }
    const whole = folderOf(value, true) === undefined ? value.split(SEPARATOR) : [value]
    return whole
      .filter((part) => !INSTALLED.test(part.trim()))
      .map((part) => candidate(part.trim(), `environment ${name}`, name))
  })
}

/**
 * The folders that a command and its environment name. The script that the command runs is none.
 *
 * @param {string[]} command
 * @param {Record<string, string | undefined>} env
 * @returns {Surroundings}
 */
function surroundings([, ...args], env) {
  /** @type {Map<string, { from: string, isOutput: boolean }>} */
  const roots = new Map()
  /** @type {string[]} */
  const lines = []
  for (const { value, from, isNamed, isOutput } of [...fromArguments(args), ...fromEnvironment(env)]) {
    const folder = folderOf(value, isNamed)
    if (folder !== undefined && isWide(folder)) {
      lines.push(`${from} names ${folder}, which is too wide for a root: narrow it with --root`)
    } else if (folder !== undefined) {
      const known = roots.get(folder)
      roots.set(folder, { from: known?.from ?? from, isOutput: isOutput && known?.isOutput !== false })
    } else if (isNamed && value !== '') {
      lines.push(`${from} is not understood: it names no folder and no file that is there`)
    }
  }
  const named = [...roots].map(([folder, { from }]) => ({ folder, from }))
  const areOutputs = roots.size > 0 && [...roots.values()].every(({ isOutput }) => isOutput)
  return {
    roots: named,
    areOutputs,
    lines: [
      ...named.map(({ folder, from }) => `${from} names the folder ${folder}`),
      ...(areOutputs ? ['that is where the server writes: nothing names what it reads'] : []),
      ...lines,
    ],
  }
}

/**
 * What is to be known of relative paths, where any argument is a path.
 *
 * @param {Gate} gate
 * @param {Coverage} coverage
 * @returns {string[]}
 */
function relativeLines(gate, { roots, tools }) {
  const takesPaths = tools.some((tool) => tool.arguments.some(({ kind }) => kind === 'path'))
  return takesPaths && roots > 0 && !gate.setServerProcess() ? [RELATIVE] : []
}

module.exports = { RELATIVE, isWide, relativeLines, surroundings }
