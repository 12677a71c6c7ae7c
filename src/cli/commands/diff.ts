import { UserError } from '../../errors.ts'
import { askedOf } from '../age-asked.ts'
import { asText } from '../age-shown.ts'
import type { Command } from '../command.ts'
import { exit } from '../exit.ts'
import { sharedFlags } from '../flags.ts'
import { privateFolder } from '../private-folder.ts'

export const diff: Command = {
  name: 'diff',
  says: 'Two published runs: who moved, in counts and money, by time, corrections, payments and rules. Writes nothing.',
  arguments: [
    { name: '<first>', says: 'The folder of a run, such as out/2025-05-31.' },
    { name: '<second>', says: 'The folder of another run, such as out/latest.' },
  ],
  flags: ['by', 'top', 'format', ...sharedFlags],
  examples: [
    ['What moved in a month', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest'],
    ['By product, as a table to paste', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest --by product --format md'],
    ['The ten accounts that moved most', 'arrears diff fixtures/sample/out/2025-05-31 fixtures/sample/out/latest --top 10'],
  ],
  async run({ typed, args, show, colour, progress, onInterrupt }) {
    const { format, by, top } = askedOf(typed)
    const [one, other] = args
    if (one === undefined || other === undefined) throw new UserError('flag-wrong', { value: 'diff compares two runs', hint: 'Give the folders of both.' })
    const [{ openPair }, { difference }, { openEngine }] = await Promise.all([import('../../diff/pair.ts'), import('../../diff/diff.ts'), import('../../engine/open.ts')])
    const pair = openPair(one, other)
    const scratch = privateFolder()
    onInterrupt(scratch.remove)
    try {
      const engine = await openEngine(pair.second.settings.engine, { threads: typed.threads === undefined ? undefined : Number(typed.threads), memory: typed.memory === undefined ? undefined : String(typed.memory), spill: `${scratch.path}/spill`, scale: 2 })
      onInterrupt(() => engine.interrupt())
      try {
        progress.follow(() => engine.progress())
        const said = await difference(engine, pair, { by, top }, progress.stage)
        progress.stop()
        if (format === 'json') show(JSON.stringify((await import('../../diff/document.ts')).document(said), null, 2))
        else if (format === 'table') show((await import('../../diff/shown.ts')).diffShown(said, colour))
        else show(await asText(said.largest ?? said.bridge, format))
        return exit.done
      } finally {
        engine.close()
      }
    } finally {
      scratch.remove()
    }
  },
}
