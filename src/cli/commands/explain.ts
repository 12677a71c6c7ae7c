import type { Command } from '../command.ts'
import { inputFlags, sharedFlags } from '../flags.ts'
import { typedSettings } from '../typed-settings.ts'
import { withEngine } from '../with-engine.ts'

export const explain: Command = {
  name: 'explain',
  says: 'One account: its plan, its payments, what covered what, what did not count and why, and the rule that fired. Writes nothing.',
  arguments: [{ name: '<account_id>', says: 'The account, wherever its id stands: among the loans, in quarantine, unmatched.' }],
  flags: [...inputFlags, 'rules', 'run', 'asOf', 'knownOn', 'workOn', 'allowPartialDay', 'ifPaid', 'blastRadius', ...sharedFlags],
  examples: [
    ['Why an account of the sample is 56 days late', 'arrears explain CN-1004 --config fixtures/sample/arrears.yaml'],
    ['The same account a month before', 'arrears explain CN-1004 --config fixtures/sample/arrears.yaml --as-of 2025-05-31'],
    ['Why an account is in no list', 'arrears explain CN-1052 --config fixtures/sample/arrears.yaml'],
    ['What a payment of 500 today would do', 'arrears explain CN-1004 --config fixtures/sample/arrears.yaml --if-paid 500'],
    ['From a run published with --keep-evidence, in a fraction of a second', 'arrears explain CN-1004 --run fixtures/sample/out/latest'],
    ['For a program to read', 'arrears explain CN-1004 --config fixtures/sample/arrears.yaml --json'],
  ],
  async run(context) {
    const { typed, args, progress } = context
    if (typed.run !== undefined) return (await import('../explain-run.ts')).explainRun(context, String(typed.run))
    const [{ loadSettings }, { planInputs }, { flow, testable }, { find, findingIn }, { ofAccount }, { tellFound }] = await Promise.all([
      import('../../settings/load.ts'),
      import('../../read/read.ts'),
      import('../../flow.ts'),
      import('../../explain/find.ts'),
      import('../../read/of-account.ts'),
      import('../explain-told.ts'),
    ])
    const stated = loadSettings(typedSettings(typed), true)
    const written = stated.rules === undefined ? undefined : (await import('../../decide/read-rules.ts')).readRules(stated)
    return withEngine(context, stated, async (engine, scratch) => {
      const all = await planInputs(engine, stated)
      const columns = testable(all, stated)
      written?.compile(columns, [])
      progress.follow(() => engine.progress())
      const compiled: { rules?: Awaited<ReturnType<NonNullable<typeof written>['withBook']>> } = {}
      const rules = written === undefined ? {} : { rules: async (book: Parameters<typeof written.withBook>[1]) => (compiled.rules = await written.withBook(columns, book, engine)) }
      progress.stage('read')
      const { plans, settings, currencies } = (await ofAccount(all, stated, args[0]!, scratch)) ?? { plans: all, settings: stated, currencies: undefined }
      const done = await flow({ engine, settings, plans, currencies, scratch, ...rules, onStep: progress.stage, keepRows: true })
      progress.stage('explain')
      const found = await find(findingIn({ engine, flow: done }), args[0]!)
      return tellFound(context, { engine, settings, flow: done, rules: compiled.rules }, found)
    })
  },
}
