import type { Engine } from './engine.ts'
import { inOrder, relationsIn, type Relation } from './relation.ts'

/** Drops what some steps rest on, but for what the relations in `given` are and rest on: then the same steps may be composed anew under the same names. */
export async function forget(engine: Engine, lasts: readonly Relation[], given: readonly unknown[]): Promise<void> {
  const seen = new Set<Relation>()
  for (const step of relationsIn(given)) inOrder(step, seen)
  for (const step of lasts.flatMap((last) => inOrder(last, seen))) if (step.body !== undefined) await engine.drop(step)
}
