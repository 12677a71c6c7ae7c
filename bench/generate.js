#!/usr/bin/env node
// @ts-check
// node bench/generate.js N OUTDIR [--rough] [--bad-share 0.001]
// Writes loans.csv, schedule.csv and repayments.csv of an invented book of N accounts, then book.json, which says that the three are whole.
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { asOf, shape } from './book.js'

/** @typedef {import('./book.js').Book} Book */

const day = `DATE '${asOf}'`

// Every draw is a hash of what it is drawn for and the number (below 64) of its stream: no state, so no thread or order can change it.
// One number is hashed, not two: the engine's hash of several values mixes them too little, and accounts came out alike.
const draws = `CREATE MACRO draw(id, stream) AS (hash(CAST(id AS BIGINT) * 64 + stream) >> 11) / 9007199254740992.0;`

/** @param {number} n */
const accounts = (n) => `
CREATE TABLE account AS
SELECT i, printf('LN%08d', i) AS account_id,
  printf('B%08d', CAST(1 + floor(draw(i, 1) * ${n} * 0.8) AS BIGINT)) AS borrower_id,
  CASE WHEN draw(i, 2) < 0.45 THEN 'personal' WHEN draw(i, 2) < 0.70 THEN 'bnpl' WHEN draw(i, 2) < 0.85 THEN 'auto' WHEN draw(i, 2) < 0.95 THEN 'sme' ELSE 'mortgage' END AS product,
  ['north', 'south', 'east', 'west', 'coast', 'central', 'lakes', 'capital'][1 + CAST(floor(draw(i, 3) * 8) AS INTEGER)] AS region,
  CASE WHEN draw(i, 4) < 0.80 THEN 'KES' WHEN draw(i, 4) < 0.95 THEN 'TZS' ELSE 'USD' END AS currency,
  CAST(exp(4 + 6 * draw(i, 5)) AS DECIMAL(18,2)) AS principal,
  term_months,
  -- from two weeks old to well past the last instalment
  ${day} - (15 + CAST(floor(draw(i, 7) * 1.3 * 30.4 * term_months) AS INTEGER)) AS disbursed_on,
  CASE WHEN draw(i, 8) >= 0.03 THEN 300 + CAST(floor((draw(i, 9) + draw(i, 10)) * 275) AS INTEGER) END AS score,
  CASE WHEN draw(i, 11) >= 0.02 THEN printf('+2547%08d', CAST(floor(draw(i, 12) * 1e8) AS BIGINT)) END AS phone,
  -- how many of the latest instalments were missed: 9.5 % of accounts, mostly one or two
  CASE WHEN draw(i, 13) >= 0.095 THEN 0
    WHEN draw(i, 14) < 0.45 THEN 1 WHEN draw(i, 14) < 0.70 THEN 2 WHEN draw(i, 14) < 0.83 THEN 3 WHEN draw(i, 14) < 0.90 THEN 4
    ELSE 5 + CAST(floor((draw(i, 14) - 0.90) * 80) AS INTEGER) END AS missed
FROM (SELECT range AS i, [6, 6, 6, 9, 9, 12, 12, 12, 12, 18, 18, 24][1 + CAST(floor(draw(range, 6) * 12) AS INTEGER)] AS term_months FROM range(1, ${n + 1}));`

const instalments = `
CREATE TABLE instalment AS
SELECT i, account_id, CAST(k AS INTEGER) AS instalment_no, CAST(disbursed_on + to_months(CAST(k AS INTEGER)) AS DATE) AS due_on,
  -- the last one takes the rest, so that the plan sums to the principal
  CAST(CASE WHEN k < term_months THEN round(principal / term_months, 2) ELSE principal - (term_months - 1) * CAST(round(principal / term_months, 2) AS DECIMAL(18,2)) END AS DECIMAL(18,2)) AS principal_due,
  CAST(round(principal * 0.02 * (term_months - k + 1) / term_months, 2) AS DECIMAL(18,2)) AS interest_due
FROM account, range(1, term_months + 1) r(k)
ORDER BY i, k;
CREATE TABLE standing AS
SELECT i, any_value(a.missed) AS missed, count(*) FILTER (due_on <= ${day}) AS elapsed, count(*) FILTER (due_on > ${day}) AS to_come
FROM instalment JOIN account a USING (i) GROUP BY i;`

