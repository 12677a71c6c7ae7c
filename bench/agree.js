// @ts-check
import { DuckDBInstance } from '@duckdb/node-api'

/**
 * @typedef {object} Agreement
 * @property {string} name
 * @property {string} against
 * @property {number} compared accounts that both have
 * @property {number} oneOnly accounts that only one of the two has
 * @property {number} days accounts that differ in days past due, and so on
 * @property {number} overdue
 * @property {number} tier
 * @property {number} rule the rule that decided; not compared where a side does not give it
 * @property {number} differences accounts that differ in anything, or that only one has
 * @property {Record<string, unknown>[]} examples the first few of them
 */

/**
 * Compares answers account by account with those of the first one named.
 * @param {Map<string, string>} answers name -> a file with account_id, days_past_due, overdue_amount, tier and, where it is known, rule_id
 * @returns {Promise<Agreement[]>}
 */
export async function agree(answers) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const read = async (/** @type {string} */ query) => (await connection.runAndReadAll(query)).getRowObjectsJson()
  try {
    const names = [...answers.keys()]
    let at = 0
    for (const file of answers.values()) {
      const path = `'${file.replaceAll("'", "''")}'`
      const source = file.endsWith('.parquet') ? `read_parquet(${path})` : `read_csv(${path}, all_varchar = true)`
      const hasRule = (await read(`DESCRIBE FROM ${source}`)).some(({ column_name: column }) => column === 'rule_id')
      // An account whose loan row was rejected has no days: the others do not know it at all. All that is not late is one tier.
      await connection.run(`CREATE TABLE answer_${at++} AS
        SELECT account_id, CAST(days_past_due AS INTEGER) AS days, CAST(overdue_amount AS DECIMAL(18,2)) AS overdue,
          CASE WHEN tier IN ('current', 'preventive', 'due_now') THEN 'not_late' ELSE tier END AS tier, ${hasRule ? `coalesce(rule_id, '')` : 'NULL'} AS rule
        FROM ${source} WHERE tier <> 'rejected'`)
    }
    const agreements = []
    for (let i = 1; i < names.length; i++) {
      const pairs = `(
        SELECT coalesce(a.account_id, b.account_id) AS account_id, a.days AS days_a, b.days AS days_b, a.overdue AS overdue_a, b.overdue AS overdue_b,
          a.tier AS tier_a, b.tier AS tier_b, a.rule AS rule_a, b.rule AS rule_b, a.account_id IS NULL OR b.account_id IS NULL AS one_only,
          NOT one_only AND a.days IS DISTINCT FROM b.days AS days_differ, NOT one_only AND a.overdue IS DISTINCT FROM b.overdue AS overdue_differ,
          NOT one_only AND a.tier IS DISTINCT FROM b.tier AS tier_differ, coalesce(a.rule <> b.rule, false) AS rule_differ,
          one_only OR days_differ OR overdue_differ OR tier_differ OR rule_differ AS differ
        FROM answer_0 a FULL JOIN answer_${i} b ON a.account_id = b.account_id)`
      const [counts] = await read(`SELECT count(*) FILTER (NOT one_only) AS compared, count(*) FILTER (one_only) AS one_only, count(*) FILTER (days_differ) AS days,
        count(*) FILTER (overdue_differ) AS overdue, count(*) FILTER (tier_differ) AS tier, count(*) FILTER (rule_differ) AS rule, count(*) FILTER (differ) AS differences FROM ${pairs}`)
      const examples = await read(`SELECT account_id, days_a, days_b, overdue_a, overdue_b, tier_a, tier_b, rule_a, rule_b FROM ${pairs} WHERE differ ORDER BY account_id LIMIT 5`)
      const number = (/** @type {string} */ column) => Number(counts?.[column])
      agreements.push({
        name: /** @type {string} */ (names[i]), against: /** @type {string} */ (names[0]), compared: number('compared'), oneOnly: number('one_only'),
        days: number('days'), overdue: number('overdue'), tier: number('tier'), rule: number('rule'), differences: number('differences'), examples,
      })
    }
    return agreements
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
