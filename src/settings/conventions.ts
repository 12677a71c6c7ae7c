import { UserError } from '../errors.ts'
import type { Edge, RawSettings } from './schema.ts'

/** Tiers and buckets must hold each number of days exactly once: total and disjoint, proved before anything runs. */
export function checkEdges(settings: Pick<RawSettings, 'tiers' | 'buckets'>): UserError[] {
  return [...edgeErrors('tiers', settings.tiers, 1), ...edgeErrors('buckets', settings.buckets, 0)]
}

function edgeErrors(name: string, edges: readonly Edge[], first: number): UserError[] {
  const wrong = (value: string) => [new UserError('tiers-wrong', { value: `${name}: ${value}` })]
  const names = new Set(edges.map((edge) => edge.name))
  if (names.size !== edges.length) return wrong('a name stands twice')
  let next: number | null = first
  for (const edge of [...edges].sort((a, b) => a.from - b.from)) {
    if (next === null) return wrong(`${edge.name} begins after the tier without an upper end`)
    if (edge.from !== next) return wrong(edge.from > next ? `days ${next} to ${edge.from - 1} are in none` : `day ${edge.from} is in two (${edge.name} begins there)`)
    if (edge.to !== null && edge.to < edge.from) return wrong(`${edge.name} ends before it begins`)
    next = edge.to === null ? null : edge.to + 1
  }
  return next === null ? [] : wrong(`days from ${next} on are in none: the last one needs "to: null"`)
}

/** What is in force, in words: the head of every report. */
export function conventionsInForce(settings: Pick<RawSettings, 'tiers' | 'preventive_days'>): string {
  const tiers = settings.tiers.map((tier) => `${tier.name} ${tier.to === null ? `${tier.from}+` : `${tier.from}-${tier.to}`}`).join(', ')
  return `days past due count from the day after the due date of the oldest instalment not fully covered; payments cover the oldest instalment first; no grace, no materiality; tiers by days past due: ${tiers}; preventive ${settings.preventive_days} days ahead`
}
