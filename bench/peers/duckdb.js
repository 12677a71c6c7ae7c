// @ts-check
// What the DuckDB peers share: how they connect and read, and the end of the job, from days past due to the written lists.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { asOf, listColumns, tiers } from './job.js'
import { rulesInSql } from './rules.js'

/** @typedef {ReturnType<typeof import('./job.js').task>} Task */
/** @typedef {import('@duckdb/node-api').DuckDBConnection} Connection */

/** @param {Task} task */
export async function connect(task) {
  const spill = { temp_directory: join(task.outDir, 'spill') }
  const instance = await DuckDBInstance.create(':memory:', task.memory === undefined ? spill : { ...spill, memory_limit: task.memory })
  return instance.connect()
}

/** @param {string} path */
export const quoted = (path) => `'${path.replaceAll("'", "''")}'`

/**
 * A scan of one input, its columns of the types given.
 * @param {Task} task
 * @param {import('./job.js').Input} input
 * @param {Record<string, string>} columns
 */
export const scan = (task, input, columns = task.columns[input]) =>
  `read_csv(${quoted(join(task.dataDir, `${input}.csv`))}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`).join(', ')}})`

/**
 * What a repayment row adds: an undo takes off what it names.
 * @param {Task} task
 */
export const netAmount = (task) => task.reversals ? `CASE WHEN kind = 'undo' THEN -amount ELSE amount END` : 'amount'

/**
 * The total due before the as-of date, and a window only over accounts whose total exceeds what they paid.
 * @param {string} schedule
 */
export const leanAgeing = (schedule) => `
CREATE TEMP TABLE due AS
SELECT account_id, instalment_no, due_on, CAST(principal_due + interest_due AS DECIMAL(18,2)) AS amount_due FROM ${schedule} WHERE due_on < DATE '${asOf}';
CREATE TEMP TABLE behind AS
SELECT account_id, coalesce(paid, 0) AS paid, CAST(total - coalesce(paid, 0) AS DECIMAL(18,2)) AS overdue_amount
FROM (SELECT account_id, sum(amount_due) AS total FROM due GROUP BY account_id) LEFT JOIN paid USING (account_id)
WHERE total > coalesce(paid, 0);
CREATE TEMP TABLE late AS
SELECT account_id, any_value(overdue_amount) AS overdue_amount, min(due_on) AS oldest_unpaid_due_on
FROM (
  SELECT account_id, due_on, overdue_amount, paid, sum(amount_due) OVER (PARTITION BY account_id ORDER BY due_on, instalment_no) AS due_so_far
  FROM due JOIN behind USING (account_id)
)
WHERE due_so_far > paid
GROUP BY account_id;`

/**
 * From the late accounts (account_id, overdue_amount, oldest_unpaid_due_on) to tiers, actions, four lists and a summary.
 * @param {Connection} connection
 * @param {Task} task
 * @param {string} loans
 */
export async function finish(connection, task, loans) {
  await connection.run(`
CREATE TEMP TABLE work AS
SELECT *, ${rulesInSql('id')} AS rule_id, ${rulesInSql('action')} AS action
FROM (
  SELECT *, CASE WHEN days_past_due > 90 THEN 'long' WHEN days_past_due > 30 THEN 'medium' WHEN days_past_due > 0 THEN 'short' ELSE 'current' END AS tier
  FROM (
    SELECT account_id, borrower_id, product, region, currency, phone, score,
      coalesce(date_diff('day', oldest_unpaid_due_on, DATE '${asOf}'), 0) AS days_past_due,
      CAST(coalesce(late.overdue_amount, 0) AS DECIMAL(18,2)) AS overdue_amount
    FROM ${loans} LEFT JOIN late USING (account_id)
  )
)`)
  /** @type {(query: string, name: string, options?: string) => Promise<unknown>} */
  const copy = (query, name, options = '(HEADER)') => connection.run(`COPY (${query}) TO ${quoted(join(task.outDir, name))} ${options}`)
  for (const tier of tiers) await copy(`SELECT ${listColumns.join(', ')} FROM work WHERE tier = '${tier}' ORDER BY overdue_amount DESC, account_id`, `worklist_${tier}.csv`)
  await copy(`SELECT tier, currency, rule_id, action, count(*) AS accounts, CAST(sum(overdue_amount) AS DECIMAL(18,2)) AS overdue_amount FROM work GROUP BY ALL ORDER BY tier, currency, rule_id`, 'summary.csv')
  if (task.answers) await copy(`SELECT account_id, days_past_due, overdue_amount, tier, rule_id FROM work ORDER BY account_id`, 'answers.parquet', '(FORMAT parquet)')
}
