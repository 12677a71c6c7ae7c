import { z } from 'zod'
import { accountColumns } from '../../src/classify/columns.ts'
import type { Command } from '../../src/cli/command.ts'
import { exit } from '../../src/cli/exit.ts'
import { flags, type Flag } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { errorTexts } from '../../src/errors.ts'
import { saidReports } from '../../src/publish/reports/made.ts'
import { columnsOf, inputNames, kinds, paymentStatuses } from '../../src/read/inputs.ts'
import { defaultConventions } from '../../src/settings/default-conventions.ts'
import { presets } from '../../src/settings/presets.ts'
import { settingsSchema } from '../../src/settings/schema.ts'
import { checkOf, checks, type CheckCode } from '../../src/validate/checks.ts'

/** A Markdown table; nothing stands in a cell that would end it. */
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`).join('\n')

const code = (text: string) => (text === '' ? '' : `\`${text}\``)
const yes = (is: boolean) => (is ? 'yes' : 'no')

/** What a command takes, as its help says it. */
function taken({ name, arguments: takes = [], flags: names, examples }: Command): string {
  const own = names.map((flag): Flag => flags[flag])
  const groups = [...new Set(own.map(({ group }) => group))]
  const usage = ['arrears', name, ...takes.map((one) => one.name), ...(own.length > 0 ? ['[options]'] : [])].join(' ')
  return [
    `Usage: \`${usage}\``,
    ...(takes.length === 0 ? [] : [table(['argument', 'what it is'], takes.map(({ name, says }) => [code(name), says]))]),
    table(['', 'option', 'what it does'], groups.flatMap((group) => own.filter((flag) => flag.group === group).map(({ typed, says }, at) => [at === 0 ? group : '', code(typed), says]))),
    'Examples, as `--help` shows them:',
    examples.map(([says, typed]) => `- ${says}: \`${typed}\``).join('\n'),
  ].join('\n\n')
}

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

const patterns: Readonly<Record<string, string>> = {
  '^\\d{4}-\\d{2}-\\d{2}$': 'YYYY-MM-DD',
  '^[A-Z]{3}$': 'three capital letters',
  '^\\d+(\\.\\d+)?$': 'an amount in quotes',
}

/** In words, what may stand in a setting. */
function shape(of: Schema): string {
  if (of.anyOf !== undefined) return of.anyOf.map(shape).join(' or ')
  if (of.enum !== undefined) return of.enum.map(code).join(', ')
  if (of.type === 'array') return `list of ${of.items?.properties !== undefined ? `{${Object.keys(of.items.properties).join(', ')}}` : shape(of.items ?? {})}`
  // What the keys of such a map may be stands above it.
  if (of.type === 'object' && of.additionalProperties && of.additionalProperties.properties !== undefined) return 'map to these keys'
  if (of.type === 'object') return of.additionalProperties ? `map to ${shape(of.additionalProperties)}` : 'map'
  if (of.type === 'integer') return `whole number${of.minimum === undefined ? '' : ` from ${of.minimum}`}`
  if (of.type === 'number') return of.minimum === undefined ? 'number' : `number from ${of.minimum} to ${of.maximum}`
  if (of.type === 'string') return of.pattern === undefined ? 'text' : (patterns[of.pattern] ?? 'a size such as 512MB')
  return of.type === 'boolean' ? '`true`, `false`' : (of.type ?? 'anything')
}

/** As it would stand in the file. */
function asYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asYaml).join(', ')}]`
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : `{ ${Object.entries(value).map(([key, one]) => `${key}: ${asYaml(one)}`).join(', ')} }`
  return typeof value === 'string' && /^\d|^,$/.test(value) ? `'${value}'` : String(value)
}

const inForce = (of: Schema) => (of.default === undefined ? '' : code(asYaml(of.default)))

/** A map with named keys is a row a key. */
function settingRows(of: Schema, under = ''): string[][] {
  const own = Object.entries(of.properties ?? {}).flatMap(([key, one]) =>
    one.properties === undefined ? [[code(under + key), shape(one), inForce(one), one.description ?? '']] : settingRows(one, `${under}${key}.`),
  )
  // Beside its own keys a map may hold others by name, such as lists.
  return of.properties !== undefined && of.additionalProperties && of.additionalProperties.properties !== undefined ? [...own, ...settingRows(of.additionalProperties, `${under}NAME.`)] : own
}

const settings = z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema
const { inputs, ...others } = settings.properties!
// What a convention is where nothing is stated stands beside the schema: a product leaves out what is as for the book.
for (const [field, standard] of Object.entries(defaultConventions)) {
  const own = others['conventions']!.properties![field]!
  if (own.properties === undefined && standard !== undefined) Object.assign(own, { default: standard })
}

/** The three inputs have the same settings but for the key, and what only one of them has. */
const inputSettings = () => {
  const common = Object.keys(inputs!.properties!['loans']!.properties!)
  const own = inputNames.flatMap((input) => settingRows(inputs!.properties![input]!, `inputs.${input}.`).filter(([key]) => !common.some((one) => key === `\`inputs.${input}.${one}\``)))
  const rows = settingRows(inputs!.properties!['loans']!, 'inputs.loans.')
  const each = rows.map(([key, what, standard, says]) => {
    if (key !== '`inputs.loans.key`') return [key!, what!, standard!, says!]
    return [key, what!, ([...inputNames, 'statements'] as const).map((input) => `${input}: ${inForce(inputs!.properties![input]!.properties!['key']!)}`).join('; '), says!]
  }).map(([key, ...rest]) => [key!.replace('loans', 'INPUT'), ...rest])
  return [...each, ...own]
}

