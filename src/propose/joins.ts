import { bareId } from '../engine/calls.ts'
import { name, sql } from '../engine/sql.ts'
import { grouped, percent } from '../publish/formats/figures.ts'
import type { Look } from './look.ts'
import { valuesOf } from './roles.ts'
import { isPersonal } from './synonyms.ts'
import type { Whole } from './whole.ts'

/** Fewer rows than this share that meet a loan say that ids do not fit. */
const most = 0.9

interface Joined {
  readonly notes: readonly string[]
  /** No account of the one is in the other: the ids are not the same ones. */
  readonly none: boolean
}

/** Headers of two files that have a value in common: what may join them, where what was taken for it does not. */
export function pairsOf(loans: Look, other: Look): [loans: string, other: string][] {
  const idsOf = (look: Look) => look.headers.flatMap((header, at) => {
    const values = new Set(valuesOf(look, at).filter((value) => /[\d]/.test(value) && value.length > 3 && !/^\d{4}[-/.]|^\d+[.,]\d\d?$/.test(value)))
    return values.size === 0 || isPersonal(header) ? [] : [{ header, values }]
  })
  return idsOf(loans).flatMap((one) => idsOf(other).filter(({ values }) => [...values].some((value) => one.values.has(value))).map(({ header }): [string, string] => [one.header, header]))
}

/** How many accounts of an input the loans have; and what would make more of them meet. */
export async function joined(loans: Whole, other: Whole, input: string): Promise<Joined> {
  if (!loans.has('account_id') || !other.has('account_id')) return { notes: [], none: false }
  const of = ({ loaded }: Whole) => sql`SELECT DISTINCT account_id, ${bareId(name('account_id'))} AS bare FROM ${loaded.rows} WHERE account_id IS NOT NULL`
  const [row] = await loans.engine.rows(sql`
    SELECT count(*) AS ids, sum(CASE WHEN account_id IN (SELECT account_id FROM (${of(loans)}) AS l) THEN 1 ELSE 0 END) AS met, sum(CASE WHEN bare IN (SELECT bare FROM (${of(loans)}) AS l) THEN 1 ELSE 0 END) AS alike
    FROM (${of(other)}) AS o`)
  const [ids, met, alike] = [Number(row?.ids ?? 0), Number(row?.met ?? 0), Number(row?.alike ?? 0)]
  if (ids === 0 || met >= ids * most) return { notes: [], none: false }
  const said = `of ${grouped(ids)} accounts ${grouped(met)} (${percent(met / ids)}) are in loans: ${met === 0 ? 'one of both has another id' : 'rows of the others are unmatched'}`
  const notes = [`${said}${alike > met ? `; ${grouped(alike)} would be without letter case, blanks and leading zeros, which a spreadsheet takes away: export ids as text, or see id_letters` : ''}; check the header of account_id in loans and ${input}`]
  return { notes, none: met === 0 && alike === 0 }
}
