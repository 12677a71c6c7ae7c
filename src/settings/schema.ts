import { z } from 'zod'
import { partNames } from '../read/inputs.ts'
import { weekdays } from './as-of.ts'
import { statedConventions } from './convention-fields.ts'
import { textFields, valueFields } from './mapping-fields.ts'
import { presetNames, presets } from './presets.ts'

/** Every key of arrears.yaml: type, default, sentence. docs/settings.md is written from it. */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as YYYY-MM-DD')
const dayWord = z.union([z.enum(['today', 'yesterday']), day])
const share = z.number().min(0).max(1)
const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as CNY')
const names = z.record(z.string().min(1), z.string().min(1))
const paths = z.union([z.string().min(1).transform((path) => [path]), z.array(z.string().min(1)).min(1)])

export const passedTypes = ['text', 'integer', 'number', 'date', 'boolean'] as const

/** The columns that make a row unique where nothing is stated. */
export const defaultKeys = { loans: ['account_id'], schedule: ['account_id', 'instalment_no'], repayments: ['payment_id'], statements: ['account_id', 'statement_on'] } as const

const fields = (key: readonly [string, ...string[]], rejectShare: number, keyIsFixed = false, keySays = '') => ({
  files: paths.optional().describe('A path, a glob, or a list of them: .csv, .csv.gz or .parquet.'),
  headers: names.default({}).describe("The export's own header of each canonical column: {account_id: Loan No}."),
  values: z.record(z.string(), z.record(z.string(), z.string())).default({}).describe('Value translations by column: {status: {settled: closed}}. An empty word makes the value blank.'),
  columns: z.record(z.string(), z.enum(passedTypes)).default({}).describe('Types of passed-through columns (text where nothing is said).'),
  key: z.array(z.string().min(1)).min(1).refine((stated) => !keyIsFixed || stated.join() === key.join(), `it is always [${key.join(', ')}]`).default([...key]).describe(`The columns that make a row unique.${keySays}`),
  ...textFields,
  ...valueFields,
  max_reject_share: share.default(rejectShare).describe('Rejected over read; above it nothing is published (exit 3).'),
  allow_empty: z.boolean().default(false).describe('A file with a header and no rows is taken as it is.'),
})

const input = (...of: Parameters<typeof fields>) => z.strictObject(fields(...of)).prefault({})

const edges = z
  .array(z.strictObject({ name: z.string().min(1), from: z.number().int().min(0), to: z.number().int().min(0).nullable() }))
  .min(1)

/** Day 30 is short and day 90 is medium: the only reading of "at most 30, 30 to 90, over 90" with no day in two tiers. */
export const defaultTiers = presets.default.tiers.map((tier) => ({ ...tier }))

export const defaultBuckets = [
  { name: '0', from: 0, to: 0 },
  { name: '1-30', from: 1, to: 30 },
  { name: '31-60', from: 31, to: 60 },
  { name: '61-90', from: 61, to: 90 },
  { name: '91-120', from: 91, to: 120 },
  { name: '121-150', from: 121, to: 150 },
  { name: '151-180', from: 151, to: 180 },
  { name: '181+', from: 181, to: null },
]

/** Reports that a run makes beside the ageing, the actions, the exceptions and the ties, in their order. */
export const reportNames = ['morning', 'flow', 'due_performance', 'edge', 'cash', 'due_calendar', 'largest'] as const

/** What one work list may be told; docs/settings.md has the words. */
const list = z.strictObject({
  columns: z.array(z.string().min(1)).min(1).optional().describe('The columns of the list, in this order: of accounts, further ones of loans, and its own. rank and account_id come first and gate and gate_reason last where they are not named; the result columns follow.'),
  sort: z.array(z.string().min(1)).min(1).optional().describe('The order of its rows: [cure_amount desc, days_past_due desc]. What it leaves open the default order decides: priority, days past due and overdue amount descending, currency, account id.'),
  limit: z.number().int().min(1).optional().describe('At most this many rows, the first in its order; what is cut is said.'),
  tiers: z.array(z.string().min(1)).min(1).optional().describe('Of the actions with this list it takes only those of accounts in these tiers.'),
  actions: z.array(z.string().min(1)).min(1).optional().describe('Of the actions with this list it takes only these.'),
})

