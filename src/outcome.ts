import type { Verdict } from './blast-radius/judge.ts'
import type { Row } from './engine/engine.ts'
import type { Gathered } from './gather/gather.ts'
import type { MadeReport } from './publish/reports/report.ts'
import type { Relation } from './engine/relation.ts'
import type { Sql } from './engine/sql.ts'
import type { InputName } from './settings/schema.ts'
import type { Rejects } from './validate/rejects.ts'

/** One rejected row with its place, value and remedy. */
export interface Reject {
  readonly input: InputName
  readonly file: string
  /** Physical line where the record begins, the first line of the file being 1; the row number in Parquet. */
  readonly line: number
  readonly column: string
  readonly code: string
  readonly value: string
  readonly message: string
  readonly raw: string
  /** The account that the row names, where it can be read. */
  readonly account_id: string
}

export interface FileRead {
  readonly input: InputName
  /** As typed or as the settings say. */
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly records: number
}

export interface InputRows {
  readonly input: InputName
  /** Records by the independent count. */
  readonly records: number
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  /** Accepted rows whose account is in no loan row (no_loan) or whose loan row was rejected (parent_rejected). */
  readonly unmatched: number
}

/** Money as of the as-of date, per currency; exact decimals. received = covered + advance + to_principal + to_charges + unmatched - owed_back. */
export interface MoneyTotals {
  readonly currency: string
  readonly received: string
  readonly of_which_cash: string
  readonly of_which_other: string
  readonly of_which_written_off_or_sold: string
  readonly covered: string
  readonly advance: string
  /** Only where prepayments occur. */
  readonly to_principal?: string
  /** Only where payments have parts. */
  readonly to_charges?: string
  readonly unmatched: string
  readonly owed_back: string
  readonly later: string
  readonly pending: string
}

/** Something the reader must be told: at most a sentence, with the accounts or rows it names. */
export interface Warning {
  readonly code: string
  readonly says: string
  readonly names?: readonly string[]
  /** It rests on what was published before: equal files need not give it again. */
  readonly ofTheRun?: boolean
}

/** Our figures beside the lender's own. */
export interface Ties {
  /** Of sections total (a measure, per currency where it is money), days (differences of days by value) and largest; in a total order. */
  readonly rows: readonly Row[]
  /** Too many differ: no work list leaves. */
  readonly holdsLists: boolean
}

/** All that a finished flow gives to the stage that shows or publishes it. */
export interface Outcome {
  readonly accounts: Relation
  /** One row an action. Absent for `age`. */
  readonly actions: Relation | undefined
  /** Each time that an account was late, where the past is asked for. */
  readonly episodes?: Relation | undefined
  /** Each account has one action: the actions of accounts in order are in order. */
  readonly oneEach?: boolean | undefined
  /** The same over accounts that are kept elsewhere, as in their file. */
  readonly actionsOf?: ((accounts: Relation) => Relation) | undefined
  /** Then the list of that action, from the columns of the account. */
  readonly listOf?: Sql | undefined
  /** Reasons of the rules in which columns of the account are filled in. */
  readonly reasonPatterns?: readonly string[] | undefined
  /** Accepted rows that meet no account: file, line, why (no_loan, parent_rejected), then their own columns. */
  readonly unmatched: Readonly<Partial<Record<InputName, Relation>>>
  readonly rejects: Rejects
  readonly files: readonly FileRead[]
  readonly rows: readonly InputRows[]
  readonly money: readonly MoneyTotals[]
  readonly warnings: readonly Warning[]
  /** Our figures beside the lender's own, where the export has some that hold for as_of. */
  readonly ties?: Ties | undefined
  /** Lines of the report of exceptions that the rows show and the accounts do not. */
  readonly exceptions?: readonly Row[] | undefined
  /** What rejected and unmatched rows could change, where holds go by it; by account, of all that rows in quarantine touch. */
  readonly blastRadius?: { readonly report: MadeReport; readonly verdicts: ReadonlyMap<string, Verdict> } | undefined
  /** What the reports of movements and money need of the rows; absent for `age`, which makes none. */
  readonly gathered?: Gathered | undefined
  /** Columns of the export that later versions will use, by input. */
  readonly notUsedYet: readonly { readonly input: InputName; readonly columns: readonly string[] }[]
  /** Names of passed-through columns of loans, in the order of the export. */
  readonly passedThrough: readonly string[]
  readonly conventions: string
  readonly newestPayment: string | undefined
}
