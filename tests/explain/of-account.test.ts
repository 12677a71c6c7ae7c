import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { changesOf } from '../../src/explain/changes.ts'
import { explain } from '../../src/explain/explain.ts'
import { find } from '../../src/explain/find.ts'
import { bookOf } from '../property/book.ts'
import { bookSeeds } from '../property/seeds.ts'
import { explaining, folderOf, freshDir } from './book.ts'

// Explained from the rows that it needs, an account is what it is in the whole book: every figure, every line number, every reject.

const sample = fileURLToPath(new URL('../../fixtures/sample/', import.meta.url))

/** All that is told of an id. */
async function told(on: Awaited<ReturnType<typeof explaining>>, asked: string) {
  const found = await find(on.finding, asked)
  const said = await explain(on, [found.id])
  return { ...found, said, changes: await changesOf(on, said, '1.00') }
}

async function mustBeAlike(config: string, ids: readonly string[]) {
  const whole = await explaining(config)
  try {
    for (const id of ids) {
      const own = await explaining(config, id)
      try {
        expect(own.picked, id).toBe(true)
        expect(await told(own, id), id).toEqual(await told(whole, id))
      } finally {
        own.close()
      }
    }
  } finally {
    whole.close()
  }
}

/** The sample with rows broken in ways that leave lines records: no quote is open at the end of one. */
function dirtySample(): string {
  const dir = freshDir()
  cpSync(sample, dir, { recursive: true })
  const config = join(dir, 'arrears.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('max_reject_share: 0.01', 'max_reject_share: 1'))
  appendFileSync(join(dir, 'loans.csv'), ['cn-1010,B9001,Lower,,,,cash_loan,CNY,100.00,2025-01-01,open,,,,,,,,true,false,700,', 'ZZ-1,B9002,Broken,,,,cash_loan', ' ZZ-2 ,B9002,Blanks,,,,cash_loan,CNY,100.00,2025-01-01,open,,,,,,,,true,false,700,', 'ZZ-3,B9002,Other currency,,,,cash_loan,USD,100.00,2025-01-01,open,,,,,,,,true,false,700,'].map((line) => `${line}\n`).join(''))
  appendFileSync(join(dir, 'schedule.csv'), ['ZZ-2,1,2025-05-01,90.00,10.00,0.00', '', 'ZZ-3,1,2025-05-01,90.00,10.00,0.00', 'ZZ-9,1,2025-05-01,90.00,10.00,0.00', 'ZZ-3,2,2025-06-01,90.00'].map((line) => `${line}\r\n`).join(''))
  appendFileSync(join(dir, 'repayments.csv'), [
    'Z1,ZZ-2,2025-05-02,30.00,CNY,payment,settled,,,',
    'Z2,ZZ-3,2025-05-02,100.00,USD,payment,settled,,,',
    'Z2,CN-1004,2025-05-02,100.00,CNY,payment,settled,,,',
    'Z3,ZZ-3,2025-05-03,150.00,USD,undo,settled,P000618,,',
    'Z4,ZZ-2,2025-05-03,1.00,CNY,undo,settled,Z1,,',
    'Z5,ZZ-2,2025-05-03,1.00,USD,payment,settled,,,',
    'Z10,ZZ-9,2025-05-12,5.00,CNY,payment,settled,,,',
    '"Z11","CN-1004",2025-05-12,"1,5",CNY,payment,settled,,,',
    'Z12,"ZZ-2",2025-05-12,2.00,"C""Y",payment,settled,,,',
  ].map((line) => `${line}\n`).join(''))
  return config
}

test('accounts of the sample made dirty', async () => {
  await mustBeAlike(dirtySample(), ['CN-1004', 'cn-1004', 'CN-1010', 'CN-1013', 'CN-1052', 'CN-0999', 'ZZ-1', 'ZZ-2', 'ZZ-3', 'ZZ-9'])
})

describe.each(bookSeeds(2, 60, 20250909).map((seed, place) => ({ seed, place })))('invented book $place', ({ seed, place }) => {
  test('some of its accounts', async () => {
    const { asOf, ...rows } = bookOf(seed, `O${place}`)
    const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
    const { config } = folderOf(rows, { zone: 'UTC', as_of: asOf, work_on: plus(seed.workAfter), data_through: plus(seed.dataAfter ?? 0), implausible_max_share: 1 })
    await mustBeAlike(config, rows.loans.slice(0, 4).map(({ account_id }) => account_id))
  })
})
