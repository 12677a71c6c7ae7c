import { tryCast } from '../engine/calls.ts'
import { name, sql, type } from '../engine/sql.ts'
import { dueParts } from '../read/inputs.ts'
import type { Unit } from '../read/number-form.ts'
import type { MappedAs } from '../settings/schema.ts'
import { amountOf, meanOf, type AmountsFound } from './amounts.ts'
import { asked, proposed, type Entry } from './entries.ts'
import { mappedNames, takenApart } from './header-names.ts'
import type { Look } from './look.ts'
import type { Whole } from './whole.ts'

/** What is known of one input when its unit is asked about. */
export interface Measured {
  readonly whole: Whole
  readonly amounts: AmountsFound
  readonly looks: readonly Look[]
}

const stated: readonly { readonly unit: Unit; readonly title: RegExp; readonly header: RegExp }[] = [
  { unit: '0.01', title: /单位\s*[:：]?\s*分|amounts? (are )?in (cents|fen|minor units)/i, header: /^(分|cents?|fen)$|_(cents|fen)$/i },
  { unit: '10000', title: /单位\s*[:：]?\s*万元/, header: /^万元?$/ },
  { unit: '1000', title: /单位\s*[:：]?\s*千元|amounts? (are )?in thousands/i, header: /^(千元|thousands?|'?000s?)$/i },
  { unit: '100000', title: /amounts? (are )?in lakhs?/i, header: /^lakhs?$/i },
  { unit: '1', title: /单位\s*[:：]?\s*元/, header: /^元$/ },
]

/** A unit that the file itself states: in a line above its header, or behind the names of its amounts. */
function statedIn({ looks: [look], amounts }: Measured): { unit: Unit; why: string } | undefined {
  for (const { unit, title, header } of stated) {
    const line = look!.above.findIndex((text) => title.test(text))
    if (line !== -1) return { unit, why: `line ${line + 1} says ${title.exec(look!.above[line]!)![0]}` }
    const named = amounts.columns.filter((column) => header.test(takenApart(column.header).inside) || header.test(column.header))
    if (named.length > 0 && named.length === amounts.columns.length) return { unit, why: `the headers say it: ${named.map((column) => column.header).join(', ')}` }
  }
  return undefined
}

/** About how many times one figure is another, where a unit lies between them. */
const between = (ratio: number): number | undefined => [100, 1000, 10_000, 100_000].find((times) => ratio > times * 0.25 && ratio < times * 4)

/** What 1 in the amounts of each input is: as stated, or as the ratio of plan to principal and of payment to instalment has it. */
export async function unitEntries(of: Partial<Readonly<Record<MappedAs, Measured>>>, zeroDecimals: boolean): Promise<Entry[]> {
  const entries = new Map<MappedAs, Entry>()
  const unit: Record<MappedAs, number> = { loans: 1, schedule: 1, statements: 1, repayments: 1 }
  const put = (input: MappedAs, entry: Entry | undefined, value: number) => {
    unit[input] = value
    if (entry !== undefined) entries.set(input, entry)
  }
  const pathOf = (input: MappedAs) => ['inputs', input, 'unit']
  const fixed = new Set<MappedAs>()
  for (const input of mappedNames) {
    const found = of[input] === undefined || of[input]!.amounts.columns.length === 0 ? undefined : statedIn(of[input]!)
    if (found === undefined) continue
    fixed.add(input)
    put(input, found.unit === '1' ? undefined : proposed(pathOf(input), found.unit, 'sure', found.why), Number(found.unit))
  }
  const differ = (large: MappedAs, small: MappedAs, ratio: number, rows: number, why: string) => {
    const times = between(ratio)
    if (times === undefined) return
    // Hundreds are cents, which have no decimals: the side with the greater figures has them. More are thousands and the like, on the other side.
    const [input, value] = times === 100 ? [large, '0.01'] : [small, String(times)]
    if (fixed.has(input) || (times === 100 && !isWhole(of[large]!.amounts))) return
    if (rows < enough) entries.set(input, asked(pathOf(input), [value, '1'], `What is 1 in these amounts? ${why}.`))
    else put(input, proposed(pathOf(input), value, 'likely', why), Number(value))
  }
  const share = await planToPrincipal(of)
  if (share !== undefined) {
    const ratio = (share.ratio * unit.schedule) / unit.loans
    const why = `the plans add up to ${about(ratio)} times the principal of their loans`
    if (ratio > 1) differ('schedule', 'loans', ratio, share.rows, why)
    else differ('loans', 'schedule', 1 / ratio, share.rows, `the principal of loans is ${about(1 / ratio)} times what their plans add up to`)
  }
  const paid = await paymentToInstalment(of)
  if (paid !== undefined) {
    const ratio = (paid.ratio * unit.repayments) / unit.schedule
    if (ratio > 1) differ('repayments', 'schedule', ratio, paid.rows, `a payment is ${about(ratio)} times an instalment, on average`)
    else if (between(1 / ratio) !== undefined) for (const input of ['schedule', 'loans'] as const) if (of[input] !== undefined && of[input]!.amounts.columns.length > 0) differ(input, 'repayments', 1 / ratio, paid.rows, `an instalment is ${about(1 / ratio)} times a payment, on average`)
  }
  if (!zeroDecimals && fixed.size === 0 && entries.size === 0) {
    const given = Object.entries(of).filter(([, { amounts }]) => amounts.columns.length > 0) as [MappedAs, Measured][]
    if (given.length > 0 && given.every(([, { amounts }]) => isWhole(amounts)) && given.some(([, { amounts }]) => amounts.whole))
      for (const [input] of given) entries.set(input, asked(pathOf(input), ['1', '0.01'], 'No amount of any file has decimals. Is 1 in them one unit of the currency, or a cent (fen) of it?'))
  }
  return [...entries.values(), ...(entries.has('loans') ? [] : await rateEntries(of))]
}

/** A rate of 0.24 may be 24 per cent a year or a quarter of one. */
async function rateEntries({ loans }: Partial<Readonly<Record<MappedAs, Measured>>>): Promise<Entry[]> {
  if (loans === undefined || !loans.whole.has('annual_rate')) return []
  const [row] = await loans.whole.engine.rows(sql`SELECT max(${tryCast(name('annual_rate'), type('number'))}) AS n FROM ${loans.whole.loaded.rows}`)
  const most = Number(row?.n ?? 0)
  return most > 0 && most < 1.5 ? [asked(['inputs', 'loans', 'unit', 'annual_rate'], ['100', '1'], `No rate is above ${most}. Is 1 in them 100 per cent a year, or one?`)] : []
}

/** No amount has decimals. */
const isWhole = ({ forms, form: { decimal } }: AmountsFound) => forms.every(({ form }) => !form.includes(decimal))

/** So few rows do not speak for a unit. */
const enough = 20

interface Ratio {
  readonly ratio: number
  readonly rows: number
}

const about = (ratio: number) => (ratio >= 10 ? String(Math.round(ratio)) : ratio.toFixed(1))

/** What the plans of accounts add up to, over the principal of the same accounts. */
async function planToPrincipal({ loans, schedule }: Partial<Readonly<Record<MappedAs, Measured>>>): Promise<Ratio | undefined> {
  if (loans === undefined || schedule === undefined || !loans.whole.has('principal')) return undefined
  const due = ['principal_due', 'amount_due', ...dueParts].find((column) => schedule.whole.has(column))
  if (due === undefined) return undefined
  const [row] = await loans.whole.engine.rows(sql`
    SELECT sum(p.due) AS due, sum(l.principal) AS principal, count(*) AS n
    FROM (SELECT account_id, ${amountOf('principal', loans.amounts.form)} AS principal FROM ${loans.whole.loaded.rows}) l
    JOIN (SELECT account_id, sum(${amountOf(due, schedule.amounts.form)}) AS due FROM ${schedule.whole.loaded.rows} GROUP BY account_id) p ON p.account_id = l.account_id
    WHERE l.principal IS NOT NULL AND p.due IS NOT NULL`)
  const [plan, principal] = [Number(row?.due ?? 0), Number(row?.principal ?? 0)]
  return plan > 0 && principal > 0 ? { ratio: plan / principal, rows: Number(row!.n) } : undefined
}

async function paymentToInstalment({ schedule, repayments }: Partial<Readonly<Record<MappedAs, Measured>>>): Promise<Ratio | undefined> {
  if (schedule === undefined || repayments === undefined || !repayments.whole.has('amount')) return undefined
  const due = ['amount_due', 'principal_due'].find((column) => schedule.whole.has(column))
  if (due === undefined) return undefined
  const [paid, instalment] = [await meanOf(repayments.whole, 'amount', repayments.amounts.form), await meanOf(schedule.whole, due, schedule.amounts.form)]
  return paid > 0 && instalment > 0 ? { ratio: paid / instalment, rows: repayments.whole.rows } : undefined
}

