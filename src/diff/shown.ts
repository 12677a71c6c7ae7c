import { Chalk } from 'chalk'
import { notAged as beside } from '../classify/columns.ts'
import type { Row, Value } from '../engine/engine.ts'
import { grouped } from '../publish/formats/figures.ts'
import { right, table } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import { shownPath } from '../read/source.ts'
import type { Difference } from './diff.ts'
import type { UnderRules } from './under-rules.ts'

/** Two nights side by side on a terminal: what moved, by what, tier by tier. */
export function diffShown(said: Difference, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 })
  const groups = [...new Map(said.bridge.rows.map((row) => [keyOf(said, row), row] as const))].sort(([, a], [, b]) => Number(a.currency === null) - Number(b.currency === null))
  const blocks = [
    [paint.bold(`From ${said.first.as_of} to ${said.second.as_of}`), ...[said.first, said.second].map(({ folder, work_on }, at) => `  ${at === 0 ? 'first ' : 'second'}  ${shown(shownPath(folder))}, lists worked on ${work_on}`)],
    said.undivided === null ? [] : [paint.yellow(shown(`Of ${said.possible.join(', ')} it cannot be told which moved what: ${said.undivided}`))],
    ...groups.flatMap(([key, row]) => ofGroup(said, key, titleOf(said, row), paint.bold)),
    [`Conventions: ${shown(said.second.conventions)}.${said.first.conventions === said.second.conventions ? '' : ` Before: ${shown(said.first.conventions)}.`}`],
  ]
  return blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')
}

const keyOf = ({ by }: Difference, row: Row) => JSON.stringify(['currency', ...by].map((column) => row[column] ?? null))
const titleOf = ({ by }: Difference, row: Row) => [row.currency === null ? 'In no currency' : String(row.currency), ...by.map((column) => `${column} ${shown(String(row[column] ?? ''))}`)].join(', ')

const signed = (figure: Value | undefined) => {
  const text = grouped(figure)
  return /^0(\.0+)?$/.test(text) ? text : text.startsWith('-') ? text : `+${text}`
}
const notAged: readonly string[] = beside
const word = (text: string) => text[0]!.toUpperCase() + text.slice(1).replaceAll('_', ' ')

function ofGroup(said: Difference, key: string, title: string, bold: (text: string) => string): string[][] {
  const own = ({ rows }: { readonly rows: readonly Row[] }) => rows.filter((row) => keyOf(said, row) === key)
  const outstanding = word(said.outstanding)
  const causes = own(said.causes).filter((row) => Number(row.moved) > 0 || [row.overdue_change, row.outstanding_change].some((amount) => Number(amount) !== 0))
  const moves = own(said.moves).filter(({ before, after }) => before !== after)
  const actions = said.actions === undefined ? [] : own(said.actions).filter(({ before, after }) => before !== after)
  const [due] = said.due_and_covered === undefined ? [] : own(said.due_and_covered)
  const largest = said.largest === undefined ? [] : said.largest.rows.filter(({ currency }) => currency === (JSON.parse(key) as Value[])[0])
  return [
    [
      bold(title),
      ...table([{ head: 'Moved by' }, right('Accounts'), right('Worse'), right('Better'), right('Overdue amount'), right(outstanding)], causes.length === 0 ? [['nothing', '', '', '', '', '']] : causes.map((row) => [String(row.cause), grouped(row.moved), grouped(row.worse), grouped(row.better), signed(row.overdue_change), signed(row.outstanding_change)])),
      ...(due === undefined || (Number(due.fell_due) === 0 && Number(due.covered) === 0) ? [] : [`  Of the accounts in both: ${signed(due.fell_due)} fell due before the day, ${signed(due.covered)} by what covers it.`]),
    ],
    ...['accounts', 'overdue_amount', said.outstanding].map((measure) => bridge(said, own(said.bridge).filter((row) => row.measure === measure), measure)),
    moves.length === 0 ? [] : table([{ head: 'From' }, { head: 'To' }, right('Accounts'), right('Overdue before'), right('after'), right('change')], moves.map((row) => [String(row.before), String(row.after), grouped(row.accounts), grouped(row.overdue_before), grouped(row.overdue_after), signed(row.overdue_change)])),
    actions.length === 0 ? [] : table([{ head: 'Action before' }, { head: 'Action now' }, right('Accounts'), right('Overdue amount')], actions.map((row) => [String(row.before ?? ''), String(row.after ?? ''), grouped(row.accounts), grouped(row.overdue_amount)])),
    said.by.length > 0 || largest.length === 0 ? [] : table(Object.keys(said.largest!.columns).slice(1).map((column) => (['account_id', 'before', 'after'].includes(column) ? { head: word(column) } : right(word(column)))), largest.map((row) => Object.entries(said.largest!.columns).slice(1).map(([column, type]) => (type === 'money' ? (column.endsWith('before') || column.endsWith('after') ? grouped(row[column]) : signed(row[column])) : String(row[column] ?? ''))))),
  ]
}

