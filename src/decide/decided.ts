import { addDays } from '../engine/calls.ts'
import type { ColumnType } from '../engine/dialect.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { every, int, join, name, nothing, sql, text, type Hole, type Name, type Sql } from '../engine/sql.ts'
import { holds } from './cell-sql.ts'
import type { Rule, Rules, Table } from './rules.ts'

export interface Decided {
  /** One row an action; every account has at least one. */
  readonly actions: Relation
  /** The accounts with the first action that is not none, else with the first. */
  readonly accounts: Relation
  /** Each account has one action: the actions of accounts in order are in order. */
  readonly oneEach: boolean
  /** Then the list of that action follows from the columns of the account. */
  readonly listOf: Sql | undefined
  /** The actions of accounts that are decided and kept elsewhere, as in their file. */
  readonly actionsOf: (decided: Relation) => Relation
}

const noRule = 'no rule'

const decidedColumns = { rule_id: 'text', action: 'text', channel: 'text', priority: 'int', template: 'text', action_due_on: 'date', reason: 'text' } as const

/**
 * Accounts and rules to actions. Each table is one CASE that gives the number of the rule that fires; all outputs follow from that
 * number. `kept`: `table` where the accounts are read more than once, as publishing both relations does.
 */
export function decide(accounts: Relation, rules: Rules, kept: 'view' | 'table' = 'view'): Decided {
  const decided = decidedAccounts(accounts, rules, kept)
  const actionsOf = (of: Relation) => (rules.tables.length === 1 ? actionsOfOne(of, rules.tables[0]!) : actionsOfMany(of, rules))
  const oneEach = rules.tables.length === 1
  return { accounts: decided, actions: actionsOf(decided), actionsOf, oneEach, listOf: oneEach ? listOf(rules.tables[0]!) : undefined }
}

/** The number of the first rule of a table that fires, 0 where none does. */
export function firstFired(table: Table): Sql {
  const takesAll = table.rules.findIndex((rule) => rule.cells.length === 0)
  const tested = takesAll < 0 ? table.rules : table.rules.slice(0, takesAll)
  const otherwise = int(takesAll < 0 ? 0 : table.rules[takesAll]!.number)
  if (tested.length === 0) return sql`${otherwise}`
  const whens = tested.map((rule) => sql`WHEN ${every(rule.cells.map((cell) => holds(cell.tree)))} THEN ${int(rule.number)}`)
  return sql`CASE ${join(whens, sql` `)} ELSE ${otherwise} END`
}

const allRules = (rules: Rules) => rules.tables.flatMap((table) => table.rules)

const inList = (of: Name, numbers: readonly number[]) => (numbers.length === 1 ? sql`${of} = ${int(numbers[0]!)}` : sql`${of} IN (${join(numbers.map(int))})`)

/**
 * What the rule with the number in `fired` gives, NULL where it gives nothing. Rules with one value are tested together, the last
 * rules first: what catches the rest stands at the end of a table and takes the most accounts.
 */
function given<V extends string | number>(fired: Name, rules: readonly Rule[], type: ColumnType, value: (rule: Rule) => V | undefined, literal: (value: V) => Hole): Hole {
  const numbers = new Map<V | undefined, number[]>()
  for (const rule of rules.toReversed()) numbers.set(value(rule), [...(numbers.get(value(rule)) ?? []), rule.number])
  if ([...numbers.keys()].every((of) => of === undefined)) return nothing(type)
  return sql`CASE ${join([...numbers].map(([of, which]) => sql`WHEN ${inList(fired, which)} THEN ${of === undefined ? nothing(type) : literal(of)}`), sql` `)} END`
}

/** The output columns of the rule with the number in `fired`, in the order of decidedColumns. */
function outputs(fired: Name, rules: readonly Rule[]): Sql {
  const days = given(fired, rules, 'int', (rule) => rule.gives.due_in_days, int)
  return sql`${given(fired, rules, 'text', (rule) => rule.id, text)} AS rule_id,
    CASE WHEN ${fired} = 0 THEN ${text('none')} ELSE ${given(fired, rules, 'text', (rule) => rule.gives.action, text)} END AS action,
    ${given(fired, rules, 'text', (rule) => rule.gives.channel, text)} AS channel,
    ${given(fired, rules, 'int', (rule) => rule.gives.priority, int)} AS priority,
    ${given(fired, rules, 'text', (rule) => rule.gives.template, text)} AS template,
    ${days.kind === 'literal' ? nothing('date') : addDays(name('work_on'), days)} AS action_due_on,
    CASE WHEN ${fired} = 0 THEN ${text(noRule)} ELSE ${given(fired, rules, 'text', (rule) => rule.gives.reason, text)} END AS reason`
}

/** A column name that the accounts do not have. */
function freeName(accounts: Relation, wanted: string): string {
  return Object.hasOwn(accounts.columns, wanted) ? freeName(accounts, `${wanted}_`) : wanted
}

