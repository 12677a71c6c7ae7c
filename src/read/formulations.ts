import type { Engine } from '../engine/engine.ts'
import { int, join, money, name, sql, text, type Hole } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { inputNames } from './inputs.ts'
import { descents, keyInForce } from './keys.ts'
import type { Loaded } from './load.ts'

/** What the rows of an input are like: it chooses a formulation, never another answer. */
export interface Formulation {
  /** The declared key is strictly increasing over the rows without a fault: no key can repeat. */
  readonly keyIncreases: boolean
  /** The columns of the declared key that the files have. */
  readonly key: readonly string[]
  /** Some amount is below zero (of repayments). */
  readonly negatives: boolean
  /** Amounts that no row lacks. */
  readonly filled: ReadonlySet<string>
  /** Amounts of which some row has one that is no amount of a loan: too large to be added up with others. */
  readonly large: ReadonlySet<string>
  /** Kinds of money that need steps of their own, as far as some row has them (of repayments). */
  readonly kindsFound: ReadonlySet<SpecialKind>
}

const specialKinds = ['prepayment', 'compensation', 'buyback', 'charge'] as const
type SpecialKind = (typeof specialKinds)[number]

/** From here on an amount is too large: a hundred times as much must fit into the type of money. */
export const tooLarge = (scale: number) => `1${'0'.repeat(15 - scale)}`

/** Asked in one statement: each question keeps one core busy, and the engine answers several at a time. */
export async function formulations(engine: Engine, loaded: Readonly<Record<InputName, Loaded>>, settings: Settings, scale: number): Promise<Record<InputName, Formulation>> {
  const asked: Hole[] = []
  const most = money(tooLarge(scale))
  const found = {} as Record<InputName, (row: Readonly<Record<string, unknown>>) => Formulation>
  const ask = (question: Hole) => {
    asked.push(sql`(${question}) AS ${name(`q${asked.length}`)}`)
    return `q${asked.length - 1}`
  }
  for (const input of inputNames) {
    const { rows, columns } = loaded[input]
    const has = new Set(columns.map((column) => column.name))
    const declared = keyInForce(input, settings.inputs[input].key, (column) => has.has(column), settings.inputs.schedule.rows)
    const complete = declared.length > 0 && declared.every((column) => has.has(column))
    const descent = complete ? ask(descents(loaded[input], declared)) : undefined
    const negative = input === 'repayments' ? ask(sql`SELECT coalesce(min(amount) < 0, FALSE) FROM ${rows}`) : undefined
    // Both in one scan: a bit for each.
    const amounts = columns.filter((column) => column.type === 'money' && column.role === 'used').map(({ name: column }) => ({ column, bits: ask(sql`SELECT CASE WHEN count(*) > count(${name(column)}) THEN 1 ELSE 0 END + CASE WHEN max(${name(column)}) >= ${most} OR min(${name(column)}) <= -${most} THEN 2 ELSE 0 END FROM ${rows}`) }))
    // All of them in one scan: a bit for each.
    const bits = sql`CASE kind ${join(specialKinds.map((kind, at) => sql`WHEN ${text(kind)} THEN ${int(1 << at)}`), sql` `)} ELSE 0 END`
    const special = input === 'repayments' && has.has('kind') ? ask(sql`SELECT coalesce(bit_or(${bits}), 0) FROM ${rows}`) : undefined
    found[input] = (row) => ({
      key: complete ? declared : [],
      keyIncreases: descent === undefined || Number(row[descent]) === 0,
      negatives: negative !== undefined && row[negative] === true,
      filled: new Set(amounts.filter(({ bits: of }) => (Number(row[of]) & 1) === 0).map(({ column }) => column)),
      large: new Set(amounts.filter(({ bits: of }) => (Number(row[of]) & 2) !== 0).map(({ column }) => column)),
      kindsFound: new Set(special === undefined ? [] : specialKinds.filter((_, at) => (Number(row[special]) & (1 << at)) !== 0)),
    })
  }
  const [row] = await engine.rows(sql`SELECT ${join(asked)}`)
  return Object.fromEntries(inputNames.map((input) => [input, found[input](row!)] as const)) as Record<InputName, Formulation>
}
