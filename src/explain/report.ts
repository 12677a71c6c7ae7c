import { Chalk } from 'chalk'
import type { Value } from '../engine/engine.ts'
import { exact, plain } from '../publish/exact.ts'
import { counted, grouped } from '../publish/formats/figures.ts'
import { right, table, type Column } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import type { Changes } from './changes.ts'
import type { Explanation, NotCounted } from './explain.ts'
import { placeText } from './places.ts'
import { changed } from './report-changes.ts'
import { called, instalments, text } from './report-instalments.ts'
import { ruleBlocks } from './report-rules.ts'

/** One account on a terminal: what it is, its plan, its money, what did not count, what is wrong with its rows, what is done about it. */
export function report(said: Explanation, changes: Changes, colour: boolean, note?: string): string {
  const paint = new Chalk({ level: colour ? 1 : 0 })
  const titled = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [paint.bold(title), ...lines])
  const blocks = [
    note === undefined ? [] : [paint.yellow(shown(note))],
    [paint.bold(head(said)), `As of ${said.as_of}, lists worked on ${said.work_on}`],
    standing(said),
    titled("Ours and the lender's own figures", ours(said)),
    titled('Amounts', amounts(said)),
    titled('What would change it', changed(said, changes)),
    titled('Times late', timesLate(said)),
    titled('Accounts of the borrower', borrower(said)),
    titled('Instalments', instalments(said)),
    titled('Payments', payments(said)),
    titled('What did not count, and why', said.not_counted.length === 0 ? [] : table(notCountedColumns, said.not_counted.map(notCountedRow))),
    titled('Rows in quarantine', rejected(said)),
    titled('Unmatched rows (accepted, and they meet no account)', unmatched(said)),
    ...ruleBlocks(said, titled),
    [`Conventions: ${said.conventions}.`, ...(said.rules === null ? [paint.yellow(said.contact)] : [])],
  ]
  return blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')
}

/** Words and what they say, in two columns. */
const pairs = (rows: readonly (readonly string[])[]) => (rows.length === 0 ? [] : table([{ head: '' }, { head: '' }], rows).slice(2))

function head({ account_id, account }: Explanation): string {
  if (account === null) return `${shown(account_id)}: no loan row has this id`
  const facts = [account.product, account.currency, account.status === null ? null : `status ${account.status}`, account.borrower_id === null ? null : `borrower ${account.borrower_id}`]
  return [shown(account_id), facts.filter((fact) => fact !== null && fact !== undefined).map((fact) => shown(String(fact))).join(', ')].filter((part) => part !== '').join('  ')
}

function standing({ account, why }: Explanation): string[] {
  if (account === null) return []
  const tier = `${account.tier}${account.bucket === null ? '' : `, bucket ${account.bucket}`}`
  const reasons = why.held.map(({ says }) => says)
  const notHeld = why.hold_lifted ? 'no: the settings lift its hold' : 'no'
  return pairs([
    ...['Tier', ...why.tier.map(() => ''), ...(why.days === null ? [] : [''])].map((word, at) => [word, [tier, ...why.tier, ...(why.days === null ? [] : [why.days])][at]!]),
    ...(account.forborne === true ? [['Forborne', `yes: the contract was changed; ${counted(account.contractual_days_late, 'day')} late under the first plan`]] : []),
    ['Held', why.held.length === 0 ? notHeld : `yes, since ${account.held_since}: ${account.held_reason}`],
    ...[...reasons, ...(why.quarantine === null ? [] : [why.quarantine])].map((says) => ['', says]),
  ])
}

/** Compared and never trusted; a figure that cannot be read as a number is shown as it is. */
function ours({ account, received, lender_same_day }: Explanation): string[] {
  if (account === null || account.tier === 'rejected') return []
  const figures = [
    ['Days past due', account.days_past_due, account.lender_days_past_due],
    ['Overdue amount', account.overdue_amount, account.lender_overdue_amount],
    ['Outstanding principal', account.outstanding_principal, account.lender_outstanding],
    // Where the export has them.
    ...('lender_overdue_principal' in account ? [['Overdue principal', account.overdue_principal, account.lender_overdue_principal] as const] : []),
    ...('lender_instalments_paid' in account ? [['Instalments paid', account.instalments_paid, account.lender_instalments_paid] as const] : []),
    ...('lender_total_paid' in account ? [['Total paid', received, account.lender_total_paid] as const] : []),
  ] as const
  return table(
    [{ head: '' }, right('Ours'), right("Lender's"), { head: '' }],
    figures.map(([name, own, lender]) => [name, grouped(own), text(lender) === '' ? 'not given' : grouped(lender), ofItsDay(compared(own, lender), lender_same_day)]),
  )
}

/** The lender's figures are a photograph: on another day ours may well differ. */
const ofItsDay = (says: string, sameDay: boolean) => (sameDay || !says.startsWith('ours') ? says : `${says} (the lender's is of the day of the export)`)

function compared(own: Value | undefined, lender: Value | undefined): string {
  if (text(lender) === '' || text(own) === '') return ''
  try {
    const [a, b] = [exact(String(own)), exact(String(lender).trim())]
    const decimals = Math.max(String(own).split('.')[1]?.length ?? 0, String(lender).trim().split('.')[1]?.length ?? 0)
    return a === b ? 'equal' : `ours is ${grouped(plain(a > b ? a - b : b - a, decimals))} ${a > b ? 'higher' : 'lower'}`
  } catch {
    return "the lender's is no number"
  }
}

