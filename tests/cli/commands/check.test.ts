import { expect, test } from 'vitest'
import { given } from '../../read/given.ts'
import { cli } from '../typed.ts'

// What stands in the settings of this book, in the words of check; the lines of its faults are counted by hand.
const repayments = ['Receipts of June;;;;', '', 'Ref;Branch;No;Day;Sum;Kind', ...Array.from({ length: 7 }, (_, at) => `P${at};N;1;31/13/2025;1.234,50;Ein`), 'P8;N;1;30/06/2025;(5,00);Aus', 'P9;N;1', ''].join('\r\n')
const files = { 'loans.csv': 'account_id,principal\nN-1,100.00\n', 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nN-1,1,2025-06-10,100.00\n', 'repayments.csv': Buffer.from(repayments, 'utf16le') }
const stated = {
  inputs: {
    loans: { constants: { currency: 'EUR' } },
    repayments: {
      encoding: 'utf-16le', delimiter: ';', lines_above: 2, headers: { payment_id: 'Ref', paid_on: 'Day', amount: 'Sum', kind: 'Kind' }, joined: { account_id: { of: ['Branch', 'No'], with: '-' } },
      dates: 'DD/MM/YYYY', numbers: { decimal: ',', thousands: '.', negative: ['parentheses'] }, values: { kind: { Ein: 'payment', Aus: 'refund' } }, blanks: ['n/a'],
    },
  },
}

test('check shows how each input is read, and the first rows of each fault with their lines', async () => {
  const { config } = given(files, stated)
  const { code, stdout } = await cli('check', '--config', config)
  expect(code).toBe(0)
  const line = (start: string) => stdout.split('\n').filter((one) => one.startsWith(`    ${start}`)).map((one) => one.trim())
  expect(line('read as')).toEqual(['read as  utf-8, fields by comma, quotes ", header on line 1', 'read as  utf-8, fields by comma, quotes ", header on line 1', 'read as  utf-16le, fields by semicolon, quotes ", header on line 3'])
  expect(line('dates')).toEqual(['dates    due_on: YYYY-MM-DD', 'dates    paid_on: DD/MM/YYYY'])
  expect(line('amounts')).toEqual(['amounts  principal: 1234.50', 'amounts  amount_due: 1234.50', 'amounts  amount: 1.234.567,50, (5) below zero'])
  expect(line('values')).toEqual(['values   kind: Ein is payment, Aus is refund'])
  expect(line('blanks')).toEqual(['blanks   "n/a"'])
  expect(line('columns').map((one) => one.replace(/^columns +/, ''))).toEqual([expect.stringContaining('currency (always EUR)'), expect.any(String), expect.stringMatching(/payment_id \(Ref\).*account_id \(Branch "-" No\)/)])
  expect(stdout).toMatch(/no-such-date: 7 rows of repayments\. [^]*?\n {4}repayments\.csv:4 "31\/13\/2025", repayments\.csv:5 "31\/13\/2025", repayments\.csv:6 "31\/13\/2025", repayments\.csv:7 "31\/13\/2025", repayments\.csv:8 "31\/13\/2025", \.\.\.\n/)
  expect(stdout).toMatch(/too-few-columns: 1 row of repayments\. [^]*?\n {4}repayments\.csv:12\n/)
  const document = JSON.parse((await cli('check', '--config', config, '--json')).stdout) as { inputs: { input: string; read_as: string[] }[]; rejected: { code: string; count: number; line: number }[] }
  expect(document.inputs.map(({ read_as }) => read_as.length)).toEqual([2, 3, 5])
  expect(document.rejected).toMatchObject([{ code: 'no-such-date', count: 7, line: 4 }, { code: 'too-few-columns', count: 1, line: 12 }])
})
