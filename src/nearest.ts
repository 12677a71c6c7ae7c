import { distance } from 'fastest-levenshtein'

/** The known name closest to what was typed, where one is close: at most a third of its letters differ. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  let best: { name: string; cost: number } | undefined
  for (const name of known) {
    const cost = distance(typed.toLowerCase(), name.toLowerCase())
    const allowed = Math.max(2, Math.floor(Math.max(typed.length, name.length) / 3))
    if (cost <= allowed && (best === undefined || cost < best.cost)) best = { name, cost }
  }
  return best?.name
}

/** What to do about a name that nothing has: the close one, where one is close. */
export function closeOr(typed: string, known: Iterable<string>, otherwise: string): string {
  const close = nearest(typed, known)
  return close === undefined ? otherwise : `Did you mean "${close}"?`
}
