import { expect } from 'vitest'
import type { Row } from '../../src/engine/engine.ts'
import { reference, type Answer, type Asked, type Rows } from '../reference/reference.ts'
import { differences, scale } from './compare.ts'
import type { BookSeed } from './seeds.ts'

/** What is asked of an invented book, as the reference and as the settings have it. */
export function askedOf(one: BookSeed, asOf: string): { asked: Asked; settings: Readonly<Record<string, any>> } {
  const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
  const [workOn, dataThrough] = [plus(one.workAfter), one.dataAfter === undefined ? undefined : plus(one.dataAfter)]
  return {
    asked: { asOf, workOn, preventiveDays: one.preventiveDays, dataThrough, currency: 'CNY', scale },
    settings: { as_of: asOf, work_on: workOn, preventive_days: one.preventiveDays, ...(dataThrough === undefined ? {} : { data_through: dataThrough }) },
  }
}

/** What differs by itself comes before what follows from another account of the borrower, few rows before many. */
const weight = ({ differs, schedule, repayments }: { differs: string[]; schedule: unknown[]; repayments: unknown[] }) => schedule.length + repayments.length + (differs.every((line) => /^(borrower_|leads)/.test(line)) ? 1000 : 0)

/** Every column of every account is as the reference has it; else the smallest account that differs is shown with its rows and conventions. Gives the reference's answers. */
export function mustAgree(rows: Rows, asked: Asked, aged: readonly Row[], label: string): ReturnType<typeof reference> {
  const answer = reference(rows, asked)
  const byId = new Map(aged.map((row) => [row['account_id'], row]))
  const of = (account: Answer) => (row: { account_id: string }) => row.account_id === account.account_id
  const wrong = answer.accounts
    .map((account) => ({ account, differs: differences(account, byId.get(account.account_id)) }))
    .filter(({ differs }) => differs.length > 0)
    .map(({ account, differs }) => ({ differs, loan: rows.loans.find(of(account))!, schedule: rows.schedule.filter(of(account)), repayments: rows.repayments.filter(of(account)), pauses: rows.pauses }))
    .sort((a, b) => weight(a) - weight(b))
  if (wrong.length === 0) return answer
  // How many there are of each kind.
  const columns = wrong.flatMap(({ differs }) => differs.map((line) => line.split(':')[0]!))
  const counts = Object.fromEntries([...new Set(columns)].map((column) => [column, columns.filter((one) => one === column).length]))
  const { conventions, ...others } = asked
  const { products, ...ofBook } = conventions ?? {}
  const inForce = { ...ofBook, ...products?.[wrong[0]!.loan.product ?? ''] }
  expect.fail(`${label}, ${JSON.stringify(others)}\n${JSON.stringify(inForce)}\n${JSON.stringify(counts)}\n${JSON.stringify(wrong[0], null, 1)}`)
}
