import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { UserError } from '../errors.ts'
import { find } from '../explain/find.ts'
import { explainingOf, findingOf, openEvidence, type RunWithEvidence } from '../explain/of-run.ts'
import { ranksOf } from '../explain/ranks.ts'
import type { CommandContext } from './command.ts'
import type { Exit } from './exit.ts'
import { tellFound } from './explain-told.ts'
import { flags, inputFlags, type FlagName } from './flags.ts'
import { typedEngine } from './typed-settings.ts'
import { withEngine } from './with-engine.ts'

/** What a run has settled already. */
const settled = [...inputFlags, 'rules', 'asOf', 'knownOn', 'workOn', 'allowPartialDay'] as const satisfies FlagName[]

/** Explains an account from a published run, with the settings, rules and rows of that run. */
export async function explainRun(context: CommandContext, folder: string): Promise<Exit> {
  const { typed, args, say, progress } = context
  const other = settled.find((flag) => typed[flag] !== undefined)
  if (other !== undefined) throw new UserError('flag-wrong', { value: `--run and ${flags[other].typed.split(' ')[0]} were given together`, hint: "A published run has its own inputs, rules, settings and dates: leave out one of the two." })
  const run = openEvidence(folder)
  for (const changed of changedSince(run)) say(`${changed} has changed since the run of ${run.manifest.as_of}: the account is told by the run's own.`)
  return withEngine(context, { engine: run.settings.engine, ...(await typedEngine(typed)), scale: run.book.scale }, async (engine) => {
    progress.stage('explain')
    const found = await findIn(run, engine, args[0]!)
    return tellFound(context, { ...(await explainingOf(run, engine, [found.id])), ranks: ranksOf(run, found.id) }, found)
  })
}

/** Rows in quarantine may be many: all are looked through only where the id stands nowhere else. */
async function findIn(run: RunWithEvidence, engine: Parameters<typeof findingOf>[1], asked: string) {
  try {
    return await find(await findingOf(run, engine, asked, false), asked)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return await find(await findingOf(run, engine, asked, true), asked)
  }
}

/** Files of the run that are another file now; one that is gone or lies elsewhere says nothing. */
function changedSince({ manifest: { rules, run } }: RunWithEvidence): string[] {
  const differs = (path: string | null, sha256: string | null | undefined) =>
    path !== null && sha256 !== null && sha256 !== undefined && existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') !== sha256
  return [
    ...(differs(run.rules_file, rules?.sha256) ? [`The rule file ${run.rules_file}`] : []),
    ...(differs(run.settings_file, run.settings_sha256) ? [`The settings file ${run.settings_file}`] : []),
  ]
}