/** What becomes of a column that is not needed. */
const need = { asked: 'where `known_on` is set', lender: "lender's own", through: 'passes through too' }

const columnRows = (input: (typeof inputNames)[number] | 'statements') =>
  Object.entries(columnsOf(input)).map(([name, { type, required, filled, use, as, says }]) => [
    code(name), type === 'int' ? 'whole number' : type,
    required ? 'required' : input === 'schedule' && name === 'amount_due' ? 'required, or its parts' : filled ? 'filled where the file has it' : use === undefined ? '' : need[use],
    `${says}${as === undefined || input !== 'loans' ? '' : ` In accounts: ${code(as)}.`}`,
  ])

const whereSays = { statements: 'Only in books with statements.', basis: 'Only in books whose loans tell lateness by the lender\'s own word, or that have statements.', months: 'Only where the conventions count months.', restructured: 'Only in books with restructured_on or versions of plans.', parts: 'Only in books whose payments have parts that lie beside the plan.', prepaid: 'Only in books with prepayments.', contagion: 'Only where `contagion` is set.', history: 'Only with `history_columns: true`.', 'what-if': 'Only with `what_if_columns: true`.', sticky: 'Only where a tier is sticky.', material: 'Only where days count since what is overdue is material.' } as const

const kindSays: Record<keyof typeof kinds, string> = {
  payment: 'Money received. A bare negative amount is a refund.',
  prepayment: 'Part prepayment: what was due on its day and open is covered; the rest lowers principal and is no advance.',
  settlement: 'Closes an open loan on its day; what the plan still shows is released.',
  recovery: 'Money received after a write-off.',
  compensation: 'A guarantor pays in the place of the borrower.',
  buyback: 'Who sold or guaranteed the loan buys it back.',
  waiver: 'Lowers what is due and is no cash.',
  credit_note: 'The same: goods returned, a booking in favour of the borrower.',
  charge: 'A cost that is asked beside the plan: it raises charges_outstanding, never what is due.',
  undo: 'Takes back the payment that it names: a bounced debit, a booking in error.',
  chargeback: 'The same, by way of a card scheme. It reopens the instalment at its own age.',
  refund: 'Gives money back; with or without the payment that it names.',
}

const kindTable = () =>
  table(['kind', 'covers instalments', 'is cash', "is the borrower's", 'takes off', 'what it is'],
    Object.entries(kinds).map(([kind, { covers, cash, borrowers, takesOff }]) =>
      [code(kind), takesOff ? 'as what it names' : covers.replace('as set', 'by the setting of its name'), takesOff ? 'as what it names' : yes(cash), takesOff ? 'as what it names' : yes(borrowers), yes(takesOff), kindSays[kind as keyof typeof kinds]]))

const statusSays: Record<(typeof paymentStatuses)[number], string> = {
  settled: 'Counts from paid_on, cash after clearing_days.',
  pending: 'Covers nothing; shown as pending_amount, and rules may use it.',
  failed: 'Never counts.',
  reversed: 'With reversed_on it counts until the day before; without it never.',
}

const stages = { classify: 'classify', decide: 'decide', comply: 'comply' }
const accountRows = (stage: keyof typeof stages) =>
  Object.entries(accountColumns).filter(([, { by }]) => by === stage).map(([name, { type, says, ...rest }]) => [code(name), type === 'int' ? 'whole number' : type === 'bool' ? 'true or false' : type, `${says}${'where' in rest ? ` ${whereSays[rest.where]}` : ''}${'values' in rest ? ` One of ${rest.values.map(code).join(', ')}.` : ''}`])

const checkRows = () =>
  (Object.keys(checks) as CheckCode[]).map((name) => {
    const { input, column, says, todo } = checkOf(name)
    return [code(name), input, code(column), says, todo.replace('{input}', 'INPUT')]
  })

