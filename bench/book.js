// @ts-check
// Where a book lies and whether it is whole. Kept apart from generate.js so that the process that measures does not load DuckDB (measure.js).
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The day the book stands at. */
export const asOf = '2025-06-30'

/** Raised whenever the same N gives another book, so that data lying about is made anew. */
export const shape = 1

/**
 * @typedef {object} Book
 * @property {number} accounts
 * @property {boolean} rough paid ahead, reversed, shuffled, some values bad
 * @property {number} badShare share of rows with a value that cannot be read; 0 in a clean book
 */

/**
 * How arrears reads a book: its headers are the canonical ones, so only types and keys are to be said.
 * @param {string} dir
 * @param {string} own what is said of each input besides
 */
const settings = (dir, own = '') => `# written by the bench
zone: Africa/Nairobi
as_of: ${asOf}
rules: ${JSON.stringify(relative(dir, fileURLToPath(new URL('rules.yaml', import.meta.url))))}
inputs:
  loans: { files: loans.csv, key: [account_id], columns: { score: integer, term_months: integer }${own} }
  schedule: { files: schedule.csv, key: [account_id, instalment_no]${own} }
  repayments: { files: repayments.csv, key: [payment_id]${own} }
`

/**
 * The folder of a book under `root`; the book is made where it is not there whole.
 * @param {Book} book
 * @param {string} root
 */
export function ensureBook(book, root) {
  const dir = join(root, `${book.accounts}${book.rough ? `-rough-${book.badShare}` : ''}`)
  if (!isWhole(book, join(dir, 'book.json'))) {
    const flags = book.rough ? ['--rough', '--bad-share', String(book.badShare)] : []
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('generate.js', import.meta.url)), String(book.accounts), dir, ...flags], { stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0) throw new Error(`the book could not be made in ${dir}`)
  }
  writeFileSync(join(dir, 'arrears.yaml'), settings(dir))
  return dir
}

/**
 * The folder of a copy of a clean book with rows that are wrong, or in another encoding.
 * @param {import('./spoil.js').Spoilt} spoilt
 * @param {number} accounts
 * @param {string} root
 */
export function ensureSpoilt(spoilt, accounts, root) {
  const clean = ensureBook({ accounts, rough: false, badShare: 0 }, root)
  const dir = join(root, `${accounts}-${spoilt.name}`)
  const note = join(dir, 'book.json')
  if (!existsSync(note) || JSON.parse(readFileSync(note, 'utf8')).shape !== shape) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('spoil.js', import.meta.url)), spoilt.name, clean, dir], { stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0) throw new Error(`the book could not be made in ${dir}`)
  }
  writeFileSync(join(dir, 'arrears.yaml'), `${settings(dir, `, max_reject_share: 1${spoilt.kind === 'encoded' ? ', encoding: gb18030' : ''}`)}implausible_max_share: 1\n`)
  return dir
}

/**
 * @param {Book} book
 * @param {string} note
 */
function isWhole(book, note) {
  if (!existsSync(note)) return false
  const made = JSON.parse(readFileSync(note, 'utf8'))
  return made.shape === shape && made.accounts === book.accounts && made.rough === book.rough && made.badShare === book.badShare
}

/**
 * Reads the files once, so that the first job measured does not pay for the disk.
 * @param {string} dir
 */
export function warm(dir) {
  const bytes = Buffer.allocUnsafe(1 << 20)
  for (const name of ['loans', 'schedule', 'repayments']) {
    const file = openSync(join(dir, `${name}.csv`), 'r')
    while (readSync(file, bytes) > 0);
    closeSync(file)
  }
}
