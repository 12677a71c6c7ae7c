import type { Engine } from './engine.ts'
import { inOrder, type Relation } from './relation.ts'

/** Drops what some steps rest on, but for what they share with others: then the same steps may be composed anew under the same names. */
export async function forget(engine: Engine, lasts: readonly Relation[], shared: ReadonlySet<Relation>): Promise<void> {
  const seen = new Set<Relation>()
  for (const step of lasts.flatMap((last) => inOrder(last, seen))) if (step.body !== undefined && !shared.has(step)) await engine.drop(step)
}
