import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshDir } from './book.ts'

export const sample = fileURLToPath(new URL('../../fixtures/sample/', import.meta.url))

/** The sample with rows broken in more ways, and accounts that meet nothing; holds go by what rows in quarantine could change. */
export function dirtySample(): string {
  const dir = freshDir()
  cpSync(sample, dir, { recursive: true })
  const config = join(dir, 'arrears.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('max_reject_share: 0.01', 'max_reject_share: 1').replace('lift: []', 'lift: [CN-1052]').replace(/^holds:/m, 'blast_radius: true\nholds:'))
  appendFileSync(join(dir, 'loans.csv'), [
    'CN-1004,B9999,Twice,,,,cash_loan,CNY,1.00,2025-01-01,open,,,,,,,,true,false,1,',
    'cn-1010,B9001,Lower,,,,cash_loan,CNY,100.00,2025-01-01,open,,,,,,,,true,false,700,',
    'ZZ-1,B9002,Broken,,,,cash_loan',
    'ZZ-2,B9002,No currency of ISO,,,,cash_loan,yuan,100.00,2025-01-01,open,,,,,,,,true,false,700,',
    'ZZ-3,B9002,No plan,,,,cash_loan,CNY,100.00,2025-01-01,open,,,,,,,,true,false,700,',
    'ZZ-4,B9002,Frozen,,,,cash_loan,CNY,100.00,2025-01-01,frozen,,,,,,,,false,false,700,',
    'ZZ-5,B9002,Plan from 3 on,,,,cash_loan,CNY,100.00,2025-01-01,open,,,,,,,,false,false,700,',
  ].map((line) => `${line}\n`).join(''))
  appendFileSync(join(dir, 'schedule.csv'), ['ZZ-2,1,2025-05-01,90.00,10.00,0.00', 'ZZ-4,1,2025-05-01,90.00,10.00,0.00', 'ZZ-5,3,2025-05-01,90.00,10.00,0.00', 'ZZ-9,1,2025-05-01,90.00,10.00,0.00', 'CN-1015,4,2025-07-05,1.00,0.00,0.00', 'ZZ-4,2,2025-06-01,90.00'].map((line) => `${line}\n`).join(''))
  appendFileSync(join(dir, 'repayments.csv'), [
    'Z1,ZZ-2,2025-05-02,100.00,CNY,payment,settled,,,',
    'Z2,ZZ-3,2025-05-02,100.00,CNY,payment,settled,,,',
    'Z3,ZZ-3,2025-05-03,150.00,CNY,undo,settled,Z2,,',
    'Z4,ZZ-4,2025-05-02,30.00,CNY,payment,settled,,,',
    'Z5,ZZ-4,2025-05-09,50.00,CNY,refund,settled,,,',
    'Z6,ZZ-4,2025-05-10,35.00,CNY,payment,settled,,,',
    'Z7,ZZ-4,2025-05-11,5.00,CNY,waiver,settled,,,',
    'Z8,ZZ-4,2025-05-12,5.00,CNY,payment,reversed,,2025-07-09,',
    'Z9,ZZ-5,2025-05-12,5.00,CNY,payment,reversed,,,',
    'Z10,ZZ-9,2025-05-12,5.00,CNY,payment,settled,,,',
    'Z11,ZZ-8,2025-05-12,"5.00"0,CNY,payment,settled,,,',
    'Z12,ZZ-5,2025-06-12,-500.00,CNY,payment,settled,,,',
    'Z13,CN-1013,2025-05-12,1.00,CNY,undo,settled,P000618,,',
  ].map((line) => `${line}\n`).join(''))
  return config
}
