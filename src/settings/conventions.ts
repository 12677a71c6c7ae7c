import { decimalsOf, scaleOf } from '../read/currencies.ts'
import { notAged, notLate } from '../classify/columns.ts'
import { UserError, type Place } from '../errors.ts'
import type { Conventions, ConventionsInForce, StatedConventions } from './convention-fields.ts'
import { defaultConventions } from './default-conventions.ts'
import type { Settings } from './load.ts'
import type { Tables } from './tables.ts'
import { presetOf } from './presets.ts'
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

/** What is in force, in words: the head of every report. `counts`: days are counted here at all, not taken as given. */
export function conventionsInForce({ preset, tiers, preventive_days, conventions: { book, products }, tables = { pauses: [] }, contagion = 'none', known_on }: Pick<Settings, 'preset' | 'tiers' | 'preventive_days' | 'conventions'> & { readonly known_on?: Settings['known_on']; readonly tables?: Pick<Tables, 'pauses'>; readonly contagion?: Settings['contagion'] }, counts = true): string {
  const named = tiers.map((tier) => `${tier.name} ${tier.to === null ? `${tier.from}+` : `${tier.from}-${tier.to}`}`).join(', ')
  const { grade, source } = presetOf(preset)
  const others = Object.entries(products).map(([product, own]) => [product, inWords(own).filter((line) => !inWords(book).includes(line))] as const).filter(([, lines]) => lines.length > 0)
  return [
    ...(preset === 'default' ? [] : [`preset ${preset} (grade ${grade}: ${source})`]),
    ...(counts ? inWords(book) : []),
    ...(counts ? others : []).map(([product, lines]) => `for ${product}: ${lines.join(', ')}`),
    ...(tables.pauses.length === 0 ? [] : [`days in pauses are taken off (${tables.pauses.length} ${tables.pauses.length === 1 ? 'pause' : 'pauses'})`]),
    ...(known_on === undefined ? [] : [`repayments as known ${known_on === 'as_of' ? 'on the as-of day itself' : `on ${known_on}`}, by received_on`]),
    `tiers by ${book.months === 'none' ? 'days' : 'months'} past due: ${named}`,
    ...(contagion === 'none' ? [] : [`borrower_tier is the tier of the borrower's worst account${typeof contagion === 'object' ? ` above ${contagion.share * 100} % of his exposure` : ''}`]),
    `preventive ${preventive_days} days ahead`,
  ].join('; ')
}

/** Each convention that differs from none, and those that always must be said. */
function inWords(of: Conventions): string[] {
  const from = of.count_from === 'due_date' ? 'the due date itself' : 'the day after the due date'
  const small = of.materiality
  const thresholds = small === undefined ? [] : [...(Object.keys(small.absolute).length === 0 ? [] : [`${Object.entries(small.absolute).map(([currency, amount]) => `${amount} ${currency}`).join(', ')} (0 in other currencies)`]), ...(small.relative === undefined ? [] : [`${small.relative * 100} % of outstanding principal`])]
  const lines = [
    `days past due count from ${from} of the oldest instalment not fully covered`,
    of.allocation === 'oldest_first' ? 'payments cover the oldest instalment first' : of.allocation === 'named_first' ? 'payments cover the instalment that they name, then the oldest first' : 'payments cover fees first, then the oldest instalment',
    ...(of.allocation_time === 'when_paid' ? ['money stays where it lay when it came in'] : []),
    ...(of.surplus === 'next' ? [] : [`money beyond what is due goes ${of.surplus === 'last' ? 'to the last instalment' : 'to all instalments left alike'}`]),
    `${of.grace_days === 0 ? 'no grace' : `${of.grace_days} days of grace (${of.grace_counting === 'after_grace' ? 'taken off the days' : 'after which days count from the due date'})`}, ${small === undefined ? 'no materiality' : `overdue amounts are material above ${thresholds.join(small.exceed === 'both' ? ' and ' : ' or ')}${small.counting === 'since_material' ? ', days count from the first day since which they have been' : ''}`}`,
    ...(of.business_days === 'kept' ? [] : [`due dates on days that are no business days move to the ${of.business_days} one, days count from the ${of.business_days_counting} date`]),
    ...(of.pause_span === 'whole' ? ['pauses are taken off whole'] : []),
    ...(of.clearing_days === 0 ? [] : [`cash counts ${of.clearing_days} days after paid_on and is pending until then`]),
    ...(of.ages.length === defaultConventions.ages.length ? [] : [`only ${of.ages.join(' and ')} make an instalment late`]),
    ...(of.full_payment.share === 1 ? [] : [`an instalment counts as paid from ${of.full_payment.share * 100} % on`]),
    ...(Number(of.full_payment.tolerance) === 0 ? [] : [`up to ${of.full_payment.tolerance} may be missing of an instalment`]),
    ...(of.after_payoff === 'zero' ? [] : ['a plan paid to its end keeps the lateness of its last payment']),
    ...(of.frozen_statuses.length === 0 ? [] : [`days stand still once ${of.frozen_statuses.join(' or ')}`]),
    ...(of.skip_instalments.length === 0 ? [] : [`instalments that are ${of.skip_instalments.join(' or ')} are never late`]),
    ...(of.months === 'none' ? [] : [`whole months by the ${of.months.toUpperCase()} method`]),
    ...(of.sticky === undefined ? [] : [`${of.sticky.from} stays until ${of.sticky.until === 'no_arrears' ? 'all arrears are paid' : `${of.sticky.probation_days} days without arrears`}`]),
    ...(of.chargeback === 'reopens' ? [] : ['a chargeback makes its amount due anew']),
  ]
  return lines
}

