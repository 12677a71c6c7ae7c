import { beforeAll, describe, expect, test } from 'vitest'
import { amountText, groups, reference } from '../reference/reference.ts'
import type { Answer, RepaymentRow } from '../reference/reference.ts'
import { ageBook, built } from './age-book.ts'
import type { Cell } from './age-book.ts'
import { heldReasons } from './held.ts'
import { worked } from './worked.ts'
import type { Worked } from './example.ts'

const questions = worked.flatMap((example) => example.asked.map((asked) => ({ ...asked, workOn: asked.workOn ?? asked.asOf, example, name: `${example.name}, as of ${asked.asOf}${asked.workOn === undefined ? '' : ` for ${asked.workOn}`}` })))

/** The account's figures with money as text, so that one expectation serves both. */
function shown(answer: Answer): Record<string, Cell | string[]> {
  const { instalments: _, held_reason, ...figures } = answer
  const entries = Object.entries(figures).map(([name, value]) => [name, typeof value === 'bigint' ? amountText(value, 2) : value] as const)
  return { ...Object.fromEntries(entries), held: held_reason }
}

describe('the reference gives what was worked by hand', () => {
  // A tolerance is a setting that the reference does not have.
  test.each(questions.filter(({ example }) => example.settings?.['closed_tolerance'] === undefined))('$name', ({ example, asOf, workOn, expect: wanted }) => {
    const { accounts } = reference(example, { asOf, workOn, preventiveDays: 3 })
    for (const [id, figures] of Object.entries(wanted)) expect(shown(accounts.find((account) => account.account_id === id)!), id).toMatchObject(figures)
  })
})

describe.runIf(built)('the engine gives what was worked by hand', () => {
  const answers = new Map<(typeof questions)[number], Record<string, Cell | string[]>[]>()

  beforeAll(async () => {
    // Examples that are asked for the same days under the same settings share a book.
    const runs = groups(questions, ({ asOf, workOn, example }) => JSON.stringify([asOf, workOn, example.settings ?? {}]))
    const waiting = [...runs.values()]
    const work = async () => {
      for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
        const examples: Worked[] = run.map(({ example }) => example)
        const { accounts, exit, stderr } = await ageBook({
          loans: examples.flatMap((example) => example.loans),
          schedule: examples.flatMap((example) => example.schedule),
          repayments: examples.flatMap((example): RepaymentRow[] => example.repayments),
          settings: { as_of: run[0]!.asOf, work_on: run[0]!.workOn, ...run[0]!.example.settings },
        })
        expect(exit, stderr).toBe(0)
        const rows = accounts.map((account) => ({ ...account, held: heldReasons(account['held_reason']) }))
        for (const question of run) answers.set(question, rows)
      }
    }
    await Promise.all([work(), work()])
  })

  test.each(questions)('$name', (question) => {
    for (const [id, figures] of Object.entries(question.expect)) {
      const row = answers.get(question)!.find((account) => account['account_id'] === id)!
      expect(row, id).toMatchObject(figures)
      // Due to date is covered, overdue or due today, in every account.
      const cents = (name: string) => Number(String(row[name]).replace('.', ''))
      expect(cents('amount_due_to_date'), id).toBe(cents('amount_covered') + cents('overdue_amount') + cents('due_today_amount'))
    }
  })
})
