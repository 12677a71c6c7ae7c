import type { Command, CommandContext } from '../command.ts'
import { exit } from '../exit.ts'
import { UserError } from '../../errors.ts'
import { packageFolder } from '../version.ts'

export const init: Command = {
  name: 'init',
  says: 'Propose a settings file from exports of your own (--from), or write a commented one with a rule file and the sample book into an empty folder.',
  arguments: [{ name: '[dir]', says: 'The folder; the working directory where nothing is said.' }],
  flags: ['from', 'out', 'json', 'quiet', 'debug', 'threads', 'memory'],
  examples: [
    ['Start in a new folder with the sample', 'arrears init my-book'],
    ['Then run it', 'arrears run --config my-book/arrears.yaml'],
    ['Propose how your own exports are read', 'arrears init proposed --from docs/examples/own-headers'],
  ],
  async run(context) {
    const { args, typed } = context
    if (args[0] !== undefined && typed.out !== undefined) throw new UserError('flag-wrong', { value: `The folder is given twice: ${args[0]} and --out ${String(typed.out)}`, hint: 'Give one of both.' })
    const to = args[0] ?? (typeof typed.out === 'string' ? typed.out : '.')
    return Array.isArray(typed.from) ? proposeInto(to, typed.from as string[], context) : copyInto(to, context)
  },
}

/** The sample, into a folder that has nothing yet. */
async function copyInto(to: string, { say }: CommandContext) {
  const { copyFileSync, readdirSync } = await import('node:fs')
  const { join, resolve } = await import('node:path')
  const from = new URL('fixtures/sample/', packageFolder)
  // A run of the sample where it stands has left its output folder there.
  const files = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort()
  await made(to)
  const there = readdirSync(to).filter((name) => !name.startsWith('.'))
  if (there.length > 0) throw new UserError('folder-not-empty', { value: resolve(to) === process.cwd() ? 'The working directory' : to, other: there.slice(0, 3).join(', ') })
  for (const file of files) copyFileSync(new URL(file, from), join(to, file))
  const config = join(to, 'arrears.yaml')
  say(`Wrote ${files.join(', ')} into ${to}`)
  say(`Next: arrears run${config === 'arrears.yaml' ? '' : ` --config ${config}`}`)
  return exit.done
}

/** A settings file that is proposed from exports; other files of the folder stay as they are. */
async function proposeInto(to: string, from: readonly string[], context: CommandContext) {
  const [{ existsSync, writeFileSync }, { join }, { exportsIn }, { propose }, { written }, { proposalReport, proposalDocument }, { withEngine }, { questionsIn }, { typedEngine }, { starterRules }] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('../../propose/sources.ts'),
    import('../../propose/propose.ts'),
    import('../../propose/write.ts'),
    import('../../propose/summary.ts'),
    import('../with-engine.ts'),
    import('../../settings/settings-file.ts'),
    import('../typed-settings.ts'),
    import('../../propose/starter-rules.ts'),
  ])
  const { typed, show, say, progress } = context
  const sources = exportsIn(from)
  const config = join(to, 'arrears.yaml')
  if (existsSync(config)) throw new UserError('settings-there', { value: config })
  const proposal = await withEngine(context, { engine: 'duckdb', ...(await typedEngine(typed)) }, (engine, scratch) => {
    progress.follow(() => engine.progress())
    return propose(engine, sources, to, scratch, (step) => progress.stage('read', step))
  })
  progress.stop()
  await made(to)
  const rules = join(to, 'rules.yaml')
  const begun = !existsSync(rules)
  if (begun) writeFileSync(rules, starterRules, { flag: 'wx' })
  // The file holds values of the exports, if few.
  writeFileSync(config, written(proposal, 'rules.yaml'), { mode: 0o600, flag: 'wx' })
  const open = questionsIn(config)
  const asked = config === 'arrears.yaml' ? '' : ` --config ${config}`
  const next = open.length > 0 ? `Next: answer the ${open.length === 1 ? 'question' : `${open.length} questions`} in ${config}, then arrears check${asked}` : `Next: arrears check${asked}, then arrears age${asked} and arrears run${asked}`
  if (typed.json === true) show(JSON.stringify(proposalDocument(proposal, config), null, 2))
  else show(proposalReport(proposal, open))
  say(`Wrote ${config}${begun ? ` and ${rules}, to start from` : ''}`)
  say(next)
  return exit.done
}

async function made(to: string) {
  try {
    ;(await import('node:fs')).mkdirSync(to, { recursive: true })
  } catch (error) {
    throw new UserError('out-not-usable', { value: to, other: (error as Error).message })
  }
}
