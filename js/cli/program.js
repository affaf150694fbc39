// @ts-check
'use strict'

const { Command, CommanderError, InvalidArgumentError, Option } = require('commander')
const { version } = require('../../package.json')
const { CliError, EXIT } = require('./exit.js')
const { shownLines } = require('./place.js')

/**
 * Where a command reads and writes: `process`, or a stand-in.
 *
 * @typedef {object} Io
 * @property {NodeJS.ReadableStream} stdin
 * @property {NodeJS.WritableStream} stdout
 * @property {NodeJS.WritableStream} stderr
 */

/** A command's own code is loaded when it runs: `build` must work where the native library is missing. */
const COMMANDS = {
  audit: () => require('./audit.js').audit,
  path: () => require('./path.js').path,
  init: () => require('./init.js').init,
  inspect: () => require('./inspect.js').inspect,
  pin: () => require('./pin.js').pin,
  policyInfer: () => require('./infer.js').infer,
  policyShow: () => require('./policy.js').show,
  proxy: () => require('./proxy.js').proxy,
}

/** @param {string} text */
function wholeNumber(text) {
  if (!/^\d{1,7}$/.test(text)) {
    throw new InvalidArgumentError('Expected a whole number.')
  }
  return Number(text)
}

/**
 * The command line of callgate.
 *
 * @param {Io} io
 * @param {(code: number) => void} done
 */