/** One measure from the first run to the second; what changed nothing is blank, and an amount that nobody has is left out. */
function bridge({ bridge: { columns } }: Difference, rows: readonly Row[], measure: string): string[] {
  const parts = Object.keys(columns).slice(Object.keys(columns).indexOf('before') + 1, -1)
  const isIdle = (row: Row) => Number(row.before) === 0 && Number(row.after) === 0 && parts.every((part) => Number(row[part]) === 0)
  if (rows.every(isIdle)) return []
  const line = (row: Row) => [String(row.tier), grouped(row.before), ...parts.map((part) => (Number(row[part]) === 0 ? '' : signed(row[part]))), grouped(row.after)]
  const [total, ...tiers] = [rows.find(({ tier }) => tier === 'total')!, ...rows.filter(({ tier }) => tier !== 'total')]
  const aged = tiers.filter(({ tier }) => !notAged.includes(String(tier)))
  const others = tiers.filter((row) => notAged.includes(String(row.tier)) && !isIdle(row))
  return table([{ head: word(measure) }, right('Before'), ...parts.map((part) => right(word(part))), right('Now')], [...aged.map(line), ...(aged.length === 0 ? [] : [null, line({ ...total, tier: 'all of these' })]), ...others.map(line)])
}

/** What another rule file would change, on a terminal. */
export function underRulesShown({ folder, as_of, work_on, rules, actions, largest }: UnderRules, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 })
  const currencies = [...new Set(actions.rows.map(({ currency }) => currency!))].sort((a, b) => Number(a === null) - Number(b === null))
  const blocks = currencies.flatMap((currency) => {
    const own = actions.rows.filter((row) => row.currency === currency)
    const moved = own.filter(({ before, after }) => before !== after)
    const stay = own.filter(({ before, after }) => before === after).reduce((sum, { accounts }) => sum + Number(accounts), 0)
    const heads = [{ head: 'Action now' }, { head: 'Rule' }, { head: 'Would be' }, { head: 'Rule' }, right('Accounts'), right('Held'), right('Beside the leading'), right('Overdue amount')]
    const top = (largest?.rows ?? []).filter((row) => row.currency === currency)
    return [
      [paint.bold(currency === null ? 'In no currency' : String(currency)), `  ${grouped(stay)} accounts would get the same action.`, ...(moved.length === 0 ? [] : table(heads, moved.map((row) => [...['before', 'rule_before', 'after', 'rule_after'].map((column) => String(row[column] ?? '')), grouped(row.accounts), grouped(row.held), grouped(row.beside_the_leading), grouped(row.overdue_amount)])))],
      top.length === 0 ? [] : table(Object.entries(largest!.columns).slice(1).map(([column, type]) => (type === 'text' ? { head: word(column) } : right(word(column)))), top.map((row) => Object.entries(largest!.columns).slice(1).map(([column, type]) => (type === 'money' ? grouped(row[column]) : String(row[column] ?? ''))))),
    ]
  })
  return [[paint.bold(`As of ${as_of}, lists worked on ${work_on}: ${shown(rules.run ?? 'no rules')} and ${shown(rules.other)}`), `  run  ${shown(shownPath(folder))}`], ...blocks].filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')
}
