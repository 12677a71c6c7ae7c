import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountsBy, folder, proposed } from './proposed.ts'

// The sample as a bank sends it, without its settings: what is proposed must read to the accounts that those settings give. The words of products,
// regions and channels pass through as they are: nothing but the lender's own wish translates them.

const sent = new URL('../../fixtures/sample-as-sent/', import.meta.url).pathname
const products: Readonly<Record<string, string>> = { 现金贷: 'cash_loan', 消费贷: 'purchase_loan', 信用卡分期: 'card_instalment', 先享后付: 'pay_later' }
/** Their own names of columns that pass through are not those of the settings. */
const passed = ['borrower_name', 'phone', 'region', 'sales_channel', 'autopay', 'disputed', 'score', 'employer', '客户名称', '手机号', '地区', '渠道', '代扣签约', '争议', '评分', '工作单位']

test('nothing is left open, and every account is the same', async () => {
  const dir = folder()
  for (const file of ['loans.csv', 'schedule.csv', 'repayments.csv']) copyFileSync(join(sent, file), join(dir, file))
  const found = await proposed([dir], dir)
  expect(found.open).toEqual([])
  expect(found.says).toMatchObject({ as_of: '2025-06-30', data_through: '2025-06-30', 'loans.encoding': 'gb18030', 'loans.unit': '0.01', 'loans.leave_out': "['合计,{rows}']", 'repayments.key': '[payment_id, instalment_no]' })
  const [ours, theirs] = [await accountsBy(found.config), await accountsBy(join(sent, 'arrears.yaml'))]
  expect(ours.length).toBe(600)
  const alike = (rows: typeof ours) => rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !passed.includes(column)).map(([column, value]) => [column, column === 'product' ? (products[String(value)] ?? value) : value])))
  expect(alike(ours)).toEqual(alike(theirs))
})

test('nothing that names a person is in the file', async () => {
  const found = await proposed([sent])
  expect(found.text).not.toMatch(/样例\d|\+86|样例学校|样例商贸/)
})