const exitSays: Record<keyof typeof exit, string> = {
  done: 'Done.',
  failed: 'An unexpected failure, or no room: the disk or the memory is full.',
  wrong: 'Usage, settings, rules or headers are wrong, or a question is open. Nothing was run.',
  refused: 'The inputs were refused: too many rejected rows, an empty, cut or changing file. Nothing was published; `OUT/refused/` shows why where rows were rejected.',
  busy: 'Another run holds the output folder.',
  limit: 'Done and published, but a limit that the settings state was crossed.',
  interrupted: 'Stopped by Ctrl-C (SIGINT). Nothing was published.',
  terminated: 'Stopped by SIGTERM. Nothing was published.',
}

const stands: Readonly<Record<string, string>> = { value: 'X', other: 'Y', name: 'NAME', input: 'INPUT', file: 'FILE', count: 'N' }
const placeholders = (text: string) => text.replace(/\{(\w+)\}/g, (all, word: string) => stands[word] ?? all)

/** Sentences that are all placeholder say nothing in a table. */
const errorAbout: Readonly<Record<string, readonly [string, string]>> = {
  'settings-wrong': ['A setting is unknown, or its value cannot stand there.', 'The message says what may stand there, or the nearest known name.'],
  'flag-wrong': ['A flag has a value that it cannot have.', 'The message says what it takes.'],
  'rules-wrong': ['The form of the rule file is wrong at the place shown.', 'The message says what to write there.'],
  'lock-held': ['Another run holds the output folder; its process is named where it is known.', errorTexts['lock-held'].todo],
  'rule-unknown-column': ['A rule tests or names a column that accounts do not have.', 'The message gives the nearest name; "arrears check" lists them all.'],
  'rule-cell-wrong': ['A cell is no test, or does not mean what it looks like.', 'The message says what to write: see rules.md.'],
  'rule-type-clash': ['A cell compares values of two types.', 'The message says what to write: see rules.md.'],
  'rule-value-unknown': ['A cell tests for a value that its column never has.', 'The message gives the nearest value.'],
}

const errorRows = () =>
  Object.entries(errorTexts).map(([name, { says, todo, exit: ends }]) => {
    const [about, what] = errorAbout[name] ?? [placeholders(says), placeholders(todo)]
    return [code(name), String(ends), about, what === '{hint}' ? 'The message says it.' : what]
  })

const presetRows = () =>
  Object.entries(presets).map(([name, { says, grade, source, tiers, conventions, ...more }]) => [
    code(name), tiers.map((tier) => `${tier.name} ${tier.to === null ? `${tier.from}+` : `${tier.from}-${tier.to}`}`).join(', '), [...(asYaml(conventions) === '{}' ? [] : [code(asYaml(conventions))]), ...('contagion' in more ? [code(`contagion: ${String(more.contagion)}`)] : [])].join(', '), grade, `${says} Source: ${source}.`,
  ])

/** The parts of the pages that are written from the tables of the code, each by the name that its marker gives. */
export const blocks: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(commands.map((command) => [`flags ${command.name}`, () => taken(command)])),
  'settings': () => table(['setting', 'what may stand there', 'default', 'what it does'], settingRows({ properties: others })),
  'settings of inputs': () => table(['setting', 'what may stand there', 'default', 'what it does'], inputSettings()),
  ...Object.fromEntries(([...inputNames, 'statements'] as const).map((input) => [`columns ${input}`, () => table(['column', 'type', 'need', 'what it is'], columnRows(input))])),
  'presets': () => table(['preset', 'tiers by days past due', 'conventions', 'grade', 'what it is'], presetRows()),
  'kinds': kindTable,
  'payment statuses': () => table(['status', 'what it means'], paymentStatuses.map((status) => [code(status), statusSays[status]])),
  ...Object.fromEntries((Object.keys(stages) as (keyof typeof stages)[]).map((stage) => [`accounts ${stage}`, () => table(['column', 'type', 'what it is'], accountRows(stage))])),
  'checks': () => table(['code', 'input', 'column', 'what is wrong', 'what to do'], checkRows()),
  ...Object.fromEntries(Object.values(saidReports).map(({ name, said }) => [`report ${name}`, () => table(['column', 'type', 'what it is'], Object.entries(said).map(([column, [type, says]]) => [code(column), type === 'int' ? 'whole number' : type, says]))] as const)),
  'exit codes': () => table(['code', 'what it means'], (Object.keys(exit) as (keyof typeof exit)[]).map((name) => [String(exit[name]), exitSays[name]])),
  'errors': () => table(['code', 'exit', 'what happened', 'what to do'], errorRows()),
}