export const settingsSchema = z.strictObject({
  zone: z.string().min(1).default('UTC').describe("The portfolio's time zone (IANA name): what today and yesterday mean."),
  as_of: dayWord.default('yesterday').describe('The day of the facts, at its end.'),
  work_on: day.optional().describe('The day on which the lists are worked. Default: for run the first working day after as_of, for age as_of.'),
  known_on: z.union([z.enum(['as_of', 'today', 'yesterday']), day]).optional().describe('The book as it was known at the end of this day: repayments with a later received_on do not count. as_of: as known on the as-of day itself. Default: all that the file has is known.'),
  work_days: z.array(z.enum(weekdays)).min(1).default([...weekdays]).describe('The days of the week on which the team works.'),
  work_region: z.string().min(1).optional().describe('The region whose holidays the team keeps: work_on leaves them out, and takes in days worked in their place. Default: the only region of the holidays.'),
  data_through: day.optional().describe('The last day that the inputs hold whole. A later as_of is refused.'),
  newest_payment_warn_days: z.number().int().min(0).default(4).describe('Warn when as_of is more than this many days after the newest payment and data_through is not stated.'),
  newest_payment_max_days: z.number().int().min(0).optional().describe('When as_of is more than this many days after the newest payment the run is published and ends with 5, whatever data_through says.'),
  fall_max_share: share.optional().describe('Rows of an input, or money received in a currency, that are fewer than in the last run of an earlier day: by more than this share of those, the run is published and ends with 5.'),
  currency: currency.optional().describe('The currency of files that have no currency column.'),
  out: z.string().min(1).default('out').describe('The output folder.'),
  rules: z.string().min(1).optional().describe('The rule file.'),
  history_columns: z.boolean().default(false).describe('Accounts also say their past: late_since, the most days late, how often 30, 60 and 90 were reached, cures. It costs a second pass over the rows.'),
  keep_evidence: z.boolean().default(false).describe('The run also publishes the rows of its inputs, by account: explain --run answers from them. It costs time and disk.'),
  what_if_columns: z.boolean().default(false).describe('Accounts also say the least payment with which they leave their tier (least_to_leave_tier), and are late no more (least_to_be_current). Late accounts are classified once more for each.'),
  preventive_days: z.number().int().min(0).default(3).describe('Reminders begin this many days before the due date.'),
  tiers: edges.default(defaultTiers).describe('Tiers of accounts past due, by days past due, both ends inclusive.'),
  buckets: edges.default(defaultBuckets).describe('Ageing buckets by days past due, both ends inclusive.'),
  preset: z.enum(presetNames).default('default').describe('A rule book of a regulator: tiers and conventions, which the settings below may override.'),
  conventions: statedConventions.describe('How days are counted and how money is laid on instalments, for the book and by product.'),
  contagion: z.union([z.enum(['none', 'worst']), z.strictObject({ share: share.describe('Of the exposure in one currency.') })]).optional().describe("Whether the tier of a borrower's worst account holds for all his accounts (borrower_tier): none; worst; or {share: 0.2}, the worst tier of which, with worse ones, more than this share of his exposure is. Default: as the preset has it, else none."),
  cover_from: z.array(z.enum(partNames)).min(1).default(['principal', 'interest', 'fee']).describe('Where payments carry parts: the parts that cover the schedule. A part for which the schedule has a column covers too, up to what it asks. The rest is to_charges.'),
  compensation: z.enum(['covers', 'ignored']).optional().describe('Whether money of a guarantor (kind compensation) covers instalments, or is left aside. Asked where the kind occurs.'),
  buyback: z.enum(['covers', 'ignored']).optional().describe('Whether money of who buys a loan back (kind buyback) covers instalments, or is left aside. Asked where the kind occurs.'),
  closed_tolerance: z.string().regex(/^\d+(\.\d+)?$/).default('0').describe('What a closed loan may still owe without being held as closed but owing.'),
  unknown_status: z.enum(['ask', 'open']).default('ask').describe('What a status that nothing maps means: a question (exit 2), or an open loan.'),
  unmatched_max_share: share.optional().describe('Unmatched money over money received, in each currency; above it the run is published and ends with 5.'),
  ties_min_agree: share.default(0.95).describe("Days past due and overdue amounts equal to the lender's own, over those compared; below it in a book of 100 accounts or more the work lists are held back (exit 5), not the reports."),
  implausible_max_share: share.default(0.05).describe('Accounts whose plan and money do not fit together, over those with a plan; above it a book of 100 accounts or more is refused (exit 3).'),
  inputs: z
    .strictObject({
      loans: input(defaultKeys.loans, 0.01, true),
      schedule: z.strictObject({
        ...fields(defaultKeys.schedule, 0.01, false, ' Where the file has version (or valid_from) or added_on, they belong to the default.'),
        rows: z.enum(['instalment', 'payment', 'component']).default('instalment').describe('What a row is: an instalment; a payment of one, whose other columns are the same on all its rows; or a component of one (kind: principal, interest, fee, penalty), which add up.'),
        open_only: z.boolean().default(false).describe('The file holds open instalments alone: those that are paid were left out of it. Each is then open by its amount, less its amount_paid; no repayments are applied, and no other day is known.'),
      }).prefault({}),
      repayments: z.strictObject({
        ...fields(defaultKeys.repayments, 0.01),
        complete_from: day.optional().describe('The day from which on the file holds all payments. Loans paid out before it need loans.paid_before, else they are held: their history is cut.'),
      }).prefault({}),
      statements: input(defaultKeys.statements, 0.01, true),
      pauses: z.strictObject({ files: paths.optional().describe('CSV files of pauses: account_id, product or region, from, to. Days in a pause do not count; "to" is the first that counts again.') }).prefault({}),
      control_totals: z.strictObject({ files: paths.optional().describe('CSV files of control totals that the lender states: input, currency, rows, amount. A difference stops the run (exit 3).') }).prefault({}),
      holidays: z.strictObject({ files: paths.optional().describe('CSV files of holidays: date, kind (holiday or workday), region. Saturdays and Sundays are no business days unless a workday row says so.') }).prefault({}),
    })
    .prefault({}),
  region: z.string().min(1).default('region').describe('The column of loans that names the region of pauses and holidays.'),
  blast_radius: z.boolean().default(false).describe('Accounts named by a row in quarantine are held only where it could change their tier or their action, in the best or the worst case; reports/blast-radius.csv tells the counts and the money.'),
  holds: z.strictObject({ lift: z.array(z.string().min(1)).default([]).describe('Accounts whose hold is lifted.') }).prefault({}),
  worklists: z
    .object({ columns: z.array(z.string().min(1)).default([]).describe('Passed-through columns shown first, right after the ids, in every list that has no columns of its own.') })
    .catchall(list)
    .prefault({}),
  language: z.enum(['en', 'zh']).default('en').describe('The language of what lists say in words (reason_in_words, other_accounts).'),
  reports: z
    .strictObject({
      make: z.union([z.enum(['all', 'none']), z.array(z.enum(reportNames))]).default('all').describe('Which of them a run makes: all, none, or those named.'),
      by: z.array(z.string().min(1)).default([]).describe('Columns of loans, passed-through ones too, by which they are laid out beside the currency.'),
      due_days: z.number().int().min(1).max(400).default(45).describe('How many days of due dates up to as_of due_performance shows.'),
      calendar_days: z.number().int().min(1).max(92).default(14).describe('How many days from work_on on due_calendar shows.'),
      autopay: z.string().min(1).default('autopay').describe('The passed-through column of loans that says who pays by himself (true, yes, y or 1): due_calendar counts them apart.'),
    })
    .prefault({}),
  bom: z.boolean().default(true).describe('Byte order mark in files for people, so that spreadsheets read them as UTF-8.'),
  engine: z.enum(['duckdb']).default('duckdb').describe('What runs the SQL.'),
  threads: z.number().int().min(1).optional().describe('Threads of the engine. Default: all cores.'),
  memory: z.string().regex(/^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/, 'a size such as 512MB').optional().describe('Memory limit of the engine. Default: 80 % of the machine.'),
})

export type RawSettings = z.output<typeof settingsSchema>
/** `asked`: columns that are read only where another setting asks for them are read. */
export type InputSettings = RawSettings['inputs']['loans'] & { readonly asked?: boolean }
export type InputName = Exclude<keyof RawSettings['inputs'], 'pauses' | 'holidays' | 'control_totals' | 'statements'>
/** What files are mapped as: statements are read with the schedule. */
export type MappedAs = InputName | 'statements'
export type Edge = z.output<typeof edges>[number]
