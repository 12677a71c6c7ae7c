import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { amountText, money } from '../reference/reference.ts'
import type { BookRun } from './age-book.ts'
import { publishedFolder } from './age-book.ts'
import type { Answer } from './case-settings.ts'
import { filesUnder, moneyOf, rejectsOf, rowsOf, said } from './published.ts'

/** How a run is held against the answer of a case. */

const sum = (amounts: string[]) => amountText(amounts.reduce((total, amount) => total + money(amount, 2), 0n), 2)

/** A reason of a reject is judged by its meaning: these words must stand in its code or message. */
const meanings: [RegExp, RegExp][] = [
  [/not a number/, /amount|number/i],
  [/missing amount/, /missing|required|empty|blank/i],
  [/two contents|other contents/, /key|conflict|content|twice/i],
  [/quote not closed/, /quote/i],
  [/NUL byte/, /nul/i],
  [/no such date|not a date/, /date/i],
  [/twice|already read/, /key|conflict|content|twice/i],
  [/the header again/, /header stands here again/],
  [/thousands mark/, /amount/i],
  [/rewritten by a spreadsheet/, /scientific notation/],
  [/negative amount/, /amount|reverse/i],
  [/fields, \d expected/, /fewer fields/],
]

/** Of a refusal too. */
const refusals: [RegExp, RegExp[]][] = [
  [/quote/, [/quote/i, /line 2|:2\b/]],
  [/two columns/, [/repayments\.csv/, /"amount" twice/, /columns 4 and 5/]],
  [/required columns/, [/repayments\.csv/, /no column (account_id|paid_on|amount)/, /Line 4 looks like the header/]],
  [/UTF-16 mark/, [/loans\.csv is not UTF-8/, /encoding: utf-16/]],
  [/not valid UTF-8/, [/loans\.csv is not UTF-8/, /encoding: gb18030/]],
  [/last line of schedule/, [/schedule\.csv breaks off on line 4/, /line end/]],
  [/is empty: no header/, [/repayments\.csv is empty/, /no header/]],
  [/repayments-header-only\.csv has no rows/, [/repayments-header-only\.csv has a header and no rows/]],
  [/no loans/, [/loans-header-only\.csv has a header and no rows/]],
  [/header has 4 columns/, [/schedule\.csv/, /column|field/i]],
]

const aged = ['short', 'medium', 'long']
const notLate = ['current', 'due_now', 'preventive']

/** What it says, and the rows that it lists as unmatched. */
function told(run: BookRun): string {
  const folder = publishedFolder(run.dir)
  const lists = folder === undefined ? [] : [...filesUnder(folder)].filter(([name]) => name.startsWith('unmatched')).map(([, bytes]) => bytes.toString('utf8'))
  return [said(run), ...lists].join('\n')
}

