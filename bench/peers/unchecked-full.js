// @ts-check
// The same trusting script as one would write it first: a running total over every instalment that is due.
import { connect, finish, netAmount, scan } from './duckdb.js'
import { asOf, task } from './job.js'

const job = task()
const connection = await connect(job)
await connection.run(`
CREATE TEMP TABLE paid AS
SELECT account_id, CAST(sum(${netAmount(job)}) AS DECIMAL(18,2)) AS paid FROM ${scan(job, 'repayments')} WHERE paid_on <= DATE '${asOf}' GROUP BY account_id;
CREATE TEMP TABLE late AS
SELECT account_id, CAST(max(due_so_far) - coalesce(max(paid), 0) AS DECIMAL(18,2)) AS overdue_amount, min(due_on) FILTER (due_so_far > coalesce(paid, 0)) AS oldest_unpaid_due_on
FROM (
  SELECT account_id, due_on, sum(principal_due + interest_due) OVER (PARTITION BY account_id ORDER BY due_on, instalment_no) AS due_so_far
  FROM ${scan(job, 'schedule')} WHERE due_on < DATE '${asOf}'
) LEFT JOIN paid USING (account_id)
GROUP BY account_id
HAVING max(due_so_far) > coalesce(max(paid), 0)`)
await finish(connection, job, scan(job, 'loans'))
