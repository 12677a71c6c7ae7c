import { notAged, notLate } from '../classify/columns.ts'
import { UserError, type Place } from '../errors.ts'
import { defaultConventions, type Conventions, type ConventionsInForce, type StatedConventions } from './convention-fields.ts'
import type { Edge, RawSettings } from './schema.ts'

/** Where the tier or bucket with this place in its list stands; without one the list. */
type At = (list: 'tiers' | 'buckets', index?: number) => Place

/** Tiers and buckets must hold each number of days exactly once: total and disjoint, proved before anything runs. */
export function checkEdges(settings: Pick<RawSettings, 'tiers' | 'buckets'>, at: At = () => ({})): UserError[] {
  return [...edgeErrors('tiers', settings.tiers, 1, at), ...edgeErrors('buckets', settings.buckets, 0, at)]
}

function edgeErrors(list: 'tiers' | 'buckets', edges: readonly Edge[], first: number, at: At): UserError[] {
  const place = (edge?: Edge) => (edge === undefined ? at(list) : at(list, edges.indexOf(edge)))
  const misnamed = (edge: Edge, why: string) => [new UserError('settings-wrong', { value: `${list}: ${why}`, hint: 'Give each its own name.', ...place(edge) })]
  const wrong = (value: string, edge?: Edge) => [new UserError('tiers-wrong', { value: `${list}: ${value}`, ...place(edge) })]
  const again = edges.find((edge, index) => edges.findIndex(({ name }) => name === edge.name) < index)
  if (again !== undefined) return misnamed(again, `the name "${again.name}" stands twice`)
  const taken: readonly string[] = [...notAged, ...notLate]
  const ours = list === 'tiers' ? edges.find(({ name }) => taken.includes(name)) : undefined
  if (ours !== undefined) return misnamed(ours, `"${ours.name}" is the name of a tier that has no days`)
  let next: number | null = first
  for (const edge of [...edges].sort((a, b) => a.from - b.from)) {
    if (next === null) return wrong(`${edge.name} begins after the one without an upper end`, edge)
    if (edge.from !== next) return wrong(edge.from > next ? `${edge.from - 1 === next ? `day ${next} is` : `days ${next} to ${edge.from - 1} are`} in none` : `day ${edge.from} is in two (${edge.name} begins there)`, edge)
    if (edge.to !== null && edge.to < edge.from) return wrong(`${edge.name} ends before it begins`, edge)
    next = edge.to === null ? null : edge.to + 1
  }
  return next === null ? [] : wrong(`days from ${next} on are in none: the last one needs "to: null"`)
}

/** What is in force, in words: the head of every report. */
export function conventionsInForce(settings: Pick<RawSettings, 'tiers' | 'preventive_days'>): string {
  const tiers = settings.tiers.map((tier) => `${tier.name} ${tier.to === null ? `${tier.from}+` : `${tier.from}-${tier.to}`}`).join(', ')
  return `days past due count from the day after the due date of the oldest instalment not fully covered; payments cover the oldest instalment first; no grace, no materiality; tiers by days past due: ${tiers}; preventive ${settings.preventive_days} days ahead`
}

/** The conventions in force: what is stated over the defaults, what a product states over the book. */
export function conventionsOf({ products, ...stated }: StatedConventions): ConventionsInForce {
  const over = (base: Conventions, own: Omit<StatedConventions, 'products'>) => ({ ...base, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) })
  const book = over(defaultConventions, stated)
  return { book, products: Object.fromEntries(Object.entries(products).map(([product, own]) => [product, over(book, own)] as const)) }
}
