import { changesOf, payable } from '../explain/changes.ts'
import type { Explaining } from '../explain/evidence.ts'
import { explain } from '../explain/explain.ts'
import type { Found } from '../explain/find.ts'
import type { CommandContext } from './command.ts'
import { exit, type Exit } from './exit.ts'

/** Tells the account that was found, wherever its rows come from: to a person, or as one document. */
export async function tellFound({ typed, args, show, colour, progress }: CommandContext, on: Explaining, { id, alike, note }: Found): Promise<Exit> {
  const [said] = await explain(on, [id])
  const ifPaid = typed.ifPaid === undefined ? undefined : payable(String(typed.ifPaid), said!)
  const [changes] = await changesOf(on, [said!], ifPaid)
  progress.stop()
  if (typed.json === true) show(JSON.stringify({ asked: args[0], alike, ...said!, changes }, null, 2))
  else show((await import('../explain/report.ts')).report(said!, changes!, colour, note))
  return exit.done
}
