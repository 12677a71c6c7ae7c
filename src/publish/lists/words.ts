import { accountColumns, type AccountColumn } from '../../classify/columns.ts'
import { piecesOf } from '../../decide/placeholders.ts'
import { grouped } from '../../engine/calls.ts'
import type { ColumnType } from '../../engine/dialect.ts'
import { join, nothing, sql, text, type, type Hole, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { plainNumber } from '../cells.ts'
import { isHeld } from '../reports/aged.ts'

/** Where a column of the account (or of its action) is found, with its type; nothing where the book has none. */
export type Find = (column: string) => { readonly type: ColumnType; readonly value: Hole } | undefined

type Language = Settings['language']

const words = {
  en: {
    joins: ': ',
    days: (n: Hole) => [n, plural(n, ' day', ' days')],
    instalments: (n: Hole) => [sql`CASE WHEN ${n} IS NOT NULL THEN ${saying(text(', '), n, plural(n, ' instalment', ' instalments'))} END`],
    owes: ', ',
    charges: ', charges ',
    waived: (days: Hole) => [days, plural(days, ' day', ' days'), text(' late, not past due')],
    due: (day: Hole) => [text('due '), day, text(', ')],
    yes: 'yes',
    no: 'no',
    held: ' (held)',
    more: (n: Hole) => [text('; and '), n, text(' more')],
    between: '; ',
  },
  zh: {
    joins: '：',
    days: (n: Hole) => [text('逾期'), n, text('天')],
    instalments: (n: Hole) => [sql`CASE WHEN ${n} IS NOT NULL THEN ${saying(text('，'), n, text('期未还'))} END`],
    owes: '，',
    charges: '，另有费用',
    waived: (days: Hole) => [text('迟付'), days, text('天，按约定不计逾期')],
    due: (day: Hole) => [day, text('到期，')],
    yes: '是',
    no: '否',
    held: '（暂缓）',
    more: (n: Hole) => [text('；另有'), n, text('笔')],
    between: '；',
  },
} as const satisfies Record<Language, unknown>

const plural = (n: Hole, one: string, many: string) => sql`CASE WHEN ${n} = 1 THEN ${text(one)} ELSE ${text(many)} END`
/** One text of all pieces at once; what is blank is left out. */
const saying = (...pieces: readonly Hole[]): Sql => sql`concat_ws('', ${join(pieces)})`
const money = (amount: Hole, currency: Hole) => [grouped(amount), text(' '), currency]

/** What the words are made from. */
export const wordsFrom = ['reason', 'days_past_due', 'days_late', 'instalments_overdue', 'overdue_amount', 'currency', 'charges_outstanding', 'next_due_on', 'next_due_amount']

/**
 * The reason of an action as a collector reads it, figures filled in: a reason with columns in { } says what its author wrote, any
 * other is followed by days, instalments and money, or by what is due next.
 */
export function reasonInWords(find: Find, reason: Hole, patterns: readonly string[], language: Language): Hole {
  const say = words[language]
  const of = (column: AccountColumn) => find(column)?.value ?? nothing(accountColumns[column].type)
  const charges = of('charges_outstanding')
  const owed = [...say.instalments(of('instalments_overdue')), sql`CASE WHEN ${of('overdue_amount')} IS NOT NULL THEN ${saying(text(say.owes), ...money(of('overdue_amount'), of('currency')))} END`, sql`CASE WHEN ${charges} > 0 THEN ${text(say.charges)} || ${grouped(charges)} END`]
  const begin = sql`CASE WHEN ${reason} IS NOT NULL THEN ${reason} || ${text(say.joins)} END`
  const usual = sql`CASE WHEN ${of('days_past_due')} > 0 THEN ${saying(begin, ...say.days(of('days_past_due')), ...owed)}
    WHEN ${of('overdue_amount')} > 0 THEN ${saying(begin, ...say.waived(of('days_late')), ...owed)}
    WHEN ${of('next_due_on')} IS NOT NULL THEN ${saying(begin, ...say.due(of('next_due_on')), ...money(of('next_due_amount'), of('currency')))}
    ELSE ${reason} END`
  return filled(find, reason, patterns, language, usual)
}

/** A reason with the columns in { } filled in; any other is `otherwise`. */
export function filled(find: Find, reason: Hole, patterns: readonly string[], language: Language, otherwise: Hole): Hole {
  if (patterns.length === 0) return otherwise
  const each = patterns.map((pattern) => sql`WHEN ${text(pattern)} THEN ${saying(...piecesOf(pattern).map(({ text: written, column }) => (column === undefined ? text(written) : cellText(find(column), words[language]))))}`)
  return sql`CASE ${reason} ${join(each, sql` `)} ELSE ${otherwise} END`
}

/** A value as it stands in a sentence. */
function cellText(found: ReturnType<Find>, say: { readonly yes: string; readonly no: string }): Hole {
  if (found === undefined) return nothing('text')
  if (found.type === 'money') return grouped(found.value)
  if (found.type === 'number') return plainNumber(found.value)
  if (found.type === 'bool') return sql`CASE WHEN ${found.value} THEN ${text(say.yes)} WHEN NOT ${found.value} THEN ${text(say.no)} END`
  return sql`CAST(${found.value} AS ${type('text')})`
}

/** One of the borrower's other accounts in a few words; of accounts under the alias `a`. */
export const otherInWords = (language: Language): Sql =>
  saying(sql`a.account_id`, text(' '), ...words[language].days(sql`a.days_past_due`), text(' '), ...money(sql`a.overdue_amount`, sql`a.currency`), sql`CASE WHEN ${isHeld} THEN ${text(words[language].held)} END`)

export const betweenOthers = (language: Language) => words[language].between
export const moreOthers = (language: Language, n: Hole) => saying(...words[language].more(n))