/** What is wrong with conventions beyond their shape. */
export function checkConventions(raw: Pick<RawSettings, 'conventions' | 'currency'> & { readonly tiers: readonly { readonly name: string }[] }, at: (...path: string[]) => Place): UserError[] {
  const { products, ...book } = raw.conventions
  const each = [{ own: book, path: [] as string[] }, ...Object.entries(products).map(([product, own]) => ({ own, path: ['products', product] }))]
  return each.flatMap(({ own, path }) => {
    const wrong = (field: string, value: string, hint: string) => new UserError('settings-wrong', { value: `conventions.${[...path, field].join('.')} ${value}`, hint, ...at(...path, field) })
    const errors: UserError[] = []
    if (own.sticky !== undefined && !raw.tiers.some(({ name }) => name === own.sticky!.from)) errors.push(wrong('sticky', `stays in "${own.sticky.from}", which is no tier`, `The tiers are ${raw.tiers.map(({ name }) => name).join(', ')}.`))
    if (own.materiality !== undefined && Object.keys(own.materiality.absolute).length === 0 && own.materiality.relative === undefined) errors.push(wrong('materiality', 'states no threshold', 'State absolute: {EUR: "100"} or relative: 0.01, or take it out.'))
    for (const status of own.frozen_statuses ?? []) if (!datedStates.includes(status)) errors.push(wrong('frozen_statuses', `names "${status}", which has no day of its own`, `Days can stand still from the day of ${datedStates.join(' or ')} on.`))
    for (const [currency, threshold] of Object.entries(own.materiality?.absolute ?? {})) {
      const most = decimalsOf(currency)
      if (digitsOf(threshold) > most) errors.push(wrong('materiality', `has ${threshold} for ${currency}, an amount with more decimals than that currency`, most === 0 ? `${currency} has none.` : `${currency} has ${most}.`))
    }
    const tolerance = own.full_payment?.tolerance ?? '0'
    const most = raw.currency === undefined ? 4 : scaleOf([raw.currency])
    if (digitsOf(tolerance) > most) errors.push(wrong('full_payment', `has a tolerance of ${tolerance}, an amount with more decimals than ${raw.currency ?? 'any currency'}`, `At most ${most}.`))
    return errors
  })
}

/** Digits behind the point; noughts at the end are none. */
const digitsOf = (amount: string) => (amount.includes('.') ? amount.replace(/0+$/, '').length - amount.indexOf('.') - 1 : 0)

const datedStates: readonly string[] = ['written_off', 'sold']

/** The conventions in force: what is stated over the preset over the defaults, what a product states over the book. */
export function conventionsOf({ products, ...stated }: StatedConventions, preset: Partial<Conventions> = {}): ConventionsInForce {
  const over = (base: Conventions, own: Omit<StatedConventions, 'products'>) => ({ ...base, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) })
  const book = over({ ...defaultConventions, ...preset }, stated)
  return { book, products: Object.fromEntries(Object.entries(products).map(([product, own]) => [product, over(book, own)] as const)) }
}
