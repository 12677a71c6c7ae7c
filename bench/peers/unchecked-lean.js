// @ts-check
// An analyst's script that trusts its files: typed columns, no checks, a window only over the accounts that are behind.
import { connect, finish, leanAgeing, netAmount, scan } from './duckdb.js'
import { asOf, task } from './job.js'

const job = task()
const connection = await connect(job)
await connection.run(`
CREATE TEMP TABLE paid AS
SELECT account_id, CAST(sum(${netAmount(job)}) AS DECIMAL(18,2)) AS paid FROM ${scan(job, 'repayments')} WHERE paid_on <= DATE '${asOf}' GROUP BY account_id;
${leanAgeing(scan(job, 'schedule'))}`)
await finish(connection, job, scan(job, 'loans'))