function decidedAccounts(accounts: Relation, rules: Rules, kept: 'view' | 'table'): Relation {
  const columns = Object.keys(accounts.columns)
  const fired = name(freeName(accounts, 'fired'))
  const from = rules.tables.length === 1 ? sql`SELECT *, ${firstFired(rules.tables[0]!)} AS ${fired} FROM ${accounts}` : firstAction(accounts, rules, fired)
  return relation({
    name: 'decided',
    says: 'The accounts, each with its action: that of the first rule that fired, none with its reason where nothing is to be done.',
    columns: { ...accounts.columns, ...decidedColumns },
    kept,
    body: sql`
      SELECT ${join(columns.map(name))},
        ${outputs(fired, allRules(rules))}
      FROM (${from}) AS numbered`,
  })
}

/** Of several tables the first whose rule is not none, else the first whose rule fired. */
function firstAction(accounts: Relation, rules: Rules, fired: Name): Sql {
  const numbers = rules.tables.map((_, i) => name(freeName(accounts, `fired_${i + 1}`)))
  const each = rules.tables.map((table, i) => sql`${firstFired(table)} AS ${numbers[i]!}`)
  const acts = rules.tables.flatMap((table, i) => {
    const acting = table.rules.filter((rule) => rule.gives.action !== 'none').map((rule) => rule.number)
    return acting.length === 0 ? [] : [sql`WHEN ${inList(numbers[i]!, acting)} THEN ${numbers[i]!}`]
  })
  const rests = numbers.map((number) => sql`WHEN ${number} > 0 THEN ${number}`)
  return sql`SELECT *, CASE ${join([...acts, ...rests], sql` `)} ELSE 0 END AS ${fired} FROM (SELECT *, ${join(each)} FROM ${accounts}) AS each_table`
}

const actionColumns = {
  account_id: 'text', seq: 'int', table_name: 'text', rule_id: 'text', action: 'text', channel: 'text', list: 'text',
  priority: 'int', template: 'text', action_due_on: 'date', reason: 'text',
} as const

const actionsSay = 'One row an action. Accounts that are held and accounts with the action none stand in no list.'

/** One table: one action an account, and accounts say all of it but the list. A list is named by rule where it is not the action's name. */
function listOf(table: Table): Sql {
  const lists = new Map<string, string[]>()
  for (const { id, gives } of table.rules) if (gives.list !== undefined && gives.list !== gives.action) lists.set(gives.list, [...(lists.get(gives.list) ?? []), id])
  const named = [...lists].map(([list, ids]) => sql`WHEN rule_id IN (${join(ids.map(text))}) THEN ${text(list)}`)
  return sql`CASE WHEN held_reason IS NOT NULL OR action = ${text('none')} THEN NULL ${join(named, sql` `)} ELSE action END`
}

function actionsOfOne(decided: Relation, table: Table): Relation {
  return relation({
    name: 'actions',
    says: actionsSay,
    columns: actionColumns,
    body: sql`
      SELECT account_id, 1 AS seq, CASE WHEN rule_id IS NOT NULL THEN ${text(table.name)} END AS table_name, rule_id, action, channel,
        ${listOf(table)} AS list,
        priority, template, action_due_on, reason
      FROM ${decided}`,
  })
}

/** Several tables: which rule of each fired is found once and kept, then each table gives its rows. */
function actionsOfMany(decided: Relation, rules: Rules): Relation {
  const numbers = rules.tables.map((_, i) => name(freeName(decided, `fired_${i + 1}`)))
  const held = name(freeName(decided, 'held'))
  const fired = relation({
    name: 'fired',
    says: 'The rule of each table that fired, by its number; 0 where none did.',
    columns: { account_id: 'text', [held.name]: 'bool', work_on: 'date', ...Object.fromEntries(numbers.map((number) => [number.name, 'int' as const])) },
    kept: 'table',
    body: sql`
      SELECT account_id, held_reason IS NOT NULL AS ${held}, work_on, ${join(rules.tables.map((table, i) => sql`${firstFired(table)} AS ${numbers[i]!}`))}
      FROM ${decided}`,
  })
  const rows = rules.tables.map((table, i) => {
    const before = numbers.slice(0, i).map((number) => sql` + CASE WHEN ${number} > 0 THEN 1 ELSE 0 END`)
    const list = given(numbers[i]!, table.rules, 'text', (rule) => (rule.gives.action === 'none' ? undefined : (rule.gives.list ?? rule.gives.action)), text)
    return sql`
      SELECT account_id, 1${join(before, sql``)} AS seq, ${text(table.name)} AS table_name, ${outputs(numbers[i]!, table.rules)},
        CASE WHEN ${held} THEN NULL ELSE ${list} END AS list
      FROM ${fired} WHERE ${numbers[i]!} > 0`
  })
  const unmatched = sql`
      SELECT account_id, 1 AS seq, ${nothing('text')} AS table_name, ${nothing('text')} AS rule_id, ${text('none')} AS action, ${nothing('text')} AS channel,
        ${nothing('int')} AS priority, ${nothing('text')} AS template, ${nothing('date')} AS action_due_on, ${text(noRule)} AS reason, ${nothing('text')} AS list
      FROM ${fired} WHERE ${every(numbers.map((number) => sql`${number} = 0`))}`
  return relation({ name: 'actions', says: actionsSay, columns: actionColumns, body: join([...rows, unmatched], sql` UNION ALL `) })
}