/** What an answer asks for and the run does not give: empty where all of it is met. */
export function misses(answer: Answer, run: BookRun, asOf: string): string[] {
  const found: string[] = []
  const miss = (what: string, want: unknown, got: unknown) => found.push(`${what}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`)
  const published = publishedFolder(run.dir) !== undefined
  if (answer.exit !== undefined && !answer.exit.includes(run.exit)) miss('exit', answer.exit, run.exit)
  if (answer.outcome !== undefined && published !== (answer.outcome === 'published')) miss('outcome', answer.outcome, published ? 'published' : 'not published')
  if (answer.reason !== undefined && answer.outcome === 'refused') {
    for (const word of refusals.find(([reason]) => reason.test(answer.reason!))![1]) if (!word.test(said(run))) miss('reason', answer.reason, run.stderr)
  }
  const account = (id: string) => run.accounts.find((row) => row['account_id'] === id)
  for (const [id, figures] of Object.entries(answer.accounts ?? {})) {
    const row = account(id)
    if (row === undefined) {
      miss(id, 'in accounts', 'not there')
      continue
    }
    for (const [name, want] of Object.entries(figures)) {
      const column = name === 'tier_not' ? 'tier' : name
      const got = row[column]
      const isMoney = ['overdue_amount', 'amount_due_to_date', 'amount_covered', 'advance'].includes(name)
      // A closed loan that owes nothing is settled: in no tier.
      if (column === 'tier' && want === 'current' && got === 'settled' && row['status'] === 'closed') continue
      const same = Array.isArray(want) ? !want.includes(String(got)) : isMoney ? money(String(got), 2) === money(String(want), 2) : got === want
      if (!same) miss(`${id}.${name}`, want, got)
    }
  }
  for (const [file, want] of Object.entries(answer.rows ?? {})) {
    const got = rowsOf(run, file.replace('.csv', ''))
    for (const name of ['read', 'accepted', 'rejected'] as const) if (got?.[name] !== want[name]) miss(`${file} ${name}`, want[name], got?.[name])
  }
  const rejects = rejectsOf(run, asOf)
  if (answer.outcome === 'published') {
    const wanted = answer.rejects ?? []
    for (const want of wanted) {
      const got = rejects.find((line) => line.file.endsWith(want.file) && Number(line.line) === want.line && (want.column === undefined || line.column === want.column))
      const words = meanings.find(([reason]) => reason.test(want.reason))![1]
      if (got === undefined || !words.test(`${got.code} ${got.message}`)) miss('reject', want, got ?? rejects)
    }
    // A row that no answer names is a row lost.
    // An id that a spreadsheet has damaged names no account, wherever it stands.
    const others = rejects.filter(({ file, code }) => !(code === 'account-id-damaged' && !wanted.some((want) => file.endsWith(want.file))))
    if (others.length !== wanted.length) miss('rejected rows', wanted.length, rejects)
  }
  const figures = [...(answer.money === undefined ? [] : [answer.money]), ...(answer.money_any_of ?? [])]
  const wrong = figures.map((one) => Object.entries(one).flatMap(([currency, wanted]) => Object.entries(wanted).flatMap(([name, want]) => {
    const value = moneyOf(run, currency)?.[(name === 'paid' ? 'received' : name) as 'received']
    return value === undefined || money(value, 2) !== money(want, 2) ? [[`money ${currency} ${name}`, want, value] as const] : []
  })))
  if (!wrong.some((one) => one.length === 0)) for (const one of wrong.flat()) miss(...one)
  const inTiers = (tiers: string[]) => run.accounts.filter((row) => tiers.includes(String(row['tier'])))
  for (const [tier, want] of Object.entries(answer.tiers ?? {})) {
    const got = inTiers(tier === 'not_late' ? notLate : [tier]).length
    if (got !== want) miss(`tier ${tier}`, want, got)
  }
  for (const [bucket, want] of Object.entries(answer.buckets ?? {})) {
    const got = run.accounts.filter((row) => row['bucket'] === bucket).length
    if (got !== want) miss(`bucket ${bucket}`, want, got)
  }
  for (const [currency, want] of Object.entries(answer.totals?.overdue ?? {})) {
    const got = sum(inTiers([...aged, ...notLate]).filter((row) => row['currency'] === currency).map((row) => String(row['overdue_amount'])))
    if (got !== want) miss(`overdue ${currency}`, want, got)
  }
  if (answer.report_head !== undefined && !said(run).includes(/[\d.]+/.exec(answer.report_head)![0])) miss('head', answer.report_head, run.summary?.conventions)
  for (const { about, names } of (answer.warn ?? []).filter(({ optional }) => optional !== true)) for (const name of names ?? []) if (!told(run).includes(name)) miss(`warning of ${about}`, name, 'nothing')
  if (answer.money_line !== undefined) {
    const [received, writtenOff] = [...answer.money_line.matchAll(/\d+\.\d\d/g)].map(([amount]) => amount)
    const got = moneyOf(run, 'CNY')
    if (got?.received !== received || got?.of_which_written_off_or_sold !== writtenOff) miss('money line', answer.money_line, got)
  }
  return found
}

