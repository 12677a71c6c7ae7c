import { copyFileSync, writeFileSync } from 'node:fs'
import type { Rules } from '../decide/rules.ts'
import { parquetRows } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { sql, text, type Hole } from '../engine/sql.ts'
import { idsOf } from '../explain/find.ts'
import type { InHand } from '../flow.ts'
import type { Outcome, Reject } from '../outcome.ts'
import { bare } from '../read/ids.ts'
import { inputNames } from '../read/inputs.ts'
import type { LoadedFile } from '../read/load.ts'
import type { ReadInput } from '../read/read.ts'
import { stretchesOf, type Stretch } from '../read/stretches.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { thatStand } from '../validate/reversals.ts'
import type { RunFolder } from './run-folder.ts'
import { allRejects } from '../validate/rejects.ts'

/** Grows by one when the files of the evidence change. */
export const evidenceFormat = 2

/** Facts of a file as read; its place on the disk and its bytes are not of interest any more. */
interface KeptFile extends Pick<LoadedFile, 'mapping' | 'shape' | 'from' | 'rows' | 'repaired'> {
  readonly source: Pick<LoadedFile['source'], 'name' | 'format'>
  readonly stretches: readonly Stretch[]
}

export interface KeptInput extends Pick<ReadInput, 'columns' | 'read' | 'records' | 'key' | 'keyIncreases' | 'negatives'> {
  readonly files: readonly KeptFile[]
  readonly filled: readonly string[]
  readonly kindsFound: readonly string[]
  /** Of the accepted rows, as their file has them. */
  readonly accepted: Columns
}

/** evidence/book.json: what the run knows of its inputs beside their rows. */
export interface KeptBook {
  readonly format: number
  readonly currencies: readonly string[]
  readonly scale: number
  readonly inputs: Readonly<Record<InputName, KeptInput>>
  readonly reversals: { readonly named: Columns; readonly targets: Columns } | null
  readonly tables: Settings['tables']
  readonly accounts: Columns
  readonly actions: Columns
  /** As they were compiled. */
  readonly rules: Pick<Rules, 'file' | 'tables'> | null
}

export type KeptFiles = readonly { readonly file: string; readonly rows: number }[]

/** Writes the evidence of a run: `keep` while the rows are at hand, `finish` when its accounts are known. */
export interface Evidence {
  keep(inHand: InHand): Promise<void>
  finish(outcome: Outcome): Promise<KeptFiles>
  /** Of accounts and actions too: single ones are looked up. */
  readonly rowsPerGroup: number
}

/** Rows of one account are few: small groups let a reader pass over all the others. */
const rowsPerGroup = 32_768

/** Accepted rows of all inputs, and those in quarantine, by account: explain needs no more to give the answer that the exports give. */
export function evidenceFiles(engine: Engine, folder: RunFolder, settings: Settings): Evidence {
  const files: { file: string; rows: number }[] = []
  let book: Omit<KeptBook, 'accounts' | 'actions'>
  const write = async (as: string, rows: Relation, order: Hole | undefined) => {
    await engine.write(sql`SELECT * FROM ${rows}${order === undefined ? sql`` : sql` ORDER BY ${order}`}`, folder.path('evidence', `${as}.parquet`), 'parquet', rowsPerGroup)
    const [counted] = await engine.rows(sql`SELECT count(*) AS n FROM ${parquetRows(text(folder.path('evidence', `${as}.parquet`)))}`)
    files.push({ file: `evidence/${as}.parquet`, rows: Number(counted!.n) })
  }
  return {
    keep: async (inHand) => void (book = await keepRows(engine, settings, inHand, write)),
    // The rule file as it was, and what is known of the book.
    async finish({ accounts, actions }) {
      // Looked up by borrower, among rows that lie by account.
      const others = relation({ name: 'accounts of borrowers', says: 'Accounts of borrowers who have others too.', columns: columnsOfBorrowers(accounts.columns), body: sql`SELECT * FROM ${accounts} WHERE borrower_accounts > 1` })
      await write('borrowers', others, sql`borrower_id ASC NULLS FIRST, account_id ASC NULLS FIRST`)
      const whole: KeptBook = { ...book, accounts: accounts.columns, actions: actions?.columns ?? {} }
      writeFileSync(folder.path('evidence', 'book.json'), `${JSON.stringify(whole)}\n`)
      if (settings.rules !== undefined) copyFileSync(settings.rules, folder.path('evidence', 'rules.yaml'))
      return files
    },
    rowsPerGroup,
  }
}

