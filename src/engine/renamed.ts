import { inOrder, relation, type Relation } from './relation.ts'
import type { Hole, Sql } from './sql.ts'

/**
 * The composition of `last` under names of its own, down to what `shared` rests on: two compositions of the same steps under other
 * settings can then stand beside each other. `once`: steps that only one other reads here, and that need not be kept for it.
 */
export function renamed(last: Relation, mark: string, shared: readonly Relation[], once: readonly Relation[] = []): Relation {
  const kept = new Set(shared.flatMap((one) => inOrder(one)))
  const made = new Map<Relation, Relation>()
  const hole = (one: Hole): Hole => (one.kind === 'relation' ? step(one) : one.kind === 'sql' ? body(one) : one.kind === 'call' ? { ...one, args: one.args.map(hole) } : one)
  const body = (one: Sql): Sql => ({ ...one, holes: one.holes.map(hole) })
  function step(one: Relation): Relation {
    if (kept.has(one) || one.body === undefined) return one
    const anew = made.get(one) ?? relation({ ...one, name: one.name + mark, ...(once.includes(one) ? { kept: 'view' as const } : {}), body: body(one.body) })
    made.set(one, anew)
    return anew
  }
  return step(last)
}
