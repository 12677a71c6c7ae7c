import { Command as Commander, CommanderError, Option } from 'commander'
import type { Command } from './command.ts'
import { age } from './commands/age.ts'
import { check } from './commands/check.ts'
import { diff } from './commands/diff.ts'
import { explain } from './commands/explain.ts'
import { init } from './commands/init.ts'
import { run } from './commands/run.ts'
import { exit, type Exit } from './exit.ts'
import { flags, type Flag, type Typed } from './flags.ts'
import { startProgress, type Progress } from './progress.ts'
import { showError } from './show-error.ts'
import { version } from './version.ts'

export const commands: readonly Command[] = [run, age, check, explain, diff, init]

/** A reader that leaves early (`arrears age | head`) is no fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exit.done)
  throw error
})

/** What was typed -> exit code. Results go to stdout, all else to stderr. */
export async function main(argv: readonly string[]): Promise<Exit> {
  const outcome: { code: Exit } = { code: exit.done }
  const program = new Commander('arrears')
    .description('Days past due from the repayments themselves, tiers, tiered actions, work lists and reports.')
    .version(version, '--version', 'Print the version.')
    .helpOption('-h, --help', 'Print help.')
    .helpCommand('help [command]', 'Print help of a command.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => void process.stderr.write(text) })
    .addHelpText('after', '\nStart with "arrears init", then "arrears run". Help of one command: arrears run --help.')
  for (const command of commands) add(program, command, outcome)
  try {
    await program.parseAsync(['node', 'arrears', ...argv])
    if (argv.length === 0) return exit.wrong
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exit.done : exit.wrong
  }
  return outcome.code
}

function add(program: Commander, command: Command, outcome: { code: Exit }) {
  const sub = program.command(command.name).description(command.says).exitOverride().helpOption('-h, --help', 'Print help.').allowExcessArguments(false)
  for (const argument of command.arguments ?? []) sub.argument(argument.name, argument.says)
  for (const name of command.flags) {
    const flag: Flag = flags[name]
    const option = new Option(flag.typed, flag.says).helpGroup(`${flag.group}:`)
    if (flag.many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
    sub.addOption(option)
  }
  sub.addHelpText('after', `\nExamples:\n${command.examples.map(([says, typed]) => `  ${says}:\n    ${typed}`).join('\n')}`)
  sub.action(async (...received: unknown[]) => {
    const options = received.at(-2) as Typed & { color?: boolean }
    const args = received.slice(0, -2).flat().filter((arg): arg is string => typeof arg === 'string')
    outcome.code = await perform(command, options, args)
  })
}

async function perform(command: Command, typed: Typed & { color?: boolean }, args: readonly string[]): Promise<Exit> {
  const quiet = typed.quiet === true
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  const inTerminal = process.stderr.isTTY === true && process.env.CI === undefined && !quiet && typed.debug !== true
  const progress = await startProgress({ terminal: inTerminal, debug: typed.debug === true })
  const cleaners: (() => void)[] = []
  const release = onSignals(cleaners, progress)
  try {
    return await command.run({
      typed,
      args,
      show: (text) => void (quiet ? undefined : process.stdout.write(`${text}\n`)),
      say: (text) => void (quiet ? undefined : say(text)),
      warn: say,
      colour: process.stdout.isTTY === true && typed.color !== false && process.env.NO_COLOR === undefined && process.env.CI === undefined,
      width: process.stdout.isTTY === true && process.env.TERM !== 'dumb' ? process.stdout.columns : undefined,
      progress,
      onInterrupt: (clean) => void cleaners.push(clean),
    })
  } catch (error) {
    progress.stop()
    return showError(error, say, typed.debug === true, progress.stages.some(({ name }) => name === 'publish: link'))
  } finally {
    progress.stop()
    release()
  }
}

/** The first signal stops the engine and removes what was staged; a second one leaves at once. */
function onSignals(cleaners: readonly (() => void)[], progress: Progress) {
  let asked = false
  const on = (code: Exit) => () => {
    if (asked) process.exit(code)
    asked = true
    progress.stop()
    for (const clean of [...cleaners].reverse()) clean()
    process.stderr.write('Interrupted. Nothing was published.\n')
    process.exit(code)
  }
  const int = on(exit.interrupted)
  const term = on(exit.terminated)
  process.on('SIGINT', int)
  process.on('SIGTERM', term)
  return () => {
    process.off('SIGINT', int)
    process.off('SIGTERM', term)
  }
}