type Write = (as: string, rows: Relation, order: Hole | undefined) => Promise<void>

async function keepRows(engine: Engine, settings: Settings, { book, validated, kept, classified, verdicts, rules }: InHand, write: Write): Promise<Omit<KeptBook, 'accounts' | 'actions'>> {
  const byAccount = sql`account_id ASC NULLS FIRST, ordinal ASC NULLS FIRST`
  const inputs = {} as Record<InputName, KeptInput>
  for (const input of inputNames) {
    const { accepted } = validated[input]
    const { key, keyIncreases } = book[input]
    // Rows that were read in this order already are not sorted again.
    const inOrder = keyIncreases && key[0] === 'account_id' && kept[input].rejected === 0
    await write(input, accepted, inOrder ? undefined : byAccount)
    inputs[input] = await keptInput(book[input], accepted.columns)
  }
  const { reversals } = validated.repayments
  if (reversals !== undefined) {
    await write('reversals', thatStand(reversals), byAccount)
    await write('taken_back', reversals.targets, byAccount)
  }
  await write('ids', idsOf({ validated, classified }), sql`bare ASC NULLS FIRST, account_id ASC NULLS FIRST`)
  const rejects = relation({ name: 'rejects to keep', says: 'Rows in quarantine, each with its account.', columns: rejectColumns, kept: 'table' })
  await engine.put(rejects, [...allRejects(inputNames.map((input) => kept[input].rejects))].map(rejectRow))
  await write('rejects', rejects, sql`number ASC NULLS FIRST`)
  await engine.drop(rejects)
  if (verdicts !== undefined) {
    const judged = relation({ name: 'verdicts to keep', says: 'What rows in quarantine could change of each account that they touch.', columns: verdictColumns, kept: 'table' })
    await engine.put(judged, [...verdicts].map(([account_id, { effect }]) => ({ account_id, effect })))
    await write('verdicts', judged, sql`account_id ASC NULLS FIRST`)
    await engine.drop(judged)
  }
  return { format: evidenceFormat, currencies: book.currencies, scale: book.scale, inputs, reversals: reversals === undefined ? null : { named: reversals.named.columns, targets: reversals.targets.columns }, tables: settings.tables, rules: rules === undefined ? null : { file: rules.file, tables: rules.tables } }
}

/** What explain tells of the other accounts of a borrower. */
export const columnsOfBorrowers = (accounts: Columns): Columns =>
  Object.fromEntries(['account_id', 'borrower_id', 'currency', 'tier', 'days_past_due', 'overdue_amount', 'held_reason', 'leads'].map((column) => [column, accounts[column]!]))

/** Only where holds go by what rows in quarantine could change. */
export const verdictColumns = { account_id: 'text', effect: 'text' } as const satisfies Columns

export const rejectColumns = { number: 'int', account_id: 'text', bare: 'text', input: 'text', code: 'text', value: 'text', reject: 'text' } as const satisfies Columns

/** `reject`: all of it in one text, exactly. */
const rejectRow = (reject: Reject, number: number) => ({ number, account_id: reject.account_id, bare: bare(reject.account_id), input: reject.input, code: reject.code, value: JSON.stringify(reject.value), reject: JSON.stringify(reject) })

async function keptInput({ columns, read, records, key, keyIncreases, negatives, filled, kindsFound, files }: ReadInput, accepted: Columns): Promise<KeptInput> {
  const own: KeptFile[] = []
  for (const file of files) own.push({ source: { name: file.source.name, format: file.source.format }, mapping: file.mapping, shape: file.shape, from: file.from, rows: file.rows, repaired: file.repaired, stretches: await stretchesOf(file) })
  return { columns, read, records, key, keyIncreases, negatives, filled: [...filled], kindsFound: [...kindsFound], files: own, accepted }
}
