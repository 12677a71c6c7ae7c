import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { UserError } from '../../errors.ts'
import { packageFolder } from '../version.ts'

export const init: Command = {
  name: 'init',
  says: 'Write a commented settings file, a rule file and the sample book into an empty folder.',
  arguments: [{ name: '[dir]', says: 'The folder; the working directory where nothing is said.' }],
  flags: ['quiet', 'debug'],
  examples: [
    ['Start in a new folder', 'arrears init my-book'],
    ['Then run it', 'arrears run --config my-book/arrears.yaml'],
  ],
  async run({ args, say }) {
    const { copyFileSync, mkdirSync, readdirSync } = await import('node:fs')
    const { join, resolve } = await import('node:path')
    const to = args[0] ?? '.'
    const from = new URL('fixtures/sample/', packageFolder)
    // A run of the sample where it stands has left its output folder there.
    const files = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort()
    try {
      mkdirSync(to, { recursive: true })
    } catch (error) {
      throw new UserError('out-not-usable', { value: to, other: (error as Error).message })
    }
    const there = readdirSync(to).filter((name) => !name.startsWith('.'))
    if (there.length > 0) throw new UserError('folder-not-empty', { value: resolve(to) === process.cwd() ? 'The working directory' : to, other: there.slice(0, 3).join(', ') })
    for (const file of files) copyFileSync(new URL(file, from), join(to, file))
    const config = join(to, 'arrears.yaml')
    say(`Wrote ${files.join(', ')} into ${to}`)
    say(`Next: arrears run${config === 'arrears.yaml' ? '' : ` --config ${config}`}`)
    return exit.done
  },
}
