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
