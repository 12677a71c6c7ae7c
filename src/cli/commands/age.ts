import { ageShown } from '../age-shown.ts'
import { askedOf } from '../age-asked.ts'
import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { inputFlags, sharedFlags } from '../flags.ts'
import { typedSettings } from '../typed-settings.ts'
import { version } from '../version.ts'
import { withEngine } from '../with-engine.ts'

export const age: Command = {
  name: 'age',
  says: 'Age a portfolio: who is late, by how many days, for how much. Writes only with --out.',
  arguments: [{ name: '[files...]', says: 'Loans, schedule and repayments, known by their headers; needs no settings file.' }],
  flags: [...inputFlags, 'asOf', 'every', 'knownOn', 'workOn', 'allowPartialDay', 'where', 'by', 'top', 'conventions', 'format', 'out', 'blastRadius', ...sharedFlags],
  examples: [
    ['Age the sample', 'arrears age --config fixtures/sample/arrears.yaml'],
    ['Age it at the end of May', 'arrears age --config fixtures/sample/arrears.yaml --as-of 2025-05-31'],
    ['At each month-end of half a year, from the dated rows alone', 'arrears age --config fixtures/sample/arrears.yaml --as-of 2025-01-31..2025-06-30'],
    ['Three files with canonical headers, no settings', 'arrears age fixtures/sample/loans.csv fixtures/sample/schedule.csv fixtures/sample/repayments.csv --as-of 2025-06-30'],
    ['By product and region, as a table to paste', 'arrears age --config fixtures/sample/arrears.yaml --by product,region --format md'],
    ['The ten largest of one product, for a spreadsheet', 'arrears age --config fixtures/sample/arrears.yaml --where product=cash_loan --top 10 --format csv'],
    ['Those about to leave the first month', "arrears age --config fixtures/sample/arrears.yaml --where 'days_past_due in [25..30] and held_reason = null' --by region"],
    ['Under the rule books of every regulator', 'arrears age --config fixtures/sample/arrears.yaml --conventions all'],
  ],
  async run(context) {
    const { typed, args, show, say, colour, width, progress, onInterrupt } = context
    const started_at = new Date().toISOString()
    const asked = askedOf(typed)
    const { days, books } = asked
    const [{ loadSettings }, { planInputs, passedColumns }, { byHeader }, { flow, testable }, { summarize }, { checkBy, kindsOf, loanColumns }] = await Promise.all([
      import('../../settings/load.ts'),
      import('../../read/read.ts'),
      import('../../read/by-header.ts'),
      import('../../flow.ts'),
      import('../../publish/summary.ts'),
      import('../../publish/reports/asked.ts'),
    ])
    // Of several days the last one is the day of the settings.
    const typedFor = days === undefined ? typed : { ...typed, asOf: days.at(-1)! }
    // What is wrong with the settings is said before a file is opened; the files themselves join them below.
    return withEngine(context, loadSettings(typedSettings(typedFor), false), async (engine, scratch) => {
      const found = args.length === 0 ? [] : Object.entries(await byHeader(engine, args))
      const own = Object.fromEntries(found.filter(([, files]) => files.length > 0))
      const settings = loadSettings({ ...typedSettings(typedFor), ...own }, false)
      const plans = await planInputs(engine, settings)
      const ofBook = loanColumns(plans)
      checkBy(asked.by, passedColumns(plans).map(({ name }) => name), ofBook)
      const where = asked.where === undefined ? undefined : await (await import('../age-where.ts')).whereAsked(asked.where, { ...testable(plans, settings), ...kindsOf(ofBook) }, engine)
      const ruleBooks = books === undefined ? undefined : (await import('../../settings/rule-books.ts')).ruleBooks(books, settings)
      progress.follow(() => engine.progress())
      const job = { engine, settings, plans, scratch, onStep: progress.stage }
      if (days !== undefined) {
        const { ageOver } = await import('../age-over.ts')
        await ageOver(job, days, { format: asked.format, write: typed.out !== undefined }, { show: (text) => (progress.stop(), show(text)), say })
        return exit.done
      }
      const { outcome, accountsIn, classified, validated } = await flow({ ...job, ...(settings.blast_radius ? { heldBy: (await import('../held-by.ts')).heldBy(settings, testable(plans, settings), engine) } : {}), ...(ruleBooks === undefined ? {} : { ruleBooks }), ...(where === undefined ? {} : { onBook: where.onBook }) })
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
      if (ruleBooks !== undefined) {
        const text = await (await import('../age-side-by-side.ts')).sideBySideText({ compared: classified.sideBySide!, ruleBooks, summary, engine }, asked, colour)
        progress.stop()
        show(text)
        return exit.done
      }
      const { answer } = await import('../../publish/reports/answer.ts')
      const answered = await answer({ ageing: summary.ageing, accounts: outcome.accounts, loans: validated.loans.accepted, ofBook }, { by: asked.by, where: where?.tree, written: asked.where, top: asked.top }, settings, engine)
      progress.stop()
      for (const doubt of where?.doubts() ?? []) say(`Warning: ${doubt}`)
      // A table of values has no head to say it in.
      if (asked.format === 'csv' && answered.says !== undefined) say(answered.says)
      show(await ageShown(summary, answered, asked, colour, width))
      if (typed.out !== undefined) say(`Written to ${(await import('../../read/source.ts')).shownPath(settings.out)}/${settings.as_of}`)
      return exit.done
    })
  },
}
