import { bounded, type Touch } from '../blast-radius/touches.ts'
import type { Row } from '../engine/engine.ts'
import { plain } from '../publish/exact.ts'
import { takesPayments, whatIf, type Rows } from '../what-if.ts'

/** An account with all that is in quarantine counted for it, and against it. */
interface BothWays {
  readonly best: Row
  readonly worst: Row
  readonly paid: { readonly best: string; readonly worst: string }
}

/** The accounts that rows in quarantine name, in their best and worst case. Empty where no payment can be added to the book. */
export async function bothWays(rows: Rows, all: readonly Touch[]): Promise<ReadonlyMap<string, BothWays>> {
  const ids = [...new Set(all.map(({ reject }) => reject.account_id))].filter((id) => id !== '').sort()
  if (!takesPayments(rows) || ids.length === 0) return new Map()
  const sum = (id: string, of: 'best' | 'worst') => plain(bounded(all.filter(({ reject }) => reject.account_id === id).reduce((so, one) => so + one[of], 0n)), rows.book.scale)
  const paid = ids.map((id) => ({ id, best: sum(id, 'best'), worst: sum(id, 'worst') }))
  const answers = await whatIf(rows, paid.flatMap(({ id, best, worst }) => [{ account_id: id, paid: best }, { account_id: id, paid: worst }]))
  return new Map(paid.map(({ id, best, worst }, at) => [id, { best: answers[2 * at]!, worst: answers[2 * at + 1]!, paid: { best, worst } }] as const))
}
