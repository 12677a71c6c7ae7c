/** What the user can mend: what happened, where, what to do. Anything else that is thrown is our bug (exit 1). */
export interface Place {
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
}

interface ErrorText {
  /** What happened; `{value}` and the like are filled in. */
  readonly says: string
  readonly todo: string
  readonly exit: 1 | 2 | 3 | 4
}

/** Every error a user may see. docs/errors.md is written from this table; names never change. */
export const errorTexts = {
  'settings-not-found': { says: 'There is no settings file {value}.', todo: 'Give one with --config, or write one with "arrears init".', exit: 2 },
  'settings-unreadable': { says: 'The settings file cannot be read as YAML: {value}.', todo: 'Mend the file at the place shown.', exit: 2 },
  'settings-wrong': { says: '{value}.', todo: '{hint}', exit: 2 },
  'settings-question': { says: '{name} is an open question{value}', todo: '{hint}', exit: 2 },
  'flag-wrong': { says: '{value}.', todo: '{hint}', exit: 2 },
  'where-wrong': { says: '{value}', todo: '{hint}', exit: 2 },
  'date-wrong': { says: '{name} is "{value}", which is not a calendar date.', todo: 'Write it as YYYY-MM-DD, or as today or yesterday.', exit: 2 },
  'zone-unknown': { says: 'There is no time zone "{value}".', todo: 'Use a name of the IANA list, for example Asia/Shanghai.', exit: 2 },
  'work-on-before-as-of': { says: 'work_on is {value}, before as_of {other}.', todo: 'Work lists are worked on the as-of date or later: state a later work_on, or leave it out.', exit: 2 },
  'as-of-after-data': { says: 'as_of is {value}, but the inputs hold whole days only to data_through {other}.', todo: 'Use an as_of on or before {other}, or give --allow-partial-day.', exit: 2 },
  'known-on-before-as-of': { says: 'known_on is {value}, before as_of {other}.', todo: 'Nobody knows a day before its end: state a known_on on or after as_of, the word as_of, or leave it out.', exit: 2 },
  'known-on-not-given': { says: 'known_on is {value}, but no file of repayments has received_on: when they became known is not told.', todo: 'Map that column with inputs.repayments.headers: {received_on: ...}, or leave known_on out.', exit: 2 },
  'open-plan-of-another-day': { says: 'as_of is {value}, but the schedule says what was open on {other} (amount_open, or open_only).', todo: 'Use as_of {other}, or deliver amount_due with the repayments.', exit: 2 },
  'lenders-word-of-another-day': { says: 'as_of is {value}, but the days and dates of the loans are the lender\'s own, of {other}: without schedule and repayments no other day is known.', todo: 'Use as_of {other}, or deliver the schedule and the repayments.', exit: 2 },
  'tiers-wrong': { says: 'The tier or bucket edges leave a gap or overlap: {value}.', todo: 'Every number of days past due from 1 must be in exactly one tier and one bucket.', exit: 2 },
  'input-missing': { says: 'No file was given for {value}.', todo: 'State inputs.{value}.files in the settings, or give --{value} FILE.', exit: 2 },
  'file-not-found': { says: 'There is no file {value}.', todo: 'Check the path; paths in the settings are relative to the settings file.', exit: 2 },
  'file-unreadable': { says: '{file} cannot be read: {value}.', todo: 'Check that the file is whole and that you may read it.', exit: 3 },
  'file-unknown-kind': { says: 'Nothing is known about files such as {value}.', todo: 'arrears reads .csv, .csv.gz and .parquet.', exit: 2 },
  'file-empty': { says: '{file} is empty: it has no header line.', todo: 'An export that failed looks like this. Deliver the file again.', exit: 3 },
  'file-no-header': { says: '{file} has no line that looks like a header: names of columns, with rows below that have as many fields.', todo: 'Take it out, or write a settings file for it by hand (docs/settings.md).', exit: 2 },
  'file-no-rows': { says: '{file} has a header and no rows.', todo: 'Deliver the file again, or set inputs.{input}.allow_empty: true if it is meant to be empty.', exit: 3 },
  'file-cut': { says: '{file} breaks off on line {other}: its last record is not whole, and no line end stands behind it.', todo: 'The upload may be cut: deliver the file again. Where that line is a footer, name it under inputs.{input}.leave_out. Nothing was published.', exit: 3 },
  'file-not-text': { says: '{file} is {value}, and no CSV.', todo: '{hint}', exit: 2 },
  'file-not-utf8': { says: '{file} is not UTF-8 (first at byte {value}).', todo: 'State its encoding: {hint}.', exit: 2 },
  'file-not-encoded': { says: '{file} is not {value} (first on line {other}).', todo: 'State the encoding that it has, or save it as UTF-8.', exit: 2 },
  'footer-differs': { says: '{file} says on line {other} that it has {value} rows, and {count} were read.', todo: 'Deliver the file again: it may be cut. Nothing was published.', exit: 3 },
  'header-missing': { says: '{file} has no column {value}.', todo: '{hint}', exit: 2 },
  'header-twice': { says: '{file} has the column "{value}" twice: columns {other}.', todo: 'Nothing in the file says which one is meant. Rename one of them{hint}.', exit: 2 },
  'header-not-mapped': { says: 'The settings map {name} to the header "{value}", which {file} does not have.', todo: '{hint}', exit: 2 },
  'column-name-taken': { says: 'The column "{value}" of {file} has the name of a column that arrears computes.', todo: 'Rename it on the way in: inputs.loans.headers: {lender_{value}: {value}}.', exit: 2 },
  'column-type-unsafe': { says: 'The column {value} of {file} is {other} in Parquet.', todo: '{hint}', exit: 2 },
  'currency-missing': { says: '{input} has no currency column, and the settings state no currency.', todo: 'Set currency: CNY (or another ISO 4217 code) in the settings.', exit: 2 },
  'value-unknown': { says: '{input}.{name} has the value "{value}" in {count} rows, which nothing maps.', todo: '{hint}', exit: 2 },
  'kind-not-set': { says: '{input}.kind has the value "{value}" in {count} rows. Does money of a guarantor or of who buys the loan back cover what the borrower owes? For the one who was paid it does; for the one who collects it does not.', todo: 'Set {value}: covers or {value}: ignored in the settings.', exit: 2 },
  'rules-missing': { says: 'No rule file was given.', todo: 'State rules in the settings, or give --rules FILE. "arrears init" writes one to start from.', exit: 2 },
  'rules-not-found': { says: 'There is no rule file {value}.', todo: 'Check the path; paths in the settings are relative to the settings file.', exit: 2 },
  'table-wrong': { says: '{value}.', todo: '{hint}', exit: 2 },
  'history-not-given': { says: 'The history columns cannot be given for this book: {value}.', todo: 'Take history_columns out of the settings.', exit: 2 },
  'holidays-missing': { says: 'Due dates are moved to business days, but no holidays of {value} are known ({count} accounts need them).', todo: 'Add the holidays of that year and region to inputs.holidays, at least one row.', exit: 2 },
  'rules-wrong': { says: '{value}', todo: '{hint}', exit: 2 },
  'rule-unknown-column': { says: 'Rule {name}: {value}', todo: '{hint}', exit: 2 },
  'rule-cell-wrong': { says: 'Rule {name}, {other}: {value}', todo: '{hint}', exit: 2 },
  'rule-type-clash': { says: 'Rule {name}, {other}: {value}', todo: '{hint}', exit: 2 },
  'rule-value-unknown': { says: 'Rule {name}, {other}: {value}', todo: '{hint}', exit: 2 },
  'rule-money-without-currency': { says: 'Rule {name} tests {value} against an amount and no currency, and the book has {other}.', todo: '{hint}', exit: 2 },
  'rejects-over-limit': { says: '{input}: {value} of {other} rows were rejected, more than the allowed share of {name}.', todo: '{hint}', exit: 3 },
  'control-totals-differ': { says: '{input}{name}: the control totals state {value}, and {other} were read.', todo: '{hint}Deliver the files again, or the control totals that belong to them. Nothing was published.', exit: 3 },
  implausible: { says: '{value} of {other} accounts are not plausible, more than the allowed share of {name}: {hint}', todo: 'Mend the mapping or the exports; if the book is right, raise implausible_max_share. Nothing was published.', exit: 3 },
  'input-changed': { says: '{file} changed while it was read.', todo: 'Wait until the delivery is complete, then run again.', exit: 3 },
  'count-differs': { says: '{input}: {value} rows were read, but an independent count of the records gives {other}.', todo: 'Nothing was published. Please report this with the shape of the file (delimiter, quotes, line ends).', exit: 3 },
  'identity-broken': { says: 'A control total does not hold: {value}.', todo: 'Nothing was published. Please report this.', exit: 1 },
  'lock-held': { says: 'Another run holds {value}{other}.', todo: 'Wait for it to end, or give another --out.', exit: 4 },
  'out-not-usable': { says: 'The output folder {value} cannot be used: {other}.', todo: 'Give a folder on a local disk that you may write to.', exit: 2 },
  'folder-not-empty': { says: '{value} already has {other}.', todo: 'Nothing was written. Give an empty folder.', exit: 2 },
  'settings-there': { says: '{value} is there already.', todo: 'Nothing was written. Give another folder, or move the file away.', exit: 2 },
  'account-not-found': { says: 'No row of any input names {value}.', todo: '{hint}', exit: 2 },
  'run-not-found': { says: '{value} is no run folder: it has no run.json.', todo: 'Give the folder of a run that was published, such as out/latest or out/2025-06-30.', exit: 2 },
  'run-refused': { says: '{value} is a run that was refused: it published nothing, and says why in why.txt.', todo: 'Give a run that was published, such as out/latest.', exit: 2 },
  'runs-differ': { says: '{value}.', todo: '{hint}', exit: 2 },
  'run-without-evidence': { says: 'The run in {value} was published without its evidence.', todo: 'Run it again with --keep-evidence (or keep_evidence: true in the settings), or explain from the exports: leave out --run.', exit: 2 },
  'run-of-another-version': { says: 'The run in {value} was published by arrears {other}, whose evidence this version does not read.', todo: 'Run it again, or explain from the exports: leave out --run.', exit: 2 },
  'amounts-too-large': { says: 'Amounts are too large to be added up: {value}', todo: 'Look at the largest amounts of the exports: a column may be the wrong one. Nothing was published.', exit: 3 },
  'disk-full': { says: 'The disk is full: {value}', todo: 'Free space where the output folder lies, then run again. Nothing was published.', exit: 1 },
  'memory-full': { says: 'Memory is used up: {value}', todo: 'Give a larger --memory, or fewer --threads. Nothing was published.', exit: 1 },
} as const satisfies Record<string, ErrorText>

