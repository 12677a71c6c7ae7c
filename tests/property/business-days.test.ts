import { expect, test } from 'vitest'
import { ageInProcess } from '../proof/in-process.ts'

// Invented holidays and pauses, many accounts in one book, against a calendar that is walked day by day: after the due date as moved each
// day counts that did not begin in a pause. `rolls_on` is found by walking on into the days to come.

interface Region { readonly holidays: ReadonlySet<string>; readonly workdays: ReadonlySet<string> }
interface Held { readonly account_id: string; readonly product: string; readonly region: string; readonly due_on: string; readonly pauses: readonly { from: string; to: string }[] }
interface Way { readonly business_days: 'kept' | 'next' | 'previous'; readonly business_days_counting: 'moved' | 'original'; readonly pause_span: 'after_due' | 'whole'; readonly count_from: 'day_after_due' | 'due_date'; readonly grace_days: number; readonly grace_counting: 'due_date' | 'after_grace' }

const plus = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
/** All days that the walks may come to. */
const allDays = Array.from({ length: 1461 }, (_, at) => plus('2024-01-01', at))
const placeOf = new Map(allDays.map((day, at) => [day, at] as const))
function* daysFrom(from: string, before: string) {
  for (let at = placeOf.get(from)!; allDays[at]! < before; at++) yield allDays[at]!
}
/** The same numbers in every run. */
function numbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const isOpen = ({ holidays, workdays }: Region, day: string) => workdays.has(day) || (!holidays.has(day) && ![0, 6].includes(new Date(day).getUTCDay()))
function moved(region: Region, due: string, way: Way['business_days']): string {
  let day = due
  if (way !== 'kept') while (!isOpen(region, day)) day = plus(day, way === 'next' ? 1 : -1)
  return day
}

/** Days past due, one day after the other, and why none count though the plan is late. */
function walked({ due_on, pauses }: Held, region: Region, way: Way, asOf: string): { days: number; waived: string | null } {
  const on = moved(region, due_on, way.business_days)
  const isPaused = (day: string) => pauses.some(({ from, to }) => from <= day && day < to)
  // Past due from the day after the due date as moved on, or on it.
  const first = way.count_from === 'due_date' ? on : plus(on, 1)
  const late = way.count_from === 'due_date' ? asOf >= due_on : asOf > due_on
  if (asOf < first) return { days: 0, waived: late ? 'business_day' : null }
  const from = way.business_days_counting === 'original' ? due_on : on
  let all = way.count_from === 'due_date' && asOf >= from ? 1 : 0
  for (const _ of daysFrom(from, asOf)) all++
  let paused = 0
  for (const day of daysFrom(way.pause_span === 'whole' ? '2025-01-01' : from, asOf)) if (isPaused(day)) paused++
  const days = Math.max(0, all - paused)
  if (all > 0 && days === 0) return { days, waived: 'pause' }
  if (days > 0 && days <= way.grace_days) return { days: 0, waived: 'grace' }
  return { days: days > 0 && way.grace_counting === 'after_grace' ? days - way.grace_days : days, waived: null }
}

const tierOf = (days: number) => (days === 0 ? 0 : days <= 30 ? 1 : days <= 90 ? 2 : 3)

const ways: Record<string, Way> = {}
for (const business_days of ['kept', 'next', 'previous'] as const)
  for (const business_days_counting of ['moved', 'original'] as const)
    for (const pause_span of ['after_due', 'whole'] as const) {
      const at = Object.keys(ways).length
      ways[`p${at}`] = { business_days, business_days_counting, pause_span, count_from: at % 2 === 0 ? 'day_after_due' : 'due_date', grace_days: [0, 3, 7][at % 3]!, grace_counting: at % 4 < 2 ? 'due_date' : 'after_grace' }
    }

function invented(seed: number) {
  const number = numbers(seed)
  const names = ['north', 'south']
  const regions = new Map(names.map((name) => {
    const days = Array.from({ length: 40 }, () => plus('2025-01-01', number(365)))
    const split = number(12)
    const workdays = new Set(days.slice(0, split).filter((day) => [0, 6].includes(new Date(day).getUTCDay())))
    return [name, { workdays, holidays: new Set([...days.slice(split), '2025-01-01'].filter((day) => !workdays.has(day))) } satisfies Region] as const
  }))
  const pause = () => {
    const from = plus('2025-02-01', number(200))
    return { from, to: plus(from, 1 + number(40)) }
  }
  const ofProduct = { product: 'p3', ...pause() }
  const ofRegion = { region: 'south', ...pause() }
  const accounts = Array.from({ length: 240 }, (_, at): Held => {
    const product = `p${at % Object.keys(ways).length}`
    const region = names[number(2)]!
    const own = Array.from({ length: number(4) }, pause)
    return { account_id: `A${String(at).padStart(3, '0')}`, product, region, due_on: plus('2025-03-01', number(150)), pauses: [...own, ...(product === 'p3' ? [ofProduct] : []), ...(region === 'south' ? [ofRegion] : [])] }
  })
  const stated = accounts.flatMap(({ account_id, pauses }) => pauses.filter((one) => !('product' in one) && !('region' in one)).map((one) => ({ account_id, product: '', region: '', ...one })))
  return {
    regions, accounts,
    files: {
      loans: accounts.map(({ account_id, product, region }) => ({ account_id, product, region, status: 'open' })),
      schedule: accounts.map(({ account_id, due_on }) => ({ account_id, instalment_no: 1, due_on, amount_due: '100.00' })),
      repayments: [],
      pauses: [...stated, { account_id: '', ...ofProduct, region: '' }, { account_id: '', product: '', ...ofRegion }],
      holidays: [...regions].flatMap(([region, { holidays, workdays }]) => [...[...holidays].map((date) => ({ region, date, kind: 'holiday' })), ...[...workdays].map((date) => ({ region, date, kind: 'workday' }))]),
    },
  }
}

test.each([[1, '2025-05-10'], [2, '2025-06-30'], [3, '2025-09-14']])('days, reasons and the day on which the tier gets worse are those of a walk through the calendar (book %i, as of %s)', async (seed, asOf) => {
  const { regions, accounts, files } = invented(seed)
  const { accounts: got } = await ageInProcess(files, { as_of: asOf, work_on: asOf, conventions: { products: ways } })
  for (const one of accounts) {
    const [region, way] = [regions.get(one.region)!, ways[one.product]!]
    const row = got.get(one.account_id)!
    const { days, waived } = walked(one, region, way, asOf)
    let rolls: string | null = null
    if (tierOf(days) < 3)
      for (let day = plus(asOf, 1); rolls === null; day = plus(day, 1)) if (tierOf(walked(one, region, way, day).days) > tierOf(days)) rolls = day
    const late = way.count_from === 'due_date' && asOf >= one.due_on ? true : asOf > one.due_on
    expect({ ...one, ...way, days_past_due: row['days_past_due'], waived: row['late_reason_waived'], rolls_on: row['rolls_on'], days_late: row['days_late'], overdue: row['overdue_amount'] })
      .toEqual({ ...one, ...way, days_past_due: days, waived, rolls_on: rolls, days_late: asOf > one.due_on ? (Date.parse(asOf) - Date.parse(one.due_on)) / 86_400_000 : 0, overdue: late ? '100.00' : '0.00' })
  }
})
