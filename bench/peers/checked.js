// @ts-check
// The straightforward careful script: everything read as text and cast by TRY_CAST, rows that fail put aside with their line number and a
// reason, then payments and loans that come twice, rows without a loan and undos without a payment.
import { join } from 'node:path'
import { connect, finish, leanAgeing, netAmount, quoted, scan } from './duckdb.js'
import { asOf, task } from './job.js'

const job = task()
const connection = await connect(job)

/** @type {Record<import('./job.js').Input, { required: string[], key: string, also?: string }>} */
const inputs = {
  loans: { required: ['account_id', 'product'], key: 'account_id' },
  schedule: { required: ['account_id', 'due_on', 'principal_due'], key: `account_id || '/' || instalment_no` },
  repayments: { required: ['payment_id', 'account_id', 'paid_on', 'amount'], key: 'payment_id', also: `WHEN TRY_CAST(amount AS DECIMAL(18,2)) <= 0 THEN 'amount not above 0'` },
}

await connection.run('CREATE TEMP TABLE quarantine (file VARCHAR, line BIGINT, key VARCHAR, reason VARCHAR)')
for (const [name, { required, key, also }] of Object.entries(inputs)) {
  const input = /** @type {import('./job.js').Input} */ (name)
  const columns = Object.entries(job.columns[input])
  const text = scan(job, input, Object.fromEntries(columns.map(([column]) => [column, 'VARCHAR'])))
  const cast = columns.map(([column, type]) => type === 'VARCHAR' ? `nullif(trim(${column}), '') AS ${column}` : `TRY_CAST(${column} AS ${type}) AS ${column}`)
  const reasons = [
    ...required.map((column) => `WHEN ${column} IS NULL OR trim(${column}) = '' THEN 'no ${column}'`),
    ...columns.filter(([, type]) => type !== 'VARCHAR').map(([column, type]) => `WHEN ${column} <> '' AND TRY_CAST(${column} AS ${type}) IS NULL THEN 'bad ${column}: ' || ${column}`),
    ...also === undefined ? [] : [also],
  ]
  await connection.run(`
CREATE TEMP TABLE ${input}_read AS SELECT row_number() OVER () + 1 AS line, ${cast.join(', ')}, CASE ${reasons.join(' ')} END AS reason FROM ${text};
INSERT INTO quarantine SELECT '${input}.csv', line, ${key}, reason FROM ${input}_read WHERE reason IS NOT NULL;
CREATE TEMP VIEW ${input} AS SELECT * FROM ${input}_read WHERE reason IS NULL`)
}

await connection.run(`
CREATE TEMP TABLE payment_twice AS SELECT payment_id FROM repayments GROUP BY payment_id HAVING count(*) > 1;
CREATE TEMP TABLE loan_twice AS SELECT account_id FROM loans GROUP BY account_id HAVING count(*) > 1;
INSERT INTO quarantine SELECT 'repayments.csv', line, payment_id, 'payment comes twice' FROM repayments SEMI JOIN payment_twice USING (payment_id);
INSERT INTO quarantine SELECT 'loans.csv', line, account_id, 'loan comes twice' FROM loans SEMI JOIN loan_twice USING (account_id);
INSERT INTO quarantine SELECT 'repayments.csv', line, payment_id, 'no loan' FROM repayments ANTI JOIN loans USING (account_id);
INSERT INTO quarantine SELECT 'schedule.csv', line, account_id || '/' || instalment_no, 'no loan' FROM schedule ANTI JOIN loans USING (account_id);`)

let counted = 'payment_id NOT IN (SELECT payment_id FROM payment_twice)'
if (job.reversals) {
  await connection.run(`
CREATE TEMP TABLE undo_alone AS SELECT line, payment_id FROM repayments u WHERE kind = 'undo' AND NOT EXISTS (SELECT 1 FROM repayments p WHERE p.payment_id = u.reverses AND p.kind = 'payment');
INSERT INTO quarantine SELECT 'repayments.csv', line, payment_id, 'undo of no payment' FROM undo_alone`)
  counted += ' AND payment_id NOT IN (SELECT payment_id FROM undo_alone)'
}

await connection.run(`
COPY (SELECT * FROM quarantine ORDER BY file, line, reason) TO ${quoted(join(job.outDir, 'quarantine.csv'))} (HEADER);
CREATE TEMP TABLE paid AS
SELECT account_id, CAST(sum(${netAmount(job)}) AS DECIMAL(18,2)) AS paid FROM repayments WHERE paid_on <= DATE '${asOf}' AND ${counted} GROUP BY account_id;
${leanAgeing('schedule')}`)
await finish(connection, job, '(FROM loans ANTI JOIN loan_twice USING (account_id))')
