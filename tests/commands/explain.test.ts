import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { main } from '../../src/cli/main.ts'
import { folderOf, freshDir, started } from '../explain/book.ts'

const config = fileURLToPath(new URL('../../fixtures/sample/arrears.yaml', import.meta.url))
const plainly = (text: string) => text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))

/** One start of the program in this process, with what it prints. */
async function typed(...argv: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const out: string[] = []
  const err: string[] = []
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0)
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0)
  try {
    return { exit: await main(argv), stdout: out.join(''), stderr: err.join('') }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

// Private folders are made in the folder for temporary files; here each test has its own, so that what is left is seen.
let temporary: string
const before = process.env['TMPDIR']
beforeEach(() => {
  temporary = freshDir()
  process.env['TMPDIR'] = temporary
})
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
})

describe('arrears explain, for a person', () => {
  let lines: string[]
  beforeAll(async () => void (lines = plainly((await started(explain, { typed: { config }, args: ['CN-1004'] })).shown)))

  // Worked from the rows of the sample: 12 instalments of 1,000 from 5 January; those to April are paid on their days, the
  // debit of 5 May came back on 9 May. 5 May to 30 June = 26 + 30 = 56 days, 5 June to 30 June = 25.
  test.each([
    'CN-1004 | cash_loan, CNY, status open, borrower B0004',
    'As of 2025-06-30, lists worked on 2025-07-01',
    'Tier | medium, bucket 31-60',
    'The oldest unpaid instalment is no 5, due 2025-05-05: 56 days to 2025-06-30.',
    'Held | no',
    'to cure | 2,030.00',
    '4 | 2025-04-05 | 100.00 | 900.00 | 1,000.00 | 1,000.00 | 0.00 | 4,000.00 | 2025-04-05 P001376 1,000.00',
    '5 | 2025-05-05 | 100.00 | 900.00 | 1,000.00 | 0.00 | 1,000.00 | 56 | 5,000.00',
    '6 | 2025-06-05 | 100.00 | 900.00 | 1,000.00 | 0.00 | 1,000.00 | 25 | 6,000.00',
    '12 | 2025-12-05 | 100.00 | 900.00 | 1,000.00 | 0.00 | 1,000.00 | 12,000.00',
    'due by now | 600.00 | 5,400.00 | 6,000.00 | 4,000.00 | 2,000.00',
    'total | 1,200.00 | 10,800.00 | 12,000.00 | 4,000.00 | 8,000.00',
    'Open and due by 2025-06-30, by its own days past due: 1-30: 1,000.00 | 31-60: 1,000.00',
    'P001734 | 2025-05-05 | payment | settled | 1,000.00 | no',
    'P001734 | 2025-05-05 | 1,000.00 | 1,000.00 | taken back by P001798 (undo, 2025-05-09)',
    'M1 | FIRED | tier | "medium" | medium',
    'and | days_past_due | [31..60] | 56',
    'Action | daily_call, by phone, template M-01, priority 3, due 2025-07-01 (second month late)',
    'List | firm',
    'Gate | unchecked: lawfulness of contact was not checked',
  ])('%s', (line) => expect(lines).toContain(line))

  test('its parts stand in their order', () => {
    const at = ['Tier', 'Instalments', 'Payments', 'What did not count, and why', 'Rules of table', 'What is done', 'Conventions'].map((title) => lines.findIndex((line) => line.startsWith(title)))
    expect(at).toEqual([...at].sort((a, b) => a - b))
    expect(at).not.toContain(-1)
  })

  test('a month before, the debit had only just come back', async () => {
    const { shown } = await started(explain, { typed: { config, asOf: '2025-05-08', workOn: '2025-05-09' }, args: ['CN-1004'] })
    // On 8 May the payment of the 5th still stood: 5 instalments due and paid, the next one on 5 June.
    expect(plainly(shown)).toContain('Tier | current, bucket 0')
    expect(plainly(shown)).toContain('P001798 | 2025-05-09 | -1,000.00 | dated after 2025-05-08, so it takes nothing off')
  })

  test('nothing is written and nothing is left', async () => {
    const { dir, config: own } = folderOf({ loans: [{ account_id: 'A' }], schedule: [{ account_id: 'A', instalment_no: 1, due_on: '2025-06-01', amount_due: '1.00' }], repayments: [] }, { zone: 'UTC', as_of: '2025-06-30' })
    const files = readdirSync(dir)
    await started(explain, { typed: { config: own }, args: ['A'] })
    await started(explain, { typed: { config: own }, args: ['B'] }).catch(() => {})
    expect(readdirSync(dir)).toEqual(files)
    expect(existsSync(join(dir, 'out'))).toBe(false)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('an interrupt removes the private folder', async () => {
    const cleaners: (() => void)[] = []
    const seen: string[][] = []
    const progress = {
      stage: (name: string) => {
        if (name !== 'explain') return
        seen.push(readdirSync(temporary))
        for (const clean of [...cleaners].reverse()) clean()
        seen.push(readdirSync(temporary))
      },
      follow: () => {}, stop: () => {}, stages: [],
    }
    const context = { typed: { config }, args: ['CN-1004'], show: () => {}, say: () => {}, warn: () => {}, colour: false, progress, onInterrupt: (clean: () => void) => void cleaners.push(clean) }
    await explain.run(context).catch(() => {})
    expect(seen.map((names) => names.length)).toEqual([1, 0])
  })
})

describe('arrears explain --json', () => {
  test('one document', async () => {
    const { exit, stdout, stderr } = await typed('explain', 'CN-1037', '--config', config, '--json')
    expect([exit, stderr]).toEqual([0, ''])
    const said = JSON.parse(stdout)
    expect(Object.keys(said)).toEqual(['asked', 'alike', 'account_id', 'as_of', 'work_on', 'found', 'account', 'received', 'lender_same_day', 'why', 'borrower', 'times_late', 'instalments', 'buckets', 'payments', 'not_counted', 'rejected', 'unmatched', 'rules', 'conventions', 'contact', 'changes'])
    // 4 x 500 paid, 120 given back: it is taken from the last payment. 5 June to 30 June = 25.
    expect(said.account).toMatchObject({ account_id: 'CN-1037', tier: 'short', days_past_due: 25, overdue_amount: '120.00', rule_id: 'S4', action: 'call', gate: 'unchecked', contact_from: null })
    expect(said.instalments[3]).toEqual({
      instalment_no: 4, due_on: '2025-06-05', amount_due: '500.00', parts: { principal_due: '450.00', interest_due: '50.00', fee_due: '0.00' }, paid: '380.00', outstanding: '120.00', released: '0.00', days: 25,
      due_so_far: '2000.00', covered_by: [{ payment: 'P002145', amount: '380.00' }], file: 'schedule.csv', line: said.instalments[3].line,
    })
    expect(said.buckets).toContainEqual({ name: '1-30', amount: '120.00' })
    expect(said.not_counted).toMatchObject([{ payment_id: 'P002406', why: 'refund', amount: '-120.00', not_counted: null }])
    expect(said.rules.tables[0].fired).toBe('S4')
    expect(said.rules.actions).toMatchObject([{ rule: 'S4', list: 'soft', in_list: true, why_not: [] }])
    expect(said.contact).toBe('Lawfulness of contact was not checked.')
    // What is open of instalment 4 is all that is late; short ends on its 30th day, 5 July, so it is medium on the 6th.
    const current = { amount: '120.00', tier: 'current', days_past_due: 0, oldest_unpaid_due_on: null, overdue_amount: '0.00' }
    expect(said.changes).toMatchObject({ to_leave_tier: current, to_be_current: current, rolls_on: '2025-07-06', if_paid: null, in_quarantine: null })
  })

  test('an amount that is none is refused', async () => {
    for (const amount of ['0', '12.345']) {
      const { exit, stderr } = await typed('explain', 'CN-1037', '--config', config, `--if-paid=${amount}`)
      expect([exit, stderr]).toEqual([2, expect.stringContaining(`--if-paid is "${amount}", which is no amount of CNY`)])
    }
  })

  test('a held account says why it stands in no list', async () => {
    const { stdout } = await typed('explain', 'CN-1052', '--config', config, '--json')
    const said = JSON.parse(stdout)
    expect(said.rules.actions).toMatchObject([{ list: 'firm', in_list: false, why_not: ['held: row_in_quarantine'] }])
    expect(said.rejected).toMatchObject([{ file: 'repayments.csv', line: 2365, code: 'not-an-amount', value: '2OOO.00' }])
    expect(said.why.held[0].says).toContain('repayments.csv:2365 not-an-amount')
  })

  test('of one key with two contents both rows are named', async () => {
    const { stdout } = await typed('explain', 'CN-1055', '--config', config, '--json')
    expect(JSON.parse(stdout).rejected).toMatchObject([{ line: 2491, same_key: [{ file: 'repayments.csv', line: 2594, account_id: 'CN-1056' }] }])
  })

  test('one that does not lead names the account that does', async () => {
    const { stdout } = await typed('explain', 'CN-1014', '--config', config, '--json')
    expect(JSON.parse(stdout).rules.actions[0].why_not).toEqual(['does not lead its borrower B0013: CN-1013 does'])
  })

  test('in other letters it is found, and both ids are told', async () => {
    const { stdout } = await typed('explain', 'cn-1037', '--config', config, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ asked: 'cn-1037', account_id: 'CN-1037' })
  })
})

describe('what is wrong with the question', () => {
  test('an id that stands nowhere: exit 2, with what is near', async () => {
    const { exit, stdout, stderr } = await typed('explain', 'CN-1O04', '--config', config)
    expect([exit, stdout]).toEqual([2, ''])
    expect(stderr).toContain('error account-not-found\n  No row of any input names "CN-1O04".\n  Near it: CN-1004')
  })

  test('no id: exit 2', async () => {
    const { exit, stderr } = await typed('explain', '--config', config)
    expect(exit).toBe(2)
    expect(stderr).toContain("missing required argument 'account_id'")
  })

  test('no rules: told without them', async () => {
    const { config: own } = folderOf({ loans: [{ account_id: 'A' }], schedule: [{ account_id: 'A', instalment_no: 1, due_on: '2025-06-01', amount_due: '1.00' }], repayments: [] }, { zone: 'UTC', as_of: '2025-06-30' })
    const { exit, stdout } = await typed('explain', 'A', '--config', own)
    expect(exit).toBe(0)
    expect(stdout).toContain('No rules were given')
    expect(stdout).toContain('Lawfulness of contact was not checked.')
    expect(plainly(stdout)).toContain('29 days past due: short is 1 to 30.')
  })

  test('a wrong rule file: exit 2 before anything is read', async () => {
    const { config: own } = folderOf({ loans: [{ account_id: 'A' }], schedule: [], repayments: [] }, { zone: 'UTC', as_of: '2025-06-30' }, "- table: t\n  hit: first\n  rules:\n    - id: R\n      when: { teir: '\"short\"' }\n      then: { action: call }\n")
    const { exit, stderr } = await typed('explain', 'A', '--config', own)
    expect(exit).toBe(2)
    expect(stderr).toContain('rule-unknown-column')
  })

  test('help has its examples', async () => {
    const { exit, stdout } = await typed('explain', '--help')
    expect(exit).toBe(0)
    expect(stdout).toContain('arrears explain CN-1004 --config fixtures/sample/arrears.yaml')
  })
})