export type ErrorCode = keyof typeof errorTexts

export interface ErrorDetails extends Place {
  readonly value?: string | number | undefined
  readonly other?: string | number | undefined
  readonly name?: string | undefined
  readonly input?: string | undefined
  readonly count?: number | undefined
  readonly hint?: string | undefined
  readonly exit?: 1 | 2 | 3 | 4
}

const filled = (pattern: string, details: ErrorDetails) =>
  pattern.replace(/\{(value|other|name|input|count|hint|file)\}/g, (_, key: keyof ErrorDetails) => String(details[key] ?? ''))

export class UserError extends Error {
  readonly code: ErrorCode
  readonly says: string
  readonly todo: string
  readonly place: Place
  readonly exit: 1 | 2 | 3 | 4

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const text: ErrorText = errorTexts[code]
    const says = filled(text.says, details)
    super(says)
    this.code = code
    this.says = says
    this.todo = filled(text.todo, details)
    this.place = { file: details.file, line: details.line, column: details.column }
    this.exit = details.exit ?? text.exit
  }
}

/** Several at once: all the errors of a settings or rule file are shown together. */
export class UserErrors extends Error {
  readonly errors: readonly UserError[]

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => error.says).join('\n'))
    this.errors = errors
  }

  get exit() {
    return Math.max(...this.errors.map((error) => error.exit)) as 1 | 2 | 3 | 4
  }
}

/** Throws where there is something to throw. */
export function throwAll(errors: readonly UserError[]) {
  if (errors.length === 1) throw errors[0]!
  if (errors.length > 1) throw new UserErrors(errors)
}
