import { UserError } from '../../errors.ts'
import { askedOf } from '../age-asked.ts'
import { asText } from '../age-shown.ts'
import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { sharedFlags } from '../flags.ts'
import { typedEngine } from '../typed-settings.ts'
import { withEngine } from '../with-engine.ts'

export const diff: Command = {
  name: 'diff',
  says: 'Two published runs: who moved, in counts and money, by time, corrections, payments and rules. Or one run under another rule file. Writes nothing.',
  arguments: [
    { name: '<first>', says: 'The folder of a run, such as out/2025-05-31.' },
    { name: '[second]', says: 'The folder of another run, such as out/latest. With --rules there is none.' },
  ],
  flags: ['rules', 'by', 'top', 'format', ...sharedFlags],
  examples: [
    ['What moved in a month', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest'],
    ['By product, as a table to paste', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest --by product --format md'],
    ['The ten accounts that moved most', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest --top 10'],
    ['What another rule file would do with the same accounts', 'arrears diff fixtures/sample/out/latest --rules my-rules.yaml'],
  ],
  async run(context) {
    const { typed, args, show, colour, progress } = context
    const { format, by, top } = askedOf(typed)
    const [one, other] = args
    if ((other === undefined) === (typed.rules === undefined)) throw new UserError('flag-wrong', { value: other === undefined ? 'diff was given one run and no --rules' : 'diff was given two runs and --rules', hint: 'Give two runs, or one run and --rules FILE.' })
    if (typed.rules !== undefined && by.length > 0) throw new UserError('flag-wrong', { value: '--by stands with --rules', hint: 'Of one run under two rule files the table is by currency, action and rule.' })
    const { openPair, published } = await import('../../diff/pair.ts')
    const pair = other === undefined ? undefined : openPair(one!, other)
    const run = pair?.second ?? published(one!)
    return withEngine(context, { engine: run.settings.engine, ...(await typedEngine(typed)) }, async (engine) => {
      progress.follow(() => engine.progress())
      const shown = await import('../../diff/shown.ts')
      if (pair === undefined) {
        progress.stage('diff')
        const said = await (await import('../../diff/under-rules.ts')).underRules(engine, run, String(typed.rules), top)
        progress.stop()
        if (format === 'json') show(JSON.stringify({ ...said, actions: said.actions.rows, largest: said.largest?.rows ?? null }, null, 2))
        else show(format === 'table' ? shown.underRulesShown(said, colour) : await asText(said.largest ?? said.actions, format))
        return exit.done
      }
      const { difference, document } = await import('../../diff/diff.ts')
      const said = await difference(engine, pair, { by, top }, progress.stage)
      progress.stop()
      if (format === 'json') show(JSON.stringify(document(said), null, 2))
      else show(format === 'table' ? shown.diffShown(said, colour) : await asText(said.largest ?? said.bridge, format))
      return exit.done
    })
  },
}
