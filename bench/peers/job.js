// @ts-check
// What every peer is asked to do, and with which files.
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

export const asOf = '2025-06-30'

/** @typedef {'loans' | 'schedule' | 'repayments'} Input */

/** @type {Record<Input, Record<string, string>>} */
const plainColumns = {
  loans: {
    account_id: 'VARCHAR', borrower_id: 'VARCHAR', product: 'VARCHAR', region: 'VARCHAR', currency: 'VARCHAR',
    principal: 'DECIMAL(18,2)', disbursed_on: 'DATE', term_months: 'INTEGER', score: 'INTEGER', phone: 'VARCHAR',
  },
  schedule: { account_id: 'VARCHAR', instalment_no: 'INTEGER', due_on: 'DATE', principal_due: 'DECIMAL(18,2)', interest_due: 'DECIMAL(18,2)' },
  repayments: { payment_id: 'VARCHAR', account_id: 'VARCHAR', paid_on: 'DATE', amount: 'DECIMAL(18,2)' },
}

export const listColumns = ['account_id', 'borrower_id', 'product', 'region', 'currency', 'phone', 'score', 'days_past_due', 'overdue_amount', 'rule_id', 'action']

/** One work list each. `current` is all that is not late. */
export const tiers = /** @type {const} */ (['current', 'short', 'medium', 'long'])

/**
 * The command line of a peer: DATADIR OUTDIR [--answers] [--memory=512MB].
 * @returns what to read, where to write, whether the answers of all accounts are asked for, and the columns that these files have
 */
export function task() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { answers: { type: 'boolean', default: false }, memory: { type: 'string' } } })
  const [dataDir, outDir] = positionals
  if (dataDir === undefined || outDir === undefined) {
    console.error('usage: node PEER.js DATADIR OUTDIR [--answers] [--memory=512MB]')
    process.exit(2)
  }
  mkdirSync(outDir, { recursive: true })
  const reversals = firstLine(join(dataDir, 'repayments.csv')).split(',').includes('reverses')
  const columns = reversals ? { ...plainColumns, repayments: { ...plainColumns.repayments, kind: 'VARCHAR', reverses: 'VARCHAR' } } : plainColumns
  return { dataDir, outDir, answers: values.answers, memory: values.memory, reversals, columns }
}

/** @param {string} file */
function firstLine(file) {
  const bytes = Buffer.alloc(4096)
  const fd = openSync(file, 'r')
  const length = readSync(fd, bytes)
  closeSync(fd)
  return /** @type {string} */ (bytes.toString('utf8', 0, length).split(/\r?\n/)[0])
}