/** @param {boolean} rough */
const payments = (rough) => `
-- 5 % of all accounts are paid ahead; they are drawn among those that missed nothing and have something to come
CREATE TABLE progress AS
SELECT i, missed, elapsed,
  ${rough ? `CASE WHEN missed = 0 AND to_come > 0 AND draw(i, 15) < 0.05 * (SELECT count(*) FROM standing) / (SELECT count(*) FROM standing WHERE missed = 0 AND to_come > 0) THEN 1 + CAST(floor(draw(i, 16) * 3) AS INTEGER) ELSE 0 END` : '0'} AS ahead
FROM standing;
CREATE TABLE payment AS
WITH told AS (
  SELECT i, account_id, instalment_no, due_on, principal_due + interest_due AS amount_due, missed, elapsed, ahead,
    draw(i * 64 + instalment_no, 17) AS early, draw(i * 64 + instalment_no, 18) AS split, draw(i * 64 + instalment_no, 19) AS share
  FROM instalment JOIN progress USING (i)
  WHERE instalment_no <= elapsed + ahead
), paid AS (
  -- 36 % of the instalments are paid in two halves, a few days around the due date
  SELECT i, account_id, instalment_no, 1 AS part, due_on - 5 + CAST(floor(early * 8) AS INTEGER) AS paid_on,
    CAST(CASE WHEN split < 0.36 THEN round(amount_due / 2, 2) ELSE amount_due END AS DECIMAL(18,2)) AS amount
  FROM told WHERE instalment_no <= elapsed - missed
  UNION ALL
  SELECT i, account_id, instalment_no, 2, due_on + CAST(floor(early * 6) AS INTEGER), CAST(amount_due - CAST(round(amount_due / 2, 2) AS DECIMAL(18,2)) AS DECIMAL(18,2))
  FROM told WHERE instalment_no <= elapsed - missed AND split < 0.36
  UNION ALL
  -- 30 % of those behind have paid a part of the oldest one missed
  SELECT i, account_id, instalment_no, 3, due_on + 3, CAST(round(amount_due * (0.2 + 0.6 * share), 2) AS DECIMAL(18,2))
  FROM told WHERE missed > 0 AND instalment_no = elapsed - missed + 1 AND split < 0.30
  UNION ALL
  SELECT i, account_id, instalment_no, 4, ${day} - CAST(floor(early * 20) AS INTEGER), CAST(amount_due AS DECIMAL(18,2))
  FROM told WHERE instalment_no > elapsed
)
SELECT row_number() OVER (ORDER BY paid_on, hash((i * 64 + instalment_no) * 64 + 32 + part), i, instalment_no, part) AS n, account_id, paid_on, amount FROM paid;`

const cleanFiles = {
  loans: `SELECT account_id, borrower_id, product, region, currency, principal, disbursed_on, term_months, score, phone FROM account ORDER BY i`,
  schedule: `SELECT account_id, instalment_no, due_on, principal_due, interest_due FROM instalment ORDER BY i, instalment_no`,
  repayments: `SELECT printf('P%09d', n) AS payment_id, account_id, paid_on, amount FROM payment ORDER BY n`,
}

/**
 * A bad date in one half of the rows drawn, a bad amount in the other. Each is bad beyond doubt: no reader may take it.
 * @param {string} id
 * @param {number} stream
 * @param {number} share
 */
const spoilt = (id, stream, share) => ({
  date: (/** @type {string} */ column) =>
    `CASE WHEN draw(${id}, ${stream}) < ${share / 2} THEN ['31/02/2025', '2025-13-45', '2025-02-30', 'n/a'][1 + CAST(floor(draw(${id}, ${stream + 1}) * 4) AS INTEGER)] ELSE CAST(${column} AS VARCHAR) END AS ${column}`,
  amount: (/** @type {string} */ column) =>
    `CASE WHEN draw(${id}, ${stream}) >= ${share / 2} AND draw(${id}, ${stream}) < ${share} THEN ['n/a', '1,2,3', '12..5', 'abc'][1 + CAST(floor(draw(${id}, ${stream + 1}) * 4) AS INTEGER)] ELSE CAST(${column} AS VARCHAR) END AS ${column}`,
})

