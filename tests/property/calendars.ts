import { addDays, type Rows } from '../reference/reference.ts'
import { products } from './convention-seeds.ts'

/** The same choice for the same place and question. */
function choice(at: number, question: number, of: number): number {
  const mixed = Math.imul((at + 7) ^ Math.imul(question, 0x9e3779b1), 0x85ebca6b)
  return ((mixed ^ (mixed >>> 15)) >>> 0) % of
}

/** Regions, pauses around the as-of day, and holidays of all the years that due dates lie in. */
export function withCalendars(rows: Rows, asOf: string, place: number): Rows {
  const loans = rows.loans.map((loan, at) => ({ ...loan, region: ['north', 'south', '', 'nowhere'][choice(at, place, 4)]! }))
  const pause = (of: object, at: number) => {
    const from = addDays(asOf, [-60, -31, -10, -1, 0, 3][choice(at, 1, 6)]! - choice(at, 2, 20))
    return { account_id: '', product: '', region: '', ...of, from, to: addDays(from, 1 + choice(at, 3, 45)) }
  }
  const pauses = [
    ...loans.flatMap((loan, at) => Array.from({ length: [0, 0, 0, 1, 2, 3][choice(at, 4, 6)]! }, (_, n) => pause({ account_id: loan.account_id }, at * 3 + n))),
    ...products.slice(0, 3).map((product, at) => pause({ product }, 10_000 + at + place)),
    pause({ region: 'north' }, 20_000 + place),
  ]
  const first = Number(asOf.slice(0, 4)) - 3
  const holidays = Array.from({ length: 7 }, (_, n) => first + n).flatMap((year) => [
    { date: `${year}-01-01`, kind: 'holiday', region: '' },
    ...Array.from({ length: 12 }, (_, month) => ({ date: `${year}-${String(month + 1).padStart(2, '0')}-${String(2 + choice(year * 12 + month, 5, 26)).padStart(2, '0')}`, kind: choice(year * 12 + month, 6, 3) === 0 ? 'workday' : 'holiday', region: ['', 'north', 'south'][month % 3]! })),
  ])
  return { ...rows, loans, pauses, holidays }
}
