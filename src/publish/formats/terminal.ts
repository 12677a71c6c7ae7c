import { Chalk } from 'chalk'
import type { Row } from '../../engine/engine.ts'
import { opensOn } from '../../gather/days.ts'
import type { Answer } from '../reports/answer.ts'
import { notChecked, type Summary } from '../summary.ts'
import { answerBlocks } from './answered.ts'
import { bar } from './bar.ts'
import { counted, grouped, percent } from './figures.ts'
import { flowTable } from './flow.ts'
import { morningRead, morningTable } from './morning.ts'
import { table } from './table.ts'
import { shown } from './width.ts'

/**
 * The report that a manager reads: who is late by how much, what is held, whether it adds up, and by which conventions. Where only some
 * accounts are asked about, what is of the whole book is left out, but for the control totals.
 */
export function terminal(whole: Summary, colour: boolean, answer?: Answer, width?: number): string {
  const summary = answer === undefined ? whole : { ...whole, ageing: answer.ageing }
  const paint = new Chalk({ level: colour ? 1 : 0 })
  const head = (text: string) => paint.bold(text)
  const part = answer?.says !== undefined
  const ofBook = (blocks: () => string[][]) => (part ? [] : blocks())
  const blocks = [
    dates(summary, head),
    part ? [paint.yellow(shown(answer.says))] : [],
    ...currencies(summary).flatMap((currency) => page(summary, currency, head, width)),
    withoutCurrency(summary),
    ...ofBook(() => [reading(summary)]),
    ...(answer === undefined ? [] : answerBlocks(answer, head)),
    ...ofBook(() => [
      titled(head('Actions'), actionLines(summary)),
      titled(head('Held (no action leaves until the row is mended or the hold is lifted)'), heldLines(summary)),
      titled(head('Rejected rows'), rejectLines(summary)),
      titled(head('Unmatched (accepted rows that meet no account)'), unmatchedLines(summary)),
      titled(head('Look at these too'), otherLines(summary)),
      titled(head("Beside the lender's own figures"), tieLines(summary)),
    ]),
    titled(head(part ? 'Control totals of the whole book' : 'Control totals'), summary.checks.map((check) => `  ${paint.green('ok')}  ${check.of === '' ? '' : `${check.of}: `}${check.says.replace(/\d+(\.\d+)?/g, grouped)}`)),
    ...ofBook(() => [titled(head('Not used yet'), summary.notUsedYet.filter(({ columns }) => columns.length > 0).map(({ input, columns }) => `  ${input}: ${columns.map(shown).join(', ')}`))]),
    titled(paint.yellow('Warnings'), summary.warnings.map((warning) => `  ${paint.yellow(warning.code)}  ${shown(warning.says)}`)),
    [`Conventions: ${summary.conventions}.`, paint.yellow(notChecked)],
  ]
  return `${blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')}\n`
}

const titled = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines])

function dates({ as_of, work_on, data_through, newest_payment }: Summary, head: (text: string) => string): string[] {
  const known = data_through !== undefined ? `data through ${data_through}` : newest_payment !== undefined ? `newest payment ${newest_payment}` : 'no payments'
  return [`${head(`As of ${as_of}`)}, lists worked on ${work_on}, ${known}`]
}

const currencies = (summary: Summary) => [...new Set(summary.ageing.rows.map((row) => row.currency))].filter((currency) => currency !== null).map(String)

/** Reports laid out by more than the currency are files. */
const reportOf = ({ laidOutBy, reports }: Summary, name: string) => (laidOutBy.length > 0 ? undefined : reports.find((one) => one.name === name))

/** Of one currency: the morning, the ageing, what moved. */
function page(summary: Summary, currency: string, head: (text: string) => string, width: number | undefined): string[][] {
  const [morning, flow] = [reportOf(summary, 'morning'), reportOf(summary, 'flow')]
  const [first, ...rest] = [
    ...(morning === undefined ? [] : [morningTable(morning, currency, opensOn(summary.as_of))]),
    [...ageingTable(summary, currency), ...buckets(summary, currency, width)],
    ...(flow === undefined ? [] : [flowTable(flow, currency)]),
  ].filter((block) => block.length > 0)
  return [[head(currency), ...first!], ...rest]
}

