import { accountColumns, type AccountColumn } from '../../classify/columns.ts'
import { piecesOf } from '../../decide/placeholders.ts'
import { grouped } from '../../engine/calls.ts'
import type { ColumnType } from '../../engine/dialect.ts'
import { join, name, nothing, sql, text, type, type Hole, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { plainNumber } from '../cells.ts'

/** Where a column of the account (or of its action) is found, with its type; nothing where the book has none. */
export type Find = (column: string) => { readonly type: ColumnType; readonly value: Hole } | undefined

type Language = Settings['language']

const words = {
  en: {
    joins: ': ',
    comma: ', ',
    days: (n: Hole) => counted(n, 'day', 'days'),
    instalments: (n: Hole) => counted(n, 'instalment', 'instalments'),
    charges: (amount: Hole) => sql`${text(', charges ')} || ${amount}`,
    waived: (days: Hole) => sql`${counted(days, 'day', 'days')} || ${text(' late, not past due, ')}`,
    due: (day: Hole, amount: Hole) => sql`${text('due ')} || ${day} || ${text(', ')} || ${amount}`,
    yes: 'yes',
    no: 'no',
    held: ' (held)',
    more: (n: Hole) => sql`${text('; and ')} || ${n} || ${text(' more')}`,
    between: '; ',
  },
  zh: {
    joins: '：',
    comma: '，',
    days: (n: Hole) => sql`${text('逾期')} || ${asText(n)} || ${text('天')}`,
    instalments: (n: Hole) => sql`${asText(n)} || ${text('期未还')}`,
    charges: (amount: Hole) => sql`${text('，另有费用')} || ${amount}`,
    waived: (days: Hole) => sql`${text('迟付')} || ${asText(days)} || ${text('天，按约定不计逾期，')}`,
    due: (day: Hole, amount: Hole) => sql`${day} || ${text('到期，')} || ${amount}`,
    yes: '是',
    no: '否',
    held: '（暂缓）',
    more: (n: Hole) => sql`${text('；另有')} || ${n} || ${text('笔')}`,
    between: '；',
  },
} as const satisfies Record<Language, unknown>

const asText = (value: Hole) => sql`CAST(${value} AS ${type('text')})`
const counted = (n: Hole, one: string, many: string) => sql`${asText(n)} || CASE WHEN ${n} = 1 THEN ${text(` ${one}`)} ELSE ${text(` ${many}`)} END`
const money = (amount: Hole, currency: Hole) => sql`${grouped(amount)} || ${text(' ')} || ${currency}`

/**
 * The reason of an action as a collector reads it, figures filled in: a reason with columns in { } says what its author wrote, any
 * other is followed by days, instalments and money, or by what is due next.
 */
export function reasonInWords(find: Find, reason: Hole, patterns: readonly string[], language: Language): Sql {
  const say = words[language]
  const of = (column: AccountColumn) => find(column)?.value ?? nothing(accountColumns[column].type)
  const owed = sql`${say.instalments(of('instalments_overdue'))} || ${text(say.comma)} || ${money(of('overdue_amount'), of('currency'))}
    || CASE WHEN ${of('charges_outstanding')} > 0 THEN ${say.charges(grouped(of('charges_outstanding')))} ELSE '' END`
  const figures = sql`CASE WHEN ${of('days_past_due')} > 0 THEN ${say.days(of('days_past_due'))} || ${text(say.comma)} || ${owed}
    WHEN ${of('overdue_amount')} > 0 THEN ${say.waived(of('days_late'))} || ${owed}
    WHEN ${of('next_due_on')} IS NOT NULL THEN ${say.due(asText(of('next_due_on')), money(of('next_due_amount'), of('currency')))} END`
  const usual = sql`coalesce(${reason} || ${text(say.joins)} || ${figures}, ${reason}, ${figures})`
  if (patterns.length === 0) return usual
  const filled = patterns.map((pattern) => sql`WHEN ${text(pattern)} THEN ${join(piecesOf(pattern).map(({ text: written, column }) => (column === undefined ? text(written) : sql`coalesce(${cellText(find(column), say)}, '')`)), sql` || `)}`)
  return sql`CASE ${reason} ${join(filled, sql` `)} ELSE ${usual} END`
}

/** A value as it stands in a sentence. */
function cellText(found: ReturnType<Find>, say: { readonly yes: string; readonly no: string }): Hole {
  if (found === undefined) return nothing('text')
  if (found.type === 'money') return grouped(found.value)
  if (found.type === 'number') return plainNumber(found.value)
  if (found.type === 'bool') return sql`CASE WHEN ${found.value} THEN ${text(say.yes)} WHEN NOT ${found.value} THEN ${text(say.no)} END`
  return asText(found.value)
}

/** The borrower's other accounts in a few words each, the worst first; of accounts under the alias `a`. */
export const otherInWords = (language: Language): Sql =>
  sql`a.account_id || ' ' || ${words[language].days(name('days_past_due'))} || ' ' || ${money(sql`a.overdue_amount`, sql`a.currency`)} || CASE WHEN coalesce(a.held_reason, '') <> '' THEN ${text(words[language].held)} ELSE '' END`

export const betweenOthers = (language: Language) => text(words[language].between)
export const moreOthers = (language: Language, n: Hole) => words[language].more(asText(n))
