/** One table of flags: how each is typed, what it says, and which group of help it stands in. */
export interface Flag {
  readonly typed: string
  readonly says: string
  readonly group: 'Inputs' | 'Dates' | 'Output' | 'Engine'
  /** May be given more than once. */
  readonly many?: true
}

export const flags = {
  config: { typed: '--config <file>', says: 'Settings file (default: arrears.yaml in the working directory).', group: 'Inputs' },
  loans: { typed: '--loans <file>', says: 'Loans: a path or a glob; may be repeated. .csv, .csv.gz or .parquet.', group: 'Inputs', many: true },
  schedule: { typed: '--schedule <file>', says: 'Instalments: a path or a glob; may be repeated.', group: 'Inputs', many: true },
  repayments: { typed: '--repayments <file>', says: 'Payments and reversals: a path or a glob; may be repeated.', group: 'Inputs', many: true },
  statements: { typed: '--statements <file>', says: 'Statements of cards: a path or a glob; may be repeated.', group: 'Inputs', many: true },
  from: { typed: '--from <files...>', says: 'Exports to propose a settings file from: paths, globs or folders.', group: 'Inputs', many: true },
  pauses: { typed: '--pauses <file>', says: 'Pauses: a .csv; may be repeated.', group: 'Inputs', many: true },
  holidays: { typed: '--holidays <file>', says: 'Holidays: a .csv; may be repeated.', group: 'Inputs', many: true },
  rules: { typed: '--rules <file>', says: 'Rule file.', group: 'Inputs' },
  asOf: { typed: '--as-of <day>', says: 'The day of the facts, at its end: YYYY-MM-DD, today or yesterday.', group: 'Dates' },
  run: { typed: '--run <dir>', says: 'Answer from this published run, such as out/latest, not from the exports.', group: 'Inputs' },
  every: { typed: '--every <step>', says: 'Of a range --as-of FROM..TO: day, week, month (default) or quarter.', group: 'Dates' },
  knownOn: { typed: '--known-on <day>', says: 'The book as known at the end of this day, by received_on of repayments; as_of: of each as-of day itself.', group: 'Dates' },
  workOn: { typed: '--work-on <day>', says: 'The day on which the lists are worked: YYYY-MM-DD.', group: 'Dates' },
  allowPartialDay: { typed: '--allow-partial-day', says: 'Take an as_of after data_through all the same.', group: 'Dates' },
  ifPaid: { typed: '--if-paid <amount>', says: 'What the account would be after a payment of this amount on as_of.', group: 'Output' },
  out: { typed: '--out <dir>', says: 'Output folder.', group: 'Output' },
  blastRadius: { typed: '--blast-radius', says: 'Hold accounts named by a row in quarantine only where it could change their tier or action; with reports/blast-radius.csv.', group: 'Output' },
  keepEvidence: { typed: '--keep-evidence', says: 'Publish the rows of the inputs too: explain --run answers from them.', group: 'Output' },
  reports: { typed: '--reports <names>', says: 'Which reports to make beside the ageing: all, none, or names separated by commas.', group: 'Output' },
  where: { typed: '--where <condition>', says: 'Only accounts that meet it, for example product=card or \'days_past_due > 5 and tier = "short"\'.', group: 'Output' },
  by: { typed: '--by <columns>', says: 'Group by these columns, separated by commas.', group: 'Output' },
  conventions: { typed: '--conventions <names>', says: 'One book under several rule books side by side: all, or presets separated by commas.', group: 'Output' },
  top: { typed: '--top <n>', says: 'List this many accounts with the largest overdue amount, of each currency and group; with --conventions those on which they disagree.', group: 'Output' },
  format: { typed: '--format <name>', says: 'table, md, csv or json.', group: 'Output' },
  json: { typed: '--json', says: 'One JSON document on stdout.', group: 'Output' },
  quiet: { typed: '--quiet', says: 'Print errors only.', group: 'Output' },
  noColor: { typed: '--no-color', says: 'No colour; NO_COLOR and pipes are respected too.', group: 'Output' },
  debug: { typed: '--debug', says: 'Stage names as they begin, and stack traces.', group: 'Output' },
  engine: { typed: '--engine <name>', says: 'What runs the SQL: duckdb.', group: 'Engine' },
  threads: { typed: '--threads <n>', says: 'Threads of the engine (default: all cores).', group: 'Engine' },
  memory: { typed: '--memory <size>', says: 'Memory limit of the engine, for example 1GB.', group: 'Engine' },
} as const satisfies Record<string, Flag>

export type FlagName = keyof typeof flags

export const inputFlags = ['config', 'loans', 'schedule', 'repayments', 'statements', 'pauses', 'holidays'] as const satisfies FlagName[]
export const sharedFlags = ['json', 'quiet', 'noColor', 'debug', 'engine', 'threads', 'memory'] as const satisfies FlagName[]

/** What was typed; what it means is for the settings. */
export type Typed = Readonly<Partial<Record<FlagName, string | readonly string[] | boolean>>>