/** Where a morning is shown: how to read it. */
function reading(summary: Summary): string[] {
  const morning = reportOf(summary, 'morning')
  return morning === undefined ? [] : morningRead(morning.rows.some(({ measure }) => measure === 'outstanding_schedule') ? 'outstanding_schedule' : 'outstanding_principal')
}

const rowsOf = (summary: Summary, currency: string | null, section: string) => summary.ageing.rows.filter((row) => row.currency === currency && row.section === section)

/** Counts that only some books have. */
const besideCounts = [['forborne', 'Forborne'], ['by_lender', "By the lender's word"]] as const

function ageingTable(summary: Summary, currency: string): string[] {
  const basis = summary.outstanding
  const cells = (row: Row, name = String(row.name)) => [name, grouped(row.accounts), percent(row.share), grouped(row.overdue_amount), grouped(row[basis]), grouped(row.held), ...besideCounts.filter(([count]) => count in row).map(([count]) => grouped(row[count]))]
  const tiers = rowsOf(summary, currency, 'tier')
  const [total] = rowsOf(summary, currency, 'total')
  const rows = [
    ...tiers.filter((row) => row.share !== null).map((row) => cells(row)),
    ...(total === undefined ? [] : [null, cells(total, 'all of these')]),
    // Not in ageing totals: they have no share.
    ...tiers.filter((row) => row.share === null && Number(row.accounts) > 0).map((row) => cells(row)),
  ]
  const columns = [{ head: 'Tier' }, ...['Accounts', 'Share', 'Overdue amount', basis === 'outstanding_principal' ? 'Outstanding principal' : 'Outstanding on schedule', 'Held', ...besideCounts.filter(([count]) => total !== undefined && count in total).map(([, head]) => head)].map((column) => ({ head: column, right: true }))]
  const lacking = basis === 'outstanding_principal' ? Number(total?.without_outstanding_principal ?? 0) : 0
  return [...table(columns, rows), ...(lacking > 0 ? [`  Outstanding principal is not known for ${counted(lacking, 'account')} of these.`] : [])]
}

/** A picture needs a terminal of this width; elsewhere one line says the same. */
const roomForBars = 60

function buckets(summary: Summary, currency: string, width: number | undefined): string[] {
  const all = rowsOf(summary, currency, 'bucket')
  const rows = all.filter((row) => Number(row.accounts) > 0)
  if (rows.length === 0) return []
  const [notLate, ...late] = all
  if (width === undefined || width < roomForBars || late.every((row) => Number(row.accounts) === 0)) return [`  Days past due: ${rows.map((row) => `${shown(String(row.name))}: ${grouped(row.accounts)}`).join(' | ')}`]
  const most = Math.max(...late.map((row) => Number(row.accounts)))
  // Most accounts are not late: beside their bar the others would not be seen.
  const lines = late.map((row) => [shown(String(row.name)), grouped(row.accounts), grouped(row.overdue_amount), bar(Number(row.accounts), most, Math.min(40, width - 45))])
  return ['', ...table([{ head: 'Days past due' }, { head: 'Accounts', right: true }, { head: 'Overdue amount', right: true }, { head: '' }], [[shown(String(notLate!.name)), grouped(notLate!.accounts), '', ''], ...lines])]
}

/** Rejected loan rows leave an id and no currency. */
function withoutCurrency(summary: Summary): string[] {
  return rowsOf(summary, null, 'tier')
    .filter((row) => Number(row.accounts) > 0)
    .map((row) => `${counted(row.accounts, 'account')} ${String(row.name)}, in no currency: the loan row is in quarantine`)
}

