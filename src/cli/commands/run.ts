import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { inputFlags, sharedFlags } from '../flags.ts'
import { typedSettings } from '../typed-settings.ts'
import { version } from '../version.ts'

export const run: Command = {
  name: 'run',
  says: 'The nightly job: read, validate, classify, decide, and publish a run folder whole or not at all.',
  flags: [...inputFlags, 'rules', 'asOf', 'knownOn', 'workOn', 'allowPartialDay', 'out', 'reports', 'by', 'blastRadius', 'keepEvidence', ...sharedFlags],
  examples: [
    ['Run the sample', 'arrears run --config fixtures/sample/arrears.yaml'],
    ['Run an earlier day of the same book', 'arrears run --config fixtures/sample/arrears.yaml --as-of 2025-05-31'],
    ['Its reports by product and region', 'arrears run --config fixtures/sample/arrears.yaml --by product,region'],
    ['From cron, with a memory limit and nothing but errors', 'arrears run --config /srv/book/arrears.yaml --memory 1GB --quiet'],
  ],
  async run({ typed, show, say, warn, colour, width, progress, onInterrupt }) {
    const started_at = new Date().toISOString()
    const [{ loadSettings }, { readRules }, { openEngine }, { planInputs, passedColumns }, { flow, testable }, publishing, { openRunFolder }, { RefusedRows }, { checkWorklists }, { checkReports }] = await Promise.all([
      import('../../settings/load.ts'),
      import('../../decide/read-rules.ts'),
      import('../../engine/open.ts'),
      import('../../read/read.ts'),
      import('../../flow.ts'),
      import('../../publish/publish.ts'),
      import('../../publish/run-folder.ts'),
      import('../../validate/limit.ts'),
      import('../../publish/lists/checked.ts'),
      import('../../publish/reports/made.ts'),
    ])
    const settings = loadSettings(typedSettings(typed), true)
    progress.stage('settings')
    // The engine opens on threads of its own while the rules are read here.
    const opening = openEngine(settings.engine, { threads: settings.threads, memory: settings.memory, scale: 2 })
    opening.catch(() => {})
    const rules = readRules(settings)
    const engine = await opening
    try {
      const plans = await planInputs(engine, settings)
      const columns = testable(plans, settings)
      // Before anything is read: all that is wrong with the rules but for what only the book can tell.
      const compiled = rules.compile(columns, [])
      checkReports(settings, plans, typed.by !== undefined)
      checkWorklists(settings, passedColumns(plans).map(({ name }) => name), compiled)
      const folder = await openRunFolder(settings.out, settings.as_of)
      onInterrupt(() => {
        engine.interrupt()
        folder.close()
      })
      try {
        await engine.spillTo(folder.spill)
        progress.follow(() => engine.progress())
        const evidence = settings.keep_evidence ? (await import('../../publish/evidence.ts')).evidenceFiles(engine, folder, settings) : undefined
        const onRows = evidence === undefined ? undefined : (inHand: Parameters<typeof evidence.keep>[0]) => (progress.stage('evidence'), evidence.keep(inHand))
        const { outcome: made, accountsIn } = await flow({ engine, settings, plans, scratch: folder.scratch, rules: (book) => rules.withBook(columns, book, engine), onStep: progress.stage, onRows, reports: true })
        const { deliveryWarnings } = await import('../../delivery.ts')
        const outcome = { ...made, warnings: [...made.warnings, ...deliveryWarnings(made, settings)] }
        const facts = () => ({ started_at, ended_at: new Date().toISOString(), stages: progress.stages, versions: { node: process.versions.node, engine: engine.version } })
        const { summary, lists } = await publishing.publish({ outcome, accountsIn, settings, engine, folder, evidence, version, facts, onStep: (step) => progress.stage('publish', step) })
        progress.stop()
        const { terminal } = await import('../../publish/formats/terminal.ts')
        const { json } = await import('../../publish/formats/json.ts')
        show(typed.json === true ? json(summary) : terminal(summary, colour, undefined, width))
        const { shownPath } = await import('../../read/source.ts')
        const { listSaid } = await import('../../publish/lists/lists.ts')
        for (const list of lists) say(listSaid(list, settings))
        say(`Published ${shownPath(settings.out)}/${settings.as_of}`)
        const { crossedIn } = await import('../../limits.ts')
        const limits = crossedIn(outcome.warnings)
        for (const { code, says } of limits) warn(`limit ${code}\n  ${says}`)
        return limits.length > 0 ? exit.limit : exit.done
      } catch (error) {
        const refused = refusals(error, RefusedRows)
        if (refused.length > 0) {
          const { refusedOutcome } = await import('../../validate/refused.ts')
          await publishing.publishRefused({ errors: refused, outcome: refusedOutcome(refused[0]!), settings, folder })
          const { shownPath } = await import('../../read/source.ts')
          say(`What was rejected and why: ${shownPath(settings.out)}/refused/${settings.as_of}`)
        }
        throw error
      } finally {
        folder.close()
      }
    } finally {
      engine.close()
    }
  },
}

function refusals<E extends Error>(error: unknown, of: abstract new (...args: never[]) => E): E[] {
  const all = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [error]
  return all.filter((one): one is E => one instanceof of)
}
