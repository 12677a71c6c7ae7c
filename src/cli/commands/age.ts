import { UserError } from '../../errors.ts'
import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { inputFlags, sharedFlags, type Typed } from '../flags.ts'
import { daysAsked, severalDays } from '../../settings/days.ts'
import { privateFolder } from '../private-folder.ts'
import { typedSettings } from '../typed-settings.ts'
import { version } from '../version.ts'

const formats = ['table', 'md', 'csv'] as const

export const age: Command = {
  name: 'age',
  says: 'Age a portfolio: who is late, by how many days, for how much. Writes only with --out.',
  arguments: [{ name: '[files...]', says: 'Loans, schedule and repayments, known by their headers; needs no settings file.' }],
  flags: [...inputFlags, 'asOf', 'every', 'knownOn', 'workOn', 'allowPartialDay', 'by', 'conventions', 'top', 'format', 'out', ...sharedFlags],
  examples: [
    ['Age the sample', 'arrears age --config fixtures/sample/arrears.yaml'],
    ['Age it at the end of May', 'arrears age --config fixtures/sample/arrears.yaml --as-of 2025-05-31'],
    ['At each month-end of half a year, from the dated rows alone', 'arrears age --config fixtures/sample/arrears.yaml --as-of 2025-01-31..2025-06-30'],
    ['Three files with canonical headers, no settings', 'arrears age fixtures/sample/loans.csv fixtures/sample/schedule.csv fixtures/sample/repayments.csv --as-of 2025-06-30'],
    ['By product and region, as a table to paste', 'arrears age --config fixtures/sample/arrears.yaml --by product,region --format md'],
    ['Under the rule books of every regulator', 'arrears age --config fixtures/sample/arrears.yaml --conventions all'],
  ],
  async run({ typed, args, show, say, colour, progress, onInterrupt }) {
    const started_at = new Date().toISOString()
    const format = formats.find((known) => known === (typed.format ?? 'table'))
    if (format === undefined) throw new UserError('flag-wrong', { value: `--format is "${String(typed.format)}"`, hint: `Use one of ${formats.join(', ')}.` })
    const top = asked(typed)
    const [{ loadSettings }, { openEngine }, { planInputs, passedColumns }, { byHeader }, { flow }, { summarize }] = await Promise.all([
      import('../../settings/load.ts'),
      import('../../engine/open.ts'),
      import('../../read/read.ts'),
      import('../../read/by-header.ts'),
      import('../../flow.ts'),
      import('../../publish/summary.ts'),
    ])
    const days = severalDays(typed.asOf) ? daysAsked(typed.asOf, typed.every) : undefined
    if (days === undefined && typed.every !== undefined) throw new UserError('flag-wrong', { value: '--every stands without a range', hint: 'It belongs to --as-of FROM..TO, for example --as-of 2025-01-31..2025-12-31 --every month.' })
    for (const other of ['by', 'conventions'] as const)
      if (days !== undefined && typed[other] !== undefined) throw new UserError('flag-wrong', { value: `--${other} stands beside several days`, hint: `Ask for one day with --${other}, or for several days without.` })
    // Of several days the last one is the day of the settings.
    const typedFor = days === undefined ? typed : { ...typed, asOf: days.at(-1)! }
    // What is wrong with the settings is said before a file is opened; the files themselves join them below.
    const { engine: kind, threads, memory } = loadSettings(typedSettings(typedFor), false)
    const scratch = privateFolder()
    onInterrupt(scratch.remove)
    try {
      const engine = await openEngine(kind, { threads, memory, spill: `${scratch.path}/spill`, scale: 2 })
      onInterrupt(() => engine.interrupt())
      try {
        const found = args.length === 0 ? [] : Object.entries(await byHeader(engine, args))
        const own = Object.fromEntries(found.filter(([, files]) => files.length > 0))
        const settings = loadSettings({ ...typedSettings(typedFor), ...own }, false)
        const plans = await planInputs(engine, settings)
        const by = typeof typed.by === 'string' ? typed.by.split(',').map((column) => column.trim()) : []
        const { checkBy, grouping } = await import('../../publish/reports/grouping.ts')
        checkBy(by, passedColumns(plans).map(({ name }) => name))
        const books = typeof typed.conventions === 'string' ? (await import('../../settings/rule-books.ts')).ruleBooks(typed.conventions, settings) : undefined
        progress.follow(() => engine.progress())
        if (days !== undefined) {
          const { ageOver } = await import('../age-over.ts')
          await ageOver({ engine, settings, plans, scratch: scratch.path, onStep: progress.stage }, days, { format, json: typed.json === true, write: typed.out !== undefined }, { show: (text) => (progress.stop(), show(text)), say })
          return exit.done
        }
        const { outcome, accountsIn, classified } = await flow({ engine, settings, plans, scratch: scratch.path, ...(books === undefined ? {} : { ruleBooks: books }), onStep: progress.stage })
        let summary
        if (typed.out !== undefined) {
          const [{ publish }, { openRunFolder }] = await Promise.all([import('../../publish/publish.ts'), import('../../publish/run-folder.ts')])
          const folder = await openRunFolder(settings.out, settings.as_of)
          onInterrupt(() => folder.close())
          try {
            const facts = () => ({ started_at, ended_at: new Date().toISOString(), stages: progress.stages, versions: { node: process.versions.node, engine: engine.version } })
            summary = (await publish({ outcome, accountsIn, settings, engine, folder, version, facts, onStep: (step) => progress.stage('publish', step) })).summary
          } finally {
            folder.close()
          }
        } else {
          progress.stage('report')
          summary = await summarize(outcome, accountsIn, settings, engine)
        }
        if (books !== undefined) {
          const [{ makeSideBySide }, { sideBySideShown, sideBySideDocument }] = await Promise.all([import('../../publish/reports/rule-books.ts'), import('../../publish/formats/rule-books.ts')])
          const side = await makeSideBySide(classified.sideBySide!, books, top ?? (typed.json === true ? undefined : 0), engine)
          progress.stop()
          if (typed.json === true) show(JSON.stringify(sideBySideDocument(side, summary), null, 2))
          else if (format === 'md') show((await import('../../publish/formats/markdown.ts')).markdown(top === undefined ? side.tiers : side.accounts).trimEnd())
          else if (format === 'csv') show((await import('../../publish/formats/csv.ts')).csv(top === undefined ? side.tiers : side.accounts, false).trimEnd())
          else show(sideBySideShown(side, summary, colour).trimEnd())
          return exit.done
        }
        const grouped = by.length === 0 ? undefined : await grouping(outcome.accounts, by, settings, engine)
        progress.stop()
        if (typed.json === true) {
          const { document } = await import('../../publish/formats/json.ts')
          show(JSON.stringify({ ...document(summary), ...(grouped === undefined ? {} : { by: grouped.rows }) }, null, 2))
        } else if (format === 'md') show((await import('../../publish/formats/markdown.ts')).markdown(grouped ?? summary.ageing).trimEnd())
        else if (format === 'csv') show((await import('../../publish/formats/csv.ts')).csv(grouped ?? summary.ageing, false).trimEnd())
        else {
          const { terminal } = await import('../../publish/formats/terminal.ts')
          show(terminal(summary, colour, grouped).trimEnd())
        }
        if (typed.out !== undefined) say(`Written to ${(await import('../../read/source.ts')).shownPath(settings.out)}/${settings.as_of}`)
        return exit.done
      } finally {
        engine.close()
      }
    } finally {
      scratch.remove()
    }
  },
}

/** How many disputed accounts to list; flags that have no meaning together are refused. */
function asked({ conventions, top, by, out }: Typed): number | undefined {
  if (conventions !== undefined && (by !== undefined || out !== undefined)) throw new UserError('flag-wrong', { value: `--conventions stands with ${by === undefined ? '--out' : '--by'}`, hint: 'It shows a book under several rule books, and neither groups nor writes.' })
  if (top === undefined) return undefined
  if (conventions === undefined) throw new UserError('flag-wrong', { value: '--top stands without --conventions', hint: 'It says how many of the accounts to list on which rule books disagree.' })
  if (!/^\d{1,9}$/.test(String(top))) throw new UserError('flag-wrong', { value: `--top is "${String(top)}"`, hint: 'It should be a whole number.' })
  return Number(top)
}