function actionLines({ actions }: Summary): string[] {
  if (actions === undefined) return []
  const rows = actions.rows.map((row) => [
    String(row.currency ?? ''),
    String(row.list ?? (row.action === 'none' ? '' : '(held)')),
    row.action === 'none' ? `none: ${String(row.reason ?? '')}` : String(row.action),
    String(row.channel ?? ''),
    grouped(row.accounts),
    grouped(row.in_list),
    grouped(row.overdue_amount),
  ])
  return table([{ head: 'Currency' }, { head: 'List' }, { head: 'Action' }, { head: 'Channel' }, { head: 'Accounts', right: true }, { head: 'In list', right: true }, { head: 'Overdue amount', right: true }], rows)
}

/** A spike at one value tells the cause; the report has more of them. */
const mostDays = 6

function tieLines({ ties }: Summary): string[] {
  if (ties === undefined) return []
  const totals = ties.rows.filter((row) => row.section === 'total').map((row) => [String(row.measure), String(row.currency ?? ''), grouped(row.accounts), grouped(row.equal), percent(row.agreement), grouped(row.higher), grouped(row.lower)])
  const days = ties.rows.filter((row) => row.section === 'days').slice(0, mostDays).map((row) => [String(row.name), grouped(row.accounts), String(row.cause ?? '')])
  return [
    ...table([{ head: 'Figure' }, { head: 'Currency' }, ...['Compared', 'Equal', 'Share', 'Ours higher', 'Ours lower'].map((column) => ({ head: column, right: true }))], totals),
    ...(days.length === 0 ? [] : ['', ...table([{ head: 'Days, ours less theirs', right: true }, { head: 'Accounts', right: true }, { head: 'Often comes from' }], days)]),
  ]
}

const exceptionsOf = (summary: Summary, kind: string) => summary.exceptions.rows.filter((row) => row.kind === kind)
const moneyOf = (row: Row) => (row.amount === null || row.amount === undefined || row.currency === null ? '' : `${grouped(row.amount)} ${String(row.currency)}`)
const words = [{ head: '' }, { head: '', right: true }, { head: '', right: true }, { head: '' }]
/** Lines in columns, without a head. */
const aligned = (rows: readonly string[][]) => (rows.length === 0 ? [] : table(words, rows).slice(2))

const heldLines = (summary: Summary) =>
  aligned(exceptionsOf(summary, 'held').map((row) => [String(row.detail), counted(row.accounts, 'account'), moneyOf(row), row.oldest === null ? '' : `since ${String(row.oldest)}`]))

const rejectLines = (summary: Summary) => aligned(exceptionsOf(summary, 'rejected_rows').map((row) => [String(row.detail), counted(row.rows, 'row'), counted(row.accounts, 'account'), '']))

const unmatchedLines = (summary: Summary) =>
  aligned(exceptionsOf(summary, 'unmatched').map((row) => [String(row.detail), counted(row.rows, 'row'), moneyOf(row), row.example === null ? '' : `for example ${String(row.example)}`]))

const others: Record<string, string> = {
  no_schedule: 'cannot be aged: no schedule',
  paid_up_but_open: 'paid up but open',
  advance_beside_overdue: 'advance beside overdue money',
  owed_back: 'taken back beyond what was received',
  late_but_waived: 'late, not past due under the conventions',
  terms_not_used: 'the terms say another plan than the schedule',
  by_lender: "aged by the lender's own word",
  held_over_7_days: 'held for more than 7 days',
  closed_but_owing: 'closed and still owing',
  unknown_status: 'status that nothing maps, taken as open',
  pending_over_3_days: 'on their way for more than 3 days',
  paid_after_as_of: 'paid after the as-of date (not counted)',
  pending: 'payments on their way (not counted)',
}

const withDetail = ['held_over_7_days', 'unknown_status', 'terms_not_used', 'by_lender']

const otherLines = (summary: Summary) =>
  aligned(
    Object.entries(others).flatMap(([kind, says]) =>
      exceptionsOf(summary, kind).map((row) => [withDetail.includes(kind) ? `${says}: ${shown(String(row.detail))}` : says, row.accounts === null ? '' : counted(row.accounts, 'account'), moneyOf(row), row.example === null ? '' : `for example ${String(row.example)}`]),
    ),
  )