const money = {
  amount_due_to_date: 'due to date', amount_covered: 'of it covered', overdue_amount: 'overdue', due_today_amount: 'due today', charges_outstanding: 'charges beside the plan',
  cure_amount: 'to cure', advance: 'advance', to_charges: 'paid on charges beside the plan', to_principal: 'prepaid to principal', pending_amount: 'on its way', owed_back: 'owed back', released_amount: 'released', outstanding_schedule: 'all that the plan asks',
  last_paid_amount: 'last paid', next_due_amount: 'next due',
} as const

function amounts({ account }: Explanation): string[] {
  if (account === null) return []
  const days: Readonly<Record<string, Value | undefined>> = { last_paid_amount: account.last_paid_on, next_due_amount: account.next_due_on }
  const rows = Object.entries(money).flatMap(([column, says]) => {
    const amount = account[column]
    const zero = amount === null || amount === undefined || exact(String(amount)) === 0n
    return zero && !['amount_due_to_date', 'amount_covered', 'overdue_amount'].includes(column) ? [] : [[says, grouped(amount), days[column] === undefined ? '' : `on ${text(days[column])}`]]
  })
  return account.tier === 'rejected' ? [] : table([{ head: '' }, right(''), { head: '' }], rows).slice(2)
}

function timesLate({ times_late: times }: Explanation): string[] {
  if (times === null || times.length === 0) return times === null ? [] : ['  Never.']
  return table(
    [{ head: 'Late since' }, { head: 'Until' }, { head: 'Cured on' }, right('Days'), right('Most days late')],
    times.map((one) => [text(one.late_since), text(one.late_until), text(one.cured_on), text(one.days), text(one.max_days_late)]),
  )
}

function borrower({ borrower: rows, account_id, account }: Explanation): string[] {
  if (rows.length === 0) return []
  const driver = account?.driver_account_id
  return [
    ...table(
      [{ head: 'Account' }, { head: 'Tier' }, right('Days past due'), right('Overdue'), { head: 'Currency' }, { head: 'Held' }, { head: '' }],
      rows.map((row) => [text(row.account_id), text(row.tier), text(row.days_past_due), grouped(row.overdue_amount), text(row.currency), text(row.held_reason), [row.leads === true ? 'leads' : '', row.account_id === account_id ? 'this one' : ''].filter((word) => word !== '').join(', ')]),
    ),
    ...(driver === undefined ? [] : [`  Tier of the borrower: ${text(account?.borrower_tier)}${driver === null ? '' : `, by ${text(driver)}`}`]),
  ]
}

function payments({ payments: rows, account }: Explanation): string[] {
  if (rows.length === 0) return account === null ? [] : ['  None.']
  return table(
    [{ head: 'Payment' }, { head: 'Paid on' }, { head: 'Kind' }, { head: 'Status' }, right('Amount'), right('Counts'), { head: 'Covers' }],
    rows.map((row) => {
      const left = exact(row.left) > 0n ? [`${grouped(row.left)} beyond the plan`] : []
      const back = exact(row.given_back) > 0n ? [`${grouped(row.given_back)} given back`] : []
      return [called(row), text(row.paid_on), text(row.kind), text(row.status), grouped(row.amount), row.counts ? grouped(row.counted) : 'no', [...inRuns(row.covers), ...left, ...back].join(', ')]
    }),
  )
}

/** Instalments one after the other that take the same amount are told together. */
function inRuns(covers: Explanation['payments'][number]['covers']): string[] {
  const runs: { from: number; to: number; amount: string }[] = []
  for (const { instalment_no, amount } of covers) {
    const last = runs.at(-1)
    if (last !== undefined && last.to + 1 === instalment_no && last.amount === amount) last.to = instalment_no
    else runs.push({ from: instalment_no, to: instalment_no, amount })
  }
  return runs.map(({ from, to, amount }) => (from === to ? `no ${from} ${grouped(amount)}` : `no ${from} to ${to} ${grouped(amount)} each`))
}

const notCountedColumns: readonly Column[] = [{ head: 'Row' }, { head: 'Paid on' }, right('Amount'), right('Not counted'), { head: 'Why' }]
const notCountedRow = (row: NotCounted) => [called(row), text(row.paid_on), grouped(row.amount), grouped(row.not_counted), shown(row.says)]

function rejected({ rejected: rows }: Explanation): string[] {
  return rows.flatMap((reject) => [
    `  ${shown(placeText(reject))}  ${reject.code}${reject.column === '' ? '' : `  ${reject.column} "${shown(reject.value)}"`}`,
    `    ${shown(reject.message)}`,
    ...reject.same_key.map((other) => `    The other row of the key: ${shown(placeText(other))}${other.account_id === '' ? '' : `, account ${shown(other.account_id)}`}`),
    `    ${shown(reject.raw)}`,
  ])
}

function unmatched({ unmatched: rows }: Explanation): string[] {
  if (rows.length === 0) return []
  const why = rows[0]!.why === 'no_loan' ? 'No loan row has the account.' : 'The loan row of the account is in quarantine.'
  const values = ({ row }: (typeof rows)[number]) => Object.entries(row).flatMap(([column, value]) => (column === 'account_id' || text(value) === '' ? [] : [`${shown(column)} ${text(value)}`])).join(', ')
  return [`  ${why} ${counted(rows.length, 'row')}:`, ...rows.map((row) => `  ${shown(placeText(row))}  ${values(row)}`)]
}