function program(io, done) {
  const root = new Command('callgate')
    .description('A gate for the tool calls of MCP servers.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // It repeats what was typed, or what a shell made of the names of files.
      outputError: (text, write) => write(shownLines(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 clean or flags only, 1 refused (--strict: or flagged), 2 usage, 3 could not run',
    )

  /** @param {keyof typeof COMMANDS} name */
  const action =
    (name) =>
    /** @param {[...unknown[], Command]} args */
    async (...args) => {
      const command = /** @type {Command} */ (args.pop())
      done(await COMMANDS[name]()(command.processedArgs[0], command.opts(), io))
    }

  root
    .command('audit')
    .description('Audit the arguments of tool calls: one JSON document, or JSON lines.')
    .argument('[file...]', 'what to read; standard input where none is named, or for -')
    .option('--policy <file>', 'the policy to enforce; the default policy without it')
    .option('--tool <name>', 'the tool whose rules hold', '')
    .option('--explain', 'say what each rule means and how a policy changes it')
    .option('--strict', 'exit with 1 for flags too')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ callgate audit --policy policy.json --tool read_note calls.jsonl')
    .action(action('audit'))

  root
    .command('path')
    .description('Check paths: where they lead, or why they are refused.')
    .argument('<path...>', 'relative to the first root, or absolute in one')
    .option('--root <folder...>', 'a folder that paths may lie in')
    .addOption(new Option('--policy <file>', 'the policy to enforce, with its roots').conflicts('root'))
    .addOption(
      new Option('--intent <intent>', 'what will be done there')
        .choices(['read', 'list', 'write', 'delete'])
        .default('read'),
    )
    .option('--explain', 'say what each rule means and how a policy changes it')
    .option('--strict', 'exit with 1 for flags too')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ callgate path --root ./notes --intent write -- drafts/new.md')
    .action(action('path'))

  const policy = root.command('policy').description('Look at policies.')
  policy
    .command('show')
    .description('Print the policy that a file stands for, and where each member came from.')
    .argument('<file>', 'a policy: JSON with comments')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ callgate policy show policy.json')
    .action(action('policyShow'))
  policy
    .command('infer')
    .description('Print the kinds of arguments that the definitions of tools tell, to paste into a policy.')
    .argument('<file>', 'one definition, an array of them, or an answer to tools/list; standard input for -')
    .addHelpText('after', '\nExample:\n  $ callgate policy infer tools.json')
    .action(action('policyInfer'))

  const rootOption = () =>
    new Option('--root <folder>', 'a folder that paths may lie in; may be given more than once').argParser(
      (folder, /** @type {string[]} */ before = []) => [...before, folder],
    )

  const grace = () =>
    new Option('--grace <milliseconds>', 'how long the server may take to end')
      .argParser(wholeNumber)
      .default(5000)

  root
    .command('proxy')
    .description('Start a server and stand between it and its client, on standard input and output.')
    .argument('<command...>', 'the server and its arguments, behind --')
    .option('--policy <file>', 'the policy to enforce; the default policy without it')
    .addOption(rootOption())
    .option('--lock <file>', 'what `callgate pin` wrote of the server')
    .addOption(
      new Option(
        '--allow <what...>',
        'what the server may ask of the client, beside what access.peer of the policy names',
      ).choices(['sampling', 'elicitation']),
    )
    .addOption(
      new Option('--log <format>', 'lines for people, or JSON lines for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--log-file <file>', 'write them at the end of a file instead of to standard error')
    .option('--verbose', 'tell what is protected of the server, string by string, once its tools are known')
    .option('--strict', 'start the server once before, and exit with 1 where inspect --strict would')
    .addOption(grace())
    .addHelpText('after', '\nExample:\n  $ callgate proxy --root ./data -- npx -y some-mcp-server ./data')
    .action(action('proxy'))

  const timeout = () =>
    new Option('--timeout <milliseconds>', 'how long the server may take to answer')
      .argParser(wholeNumber)
      .default(60000)

  root
    .command('inspect')
    .description('Ask a server for its tools, and tell what of them a policy protects, and what not.')
    .argument('<command...>', 'the server and its arguments, behind --')
    .option('--policy <file>', 'the policy to enforce; the default policy without it')
    .addOption(rootOption())
    .option('--strict', 'exit with 1 where something is not protected, off, or named in vain')
    .option('--json', 'print one JSON document')
    .addOption(timeout())
    .addOption(grace())
    .addHelpText('after', '\nExample:\n  $ callgate inspect --root ./data -- npx -y some-mcp-server ./data')
    .action(action('inspect'))

  root
    .command('init')
    .description('Ask a server for its tools, and write a policy for it, with comments.')
    .argument('<command...>', 'the server and its arguments, behind --')
    .addOption(rootOption())
    .option('--output <file>', 'where to write it; - for standard output', 'callgate.json')
    .option('--force', 'write over a file that is there')
    .option('--strict', 'exit with 1 where something stays unprotected')
    .option(
      '--config <file>',
      "a host's configuration, whose environments are searched for long-lived keys too",
    )
    .addOption(timeout())
    .addOption(grace())
    .addHelpText('after', '\nExample:\n  $ callgate init -- npx -y some-mcp-server ./data')
    .action(action('init'))

  root
    .command('pin')
    .description('Write down what a server says of itself, so that the proxy sees it change.')
    .argument('<command...>', 'the server and its arguments, behind --')
    .option('--lock <file>', 'where to write it', 'callgate.lock')
    .option('--force', 'write over a file that says something else')
    .option('--check', 'write nothing, and exit with 1 where the server is not as it was pinned')
    .addOption(timeout())
    .addOption(grace())
    .addHelpText('after', '\nExample:\n  $ callgate pin -- npx -y some-mcp-server ./data')
    .action(action('pin'))

  root
    .command('build')
    .description('Build the native library from the sources in the package, where no binary fits.')
    .addHelpText('after', '\nNeeds Rust and a C compiler.\n\nExample:\n  $ callgate build')
    .action(() => done(require('./build.js').build()))

  return root
}

/**
 * Runs one command line.
 *
 * @param {string[]} argv without the names of node and the script
 * @param {Io} io
 * @returns {Promise<number>} the exit code
 */
async function run(argv, io) {
  /** @type {number} */
  let code = EXIT.clean
  try {
    await program(io, (answer) => {
      code = answer
    }).parseAsync(argv, { from: 'user' })
    return code
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      return thrown.exitCode === 0 ? EXIT.clean : EXIT.usage
    }
    const { name, message, stack } = /** @type {Error} */ (thrown)
    const foreseen = thrown instanceof CliError || name === 'CallgateError'
    io.stderr.write(`callgate: ${shownLines(foreseen ? message : String(stack))}\n`)
    // Never Node's own code for an exception, which here would be that of a refusal.
    return thrown instanceof CliError ? thrown.code : EXIT.failed
  }
}

module.exports = { run }