/** The wrong answer that the fault leads to, and how to see it. Every sentence of a case must have its test here. */
export const never: Record<string, (run: BookRun) => boolean> = {
  'an overdue amount below zero': (run) => run.accounts.some((row) => String(row['overdue_amount']).startsWith('-')),
  'total overdue -100.00 or -50.00': (run) => /-100\.00|-50\.00/.test(sum(run.accounts.map((row) => String(row['overdue_amount'])))),
  'paid 100.00': (run) => moneyOf(run, 'CNY')?.received === '100.00',
  'line 3 dropped as an exact duplicate without saying that account and date differ': (run) => rejectsOf(run, '2025-06-30').some((line) => /twin|exact/i.test(`${line.code} ${line.message}`)),
  'an account in no bucket or in two': (run) => run.accounts.some((row) => row['bucket'] === null) || new Set(run.accounts.map((row) => row['account_id'])).size !== run.accounts.length,
  '112 days': (run) => run.accounts.some((row) => row['days_past_due'] === 112),
  '4 instalments overdue': (run) => run.accounts.some((row) => row['instalments_overdue'] === 4),
  '1 day': (run) => run.accounts.some((row) => row['days_past_due'] === 1),
  '121 days': (run) => run.accounts.some((row) => row['days_past_due'] === 121),
  'a message that account_id is missing': (run) => /account_id.*missing|missing.*account_id/i.test(run.stderr),
  'a passed-through column whose name starts with an invisible character': (run) => run.accounts.some((row) => Object.keys(row).some((name) => !/^[\w ]/.test(name))),
  'NaN or Infinity anywhere in an output': (run) => {
    // The rejected rows themselves must be shown as they came.
    const files = [...filesUnder(publishedFolder(run.dir)!)].filter(([name]) => !name.startsWith('rejects'))
    return files.some(([, bytes]) => /NaN|Infinity/.test(bytes.toString('latin1')))
  },
  'published with one repayment row read': (run) => rowsOf(run, 'repayments')?.read === 1,
  'L-2 shown as overdue': (run) => run.accounts.some((row) => row['account_id'] === 'L-2' && aged.includes(String(row['tier']))),
  'values shifted by a column': (run) => run.accounts.some((row) => !['70.00', '0.00'].includes(String(row['overdue_amount']))),
  'L-1 or L-17 shown as paid': (run) => run.accounts.some((row) => row['last_paid_on'] !== null || row['days_past_due'] === 0),
  'L-1 with 121 or 122 days (rolled to 1 March)': (run) => run.accounts.some((row) => row['days_past_due'] === 121 || row['days_past_due'] === 122),
  'headers with NULs between the letters': (run) => said(run).includes('\0') || run.accounts.some((row) => Object.keys(row).some((name) => name.includes('\0'))),
  'a published run with replacement characters in ids or headers': (run) => JSON.stringify(run.accounts).includes('\ufffd'),
  'the two damaged rows merged into one account': (run) => run.accounts.some((row) => String(row['account_id']).startsWith('6.22')),
  '6222020000000000001 written as 6222020000000000000': (run) => run.accounts.some((row) => row['account_id'] === '6222020000000000000'),
  ...Object.fromEntries(['2999.00', '2900.00', '1900.00'].map((amount) => [`overdue ${amount}`, (run: BookRun) => run.accounts.some((row) => row['overdue_amount'] === amount)])),
  // Without a word: not late, and neither held nor named.
  'no word about L-1': (run) => !said(run).includes('L-1'),
  '30 or 16 days': (run) => run.accounts.some((row) => row['days_past_due'] === 30 || row['days_past_due'] === 16),
  '34 days': (run) => run.accounts.some((row) => row['days_past_due'] === 34),
  'L-1 overdue 160.00': (run) => run.accounts.some((row) => row['overdue_amount'] === '160.00'),
  'L-1 due 290.00, 380.00 or 470.00': (run) => run.accounts.some((row) => ['290.00', '380.00', '470.00'].includes(String(row['amount_due_to_date']))),
  'paid 620.00, advance 120.00': (run) => moneyOf(run, 'CNY')?.received === '620.00' || moneyOf(run, 'CNY')?.advance === '120.00',
  'overdue 20.00': (run) => run.accounts.some((row) => row['overdue_amount'] === '20.00'),
  'overdue 0.00': (run) => run.accounts.some((row) => row['overdue_amount'] === '0.00'),
  'L-2 counted as current without a word': (run) => run.accounts.some((row) => row['account_id'] === 'L-2' && row['tier'] === 'current' && row['held_reason'] === null) || !said(run).includes('L-2'),
  'the sum of paid, covered, advance and unmatched not adding up': (run) => (run.summary.checks as { name: string; holds: boolean }[]).some(({ name, holds }) => name === 'money' && !holds),
  'a due date in another century': (run) => run.accounts.some((row) => Number(row['days_past_due']) > 1000),
  // tests/proof/case-delivery.test.ts runs it twice at once.
  'two exits 0 with mixed files': (run) => run.exit !== 0,
  'a second work list for the same day': (run) => readdirSync(join(publishedFolder(run.dir)!, 'worklists')).filter((name) => name.endsWith('.csv')).length !== 1,
  'published without a word about the last line': (run) => publishedFolder(run.dir) !== undefined && !/last line/.test(said(run)),
  // Of 2 accounts and 1,500.00 one and 1,000.00 rolled; 1,800.00 stand in the next bucket: tests/proof/case-analytics.test.ts.
  '100.00 %': (run) => run.stdout.includes('100.00 %'),
  'a figure without saying net flow or tracked, balance or count': (run) => /roll rate/i.test(said(run)),
  ...Object.fromEntries(['7.50 %', '9.50 %', '80.00 %'].map((share) => [share, (run: BookRun) => said(run).includes(share)])),
  'R-5 counted as cured': (run) => run.accounts.some((row) => row['account_id'] === 'R-5'),
  'R-4 counted as a transition': (run) => run.accounts.some((row) => row['account_id'] === 'R-4' && row['days_past_due'] !== 0),
  'L-2 shown as current without a word': (run) =>
    run.accounts.some((row) => row['account_id'] === 'L-2' && row['tier'] === 'current' && row['held_reason'] === null) || !said(run).includes('L-2'),
}
