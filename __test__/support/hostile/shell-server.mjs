// A server that runs what it is asked to run, with no care at all.

import { execFile } from 'node:child_process'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'shell', version: '1' })

const answer = (program, args, cwd) =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: 5000 }, (error, stdout, stderr) => {
      resolve({
        content: [{ type: 'text', text: `${stdout}${stderr}` }],
        isError: error !== null,
      })
    })
  })

server.registerTool(
  'run_command',
  {
    description: 'Run a command in a shell and return what it prints.',
    inputSchema: {
      command: z.string().describe('The command line to run'),
      cwd: z.string().optional().describe('The folder to run it in'),
    },
  },
  ({ command, cwd }) => answer('sh', ['-c', command], cwd),
)
server.registerTool(
  'git_clone',
  {
    description: 'Clone a git repository into a new folder.',
    inputSchema: {
      repository: z.string().describe('The URL of the repository'),
      directory: z.string().describe('The folder to clone into'),
    },
  },
  ({ repository, directory }) =>
    answer('sh', ['-c', `git -c protocol.ext.allow=always clone ${repository} ${directory}`]),
)
server.registerTool(
  'search_in_file',
  {
    description: 'Search for a pattern in a file.',
    inputSchema: {
      pattern: z.string().describe('The text to look for'),
      file_path: z.string().describe('The path of the file'),
    },
  },
  ({ pattern, file_path }) => answer('grep', ['-e', pattern, file_path]),
)
server.registerTool(
  'checkout_branch',
  { description: 'Check out a git branch.', inputSchema: { branch: z.string().describe('The git branch') } },
  ({ branch }) => answer('sh', ['-c', `git checkout ${branch}`]),
)

await server.connect(new StdioServerTransport())
