import type { UserError } from '../../errors.ts'
import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { inputFlags, sharedFlags } from '../flags.ts'
import { typedSettings } from '../typed-settings.ts'
import { withEngine } from '../with-engine.ts'

export const check: Command = {
  name: 'check',
  says: 'Validate settings, rules and inputs, and ask what only you can answer. Writes nothing.',
  flags: [...inputFlags, 'rules', 'asOf', 'knownOn', 'workOn', 'allowPartialDay', ...sharedFlags],
  examples: [
    ['Check the sample', 'arrears check --config fixtures/sample/arrears.yaml'],
    ['Check another rule file against the same book', 'arrears check --config fixtures/sample/arrears.yaml --rules my-rules.yaml'],
  ],
  async run(context) {
    const { typed, show, progress } = context
    const [{ loadSettings }, { readRules }, { planInputs, passedColumns }, { flow, testable }, { checkReport, checkDocument }, { checkWorklists }, { throwAll }] = await Promise.all([
      import('../../settings/load.ts'),
      import('../../decide/read-rules.ts'),
      import('../../read/read.ts'),
      import('../../flow.ts'),
      import('../../publish/formats/check.ts'),
      import('../../publish/lists/checked.ts'),
      import('../../errors.ts'),
    ])
    const settings = loadSettings(typedSettings(typed), true)
    return withEngine(context, settings, async (engine, scratch) => {
      const wrong: UserError[] = []
      const rules = settings.rules === undefined ? undefined : caught(() => readRules(settings), wrong)
      const plans = await planInputs(engine, settings)
      const columns = testable(plans, settings)
      const compiled = caught(() => rules?.compile(columns, []), wrong)
      caught(() => checkWorklists(settings, passedColumns(plans).map(({ name }) => name), compiled), wrong)
      throwAll(wrong)
      progress.follow(() => engine.progress())
      const { book, outcome } = await flow({ engine, settings, plans, scratch, ...(rules === undefined ? {} : { rules: (read) => rules.withBook(columns, read, engine) }), onStep: progress.stage })
      progress.stop()
      const found = { settings, columns, book, outcome }
      show(typed.json === true ? JSON.stringify(checkDocument(found), null, 2) : checkReport(found))
      return exit.done
    })
  },
}

/** Errors of several kinds are shown together: a faulty rule file must not hide a faulty header. */
function caught<T>(work: () => T, into: UserError[]): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'errors' in error) into.push(...(error.errors as UserError[]))
    else if (error instanceof Error && 'todo' in error) into.push(error as UserError)
    else throw error
    return undefined
  }
}