/** @param {number} share */
const roughFiles = (share) => {
  const loan = spoilt('i', 20, share)
  const due = spoilt('i * 64 + instalment_no', 22, share)
  const paid = spoilt('n', 24, share)
  return {
    loans: `SELECT account_id, borrower_id, product, region, currency, ${loan.amount('principal')}, ${loan.date('disbursed_on')}, term_months, score, phone FROM account ORDER BY hash(i * 64 + 26), i`,
    schedule: `SELECT account_id, instalment_no, ${due.date('due_on')}, ${due.amount('principal_due')}, interest_due FROM instalment ORDER BY hash(i * 64 + 27), i, instalment_no`,
    // 1 % of the payments bounce some days later, and four in five of these are paid again. A payment that bounces keeps its values: an undo
    // whose payment cannot be read is another matter than speed.
    repayments: `
      WITH bounced AS (SELECT *, greatest(paid_on, least(paid_on + 1 + CAST(floor(draw(n, 29) * 20) AS INTEGER), ${day} + 5)) AS bounced_on FROM payment WHERE draw(n, 28) < 0.01)
      SELECT payment_id, account_id, paid_on, amount, kind, reverses FROM (
        SELECT printf('P%09d', n) AS payment_id, account_id, ${paid.date('paid_on')}, ${paid.amount('amount')}, 'payment' AS kind, NULL AS reverses FROM payment WHERE draw(n, 28) >= 0.01
        UNION ALL SELECT printf('P%09d', n), account_id, CAST(paid_on AS VARCHAR), CAST(amount AS VARCHAR), 'payment', NULL FROM bounced
        UNION ALL SELECT printf('U%09d', n), account_id, CAST(bounced_on AS VARCHAR), CAST(amount AS VARCHAR), 'undo', printf('P%09d', n) FROM bounced
        UNION ALL SELECT printf('Q%09d', n), account_id, CAST(bounced_on + 1 + CAST(floor(draw(n, 31) * 6) AS INTEGER) AS VARCHAR), CAST(amount AS VARCHAR), 'payment', NULL FROM bounced WHERE draw(n, 30) < 0.8
      ) ORDER BY hash(payment_id), payment_id`,
  }
}

/**
 * Writes the book into a folder of its own.
 * @param {Book} book
 * @param {string} dir
 */
export async function generate(book, dir) {
  mkdirSync(dir, { recursive: true })
  rmSync(join(dir, 'book.json'), { force: true })
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '6GB', temp_directory: join(dir, 'spill') })
  const connection = await instance.connect()
  const files = book.rough ? roughFiles(book.badShare) : cleanFiles
  /** @type {Record<string, number>} */
  const rows = {}
  try {
    await connection.run(draws + accounts(book.accounts) + instalments + payments(book.rough))
    for (const [name, query] of Object.entries(files)) {
      const copied = await connection.runAndReadAll(`COPY (${query}) TO '${join(dir, `${name}.csv`).replaceAll("'", "''")}' (HEADER)`)
      rows[name] = Number(copied.getRows()[0]?.[0])
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(join(dir, 'spill'), { recursive: true, force: true })
  }
  writeFileSync(join(dir, 'book.json'), `${JSON.stringify({ ...book, asOf, shape, rows }, null, 2)}\n`)
  return rows
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rough: { type: 'boolean', default: false }, 'bad-share': { type: 'string', default: '0.001' } } })
  const [n, dir] = positionals
  const count = Number(n)
  const share = Number(values['bad-share'])
  if (dir === undefined || !Number.isInteger(count) || count < 1 || !(share >= 0 && share < 1)) {
    console.error('usage: node bench/generate.js N OUTDIR [--rough] [--bad-share 0.001]')
    process.exit(2)
  }
  const started = Date.now()
  const rows = await generate({ accounts: count, rough: values.rough, badShare: values.rough ? share : 0 }, dir)
  console.log(`${dir}: ${Object.entries(rows).map(([name, k]) => `${name} ${k}`).join(', ')} rows in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
