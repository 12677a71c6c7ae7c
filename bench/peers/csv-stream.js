// @ts-check
// The job in plain JavaScript: csv-parse streams, one Map of accounts, csv-stringify. A row whose date or amount does not read is left out.
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { stringify } from 'csv-stringify'
import { asOf, listColumns, task, tiers } from './job.js'
import { ruleFor } from './rules.js'

const job = task()

/**
 * @param {string} input
 * @param {(row: string[]) => void} take
 */
async function rows(input, take) {
  const parser = createReadStream(join(job.dataDir, `${input}.csv`), { highWaterMark: 1 << 18 }).pipe(parse({ from_line: 2 }))
  parser.on('data', take)
  await finished(parser)
}

/** @type {Map<string, number>} */
const daysByText = new Map()

/**
 * Days since 1970, NaN for what is no date. A book has few distinct dates, so each is worked out once.
 * @param {string} text
 */
function dayNumber(text) {
  let day = daysByText.get(text)
  if (day === undefined) {
    const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
    day = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? time / 86_400_000 : Number.NaN
    daysByText.set(text, day)
  }
  return day
}

/** @param {string} text */
const cents = (text) => text === '' ? Number.NaN : Math.round(Number(text) * 100)

/** @param {number} amount */
const money = (amount) => (amount / 100).toFixed(2)

/** @typedef {{ paid: number, total: number, dueDays: number[], dueCents: number[] }} Account */

/** @type {Map<string, Account>} */
const accounts = new Map()

/** @param {string} id */
function accountOf(id) {
  let account = accounts.get(id)
  if (account === undefined) accounts.set(id, account = { paid: 0, total: 0, dueDays: [], dueCents: [] })
  return account
}

const today = dayNumber(asOf)
let leftOut = 0

await rows('repayments', ([, id = '', paidOn = '', amount = '', kind]) => {
  const day = dayNumber(paidOn)
  const value = cents(amount)
  if (Number.isNaN(day) || Number.isNaN(value)) leftOut += 1
  else if (day <= today) accountOf(id).paid += kind === 'undo' ? -value : value
})
await rows('schedule', ([id = '', , dueOn = '', principal = '', interest = '']) => {
  const day = dayNumber(dueOn)
  const value = cents(principal) + cents(interest)
  if (Number.isNaN(day) || Number.isNaN(value)) leftOut += 1
  else if (day < today) {
    const account = accountOf(id)
    account.total += value
    account.dueDays.push(day)
    account.dueCents.push(value)
  }
})

/**
 * Days past due: the age of the oldest instalment that the payments do not reach.
 * @param {Account} account
 */
function daysPastDue(account) {
  const { dueDays, dueCents } = account
  let left = account.paid
  for (const i of dueDays.map((_, at) => at).sort((a, b) => /** @type {number} */ (dueDays[a]) - /** @type {number} */ (dueDays[b]))) {
    left -= /** @type {number} */ (dueCents[i])
    if (left < 0) return today - /** @type {number} */ (dueDays[i])
  }
  return 0
}

/** @typedef {{ id: string, overdue: number, days: number, rule: string, row: (string | number)[] }} Line */

/** @type {Record<string, Line[]>} */
const lists = Object.fromEntries(tiers.map((tier) => [tier, []]))
/** @type {Map<string, { accounts: number, overdue: number }>} */
const summary = new Map()

await rows('loans', ([id = '', borrower = '', product = '', region = '', currency = '', principal = '', disbursedOn = '', , score = '', phone = '']) => {
  if (Number.isNaN(cents(principal)) || Number.isNaN(dayNumber(disbursedOn))) {
    leftOut += 1
    return
  }
  const account = accounts.get(id)
  const overdue = account === undefined ? 0 : Math.max(0, account.total - account.paid)
  const days = account === undefined || overdue === 0 ? 0 : daysPastDue(account)
  const tier = days > 90 ? 'long' : days > 30 ? 'medium' : days > 0 ? 'short' : 'current'
  const rule = ruleFor(tier, currency, product, score, overdue)
  const ruleId = rule?.id ?? ''
  const action = rule?.action ?? ''
  lists[tier]?.push({ id, overdue, days, rule: ruleId, row: [id, borrower, product, region, currency, phone, score, days, money(overdue), ruleId, action] })
  const key = [tier, currency, ruleId, action].join(',')
  const sums = summary.get(key)
  if (sums === undefined) summary.set(key, { accounts: 1, overdue })
  else {
    sums.accounts += 1
    sums.overdue += overdue
  }
})

/**
 * @param {string} name
 * @param {readonly string[]} header
 * @param {Iterable<(string | number)[]>} lines
 */
async function write(name, header, lines) {
  const csv = stringify({ header: true, columns: [...header] })
  const file = csv.pipe(createWriteStream(join(job.outDir, name)))
  for (const line of lines) if (!csv.write(line)) await once(csv, 'drain')
  csv.end()
  await finished(file)
}

for (const tier of tiers) {
  const list = lists[tier] ?? []
  list.sort((a, b) => b.overdue - a.overdue || (a.id < b.id ? -1 : 1))
  await write(`worklist_${tier}.csv`, listColumns, list.map((line) => line.row))
}
await write('summary.csv', ['tier', 'currency', 'rule_id', 'action', 'accounts', 'overdue_amount'],
  [...summary].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sums]) => [...key.split(','), sums.accounts, money(sums.overdue)]))
if (job.answers) {
  const all = tiers.flatMap((tier) => (lists[tier] ?? []).map((line) => [line.id, line.days, money(line.overdue), tier, line.rule]))
  await write('answers.csv', ['account_id', 'days_past_due', 'overdue_amount', 'tier', 'rule_id'], all)
}
if (leftOut > 0) console.error(`${leftOut} rows left out: their date or amount does not read`)
