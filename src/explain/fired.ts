import { firedFlags } from '../decide/fired.ts'
import type { Rule, Rules } from '../decide/rules.ts'
import { columnsIn } from '../decide/tree.ts'
import type { Row, Value } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import { settingsOf } from '../publish/lists/columns.ts'
import type { Settings } from '../settings/load.ts'
import type { Evidence, Explained } from './evidence.ts'
import type { Ranks } from './ranks.ts'

/** One condition of a rule, and what the account has in the columns that it names. */
export interface CellSaid {
  readonly column: string
  /** As written. */
  readonly cell: string
  readonly values: Readonly<Record<string, Value>>
  readonly holds: boolean
}

export interface RuleSaid {
  readonly rule: string
  readonly line: number | null
  readonly fired: boolean
  /** All its conditions hold, whether or not a rule before it fired. */
  readonly holds: boolean
  readonly first_failing: CellSaid | null
  readonly cells: readonly CellSaid[]
}

export interface TableSaid {
  readonly table: string
  readonly fired: string | null
  readonly rules: readonly RuleSaid[]
}

export interface ActionSaid {
  readonly table: string | null
  readonly rule: string | null
  readonly action: string
  /** The list of the rule, whether or not the account stands in it. */
  readonly list: string | null
  readonly in_list: boolean
  readonly why_not: readonly string[]
  /** The list takes so many rows, the first in its order: this account may be beyond. */
  readonly limit?: number
  /** Its place among them, where a run is told of. */
  readonly rank?: number
  readonly channel: Value
  readonly priority: Value
  readonly template: Value
  readonly action_due_on: Value
  readonly reason: Value
}

export interface RulesSaid {
  readonly file: string
  readonly tables: readonly TableSaid[]
  readonly actions: readonly ActionSaid[]
  readonly gate: Value
}

/** The rule of each table that fired and the first failing cell of each other one, from the trees that made the decision. */
export function rulesSaid(evidence: Evidence, rules: Rules | undefined, flow: Explained, settings: Settings, ranks?: Ranks): RulesSaid | null {
  const { account, flags } = evidence
  if (rules === undefined || account === undefined || flags === undefined) return null
  const { cells } = firedFlags(rules, flow.classified.accounts)
  let next = 0
  const tables = rules.tables.map((table): TableSaid => {
    let fired: string | null = null
    const said = table.rules.map((rule): RuleSaid => {
      const own = rule.cells.map((cell): CellSaid => ({ column: cell.column, cell: cell.text, values: valuesOf(cell.tree, cell.column, account), holds: flags[cells[next++]!.flag] === true }))
      const first_failing = own.find((cell) => !cell.holds) ?? null
      const fires = first_failing === null && fired === null
      if (fires) fired = rule.id
      return { rule: rule.id, line: rule.place.line ?? null, fired: fires, holds: first_failing === null, first_failing, cells: own }
    })
    return { table: table.name, fired, rules: said }
  })
  const actions = evidence.actions.map((row) => actionSaid(row, rules, evidence, settings, ranks))
  mustBeTheActions(evidence.id, tables, evidence.actions)
  return { file: rules.file, tables, actions, gate: account.gate ?? null }
}

const valuesOf = (tree: Parameters<typeof columnsIn>[0], column: string, account: Row) => Object.fromEntries([...new Set([column, ...columnsIn(tree)])].map((one) => [one, account[one] ?? null] as const))

/** What the cells say and what was decided come from one tree: they cannot differ, unless something is broken. */
function mustBeTheActions(id: string, tables: readonly TableSaid[], actions: readonly Row[]) {
  const cells = tables.flatMap(({ table, fired }) => (fired === null ? [] : [`${table}/${fired}`])).sort().join(', ')
  const decided = actions.flatMap((row) => (row.rule_id === null ? [] : [`${row.table_name}/${row.rule_id}`])).sort().join(', ')
  if (cells !== decided) throw new UserError('identity-broken', { value: `the cells of ${id} give ${cells || 'no rule'}, its actions ${decided || 'none'}` })
}

function actionSaid(row: Row, rules: Rules, evidence: Evidence, settings: Settings, ranks: Ranks | undefined): ActionSaid {
  const rule = ruleOf(rules, row)
  const action = String(row.action)
  const list = action === 'none' ? null : (rule?.gives.list ?? action)
  const own = list === null ? {} : settingsOf(list, settings)
  const why = [...whyInNoList(row, evidence), ...notTaken(row, evidence, own)]
  const rank = list === null || why.length > 0 ? undefined : ranks?.(list, action)
  const why_not = rank === null ? [`beyond the ${own.limit} rows that the list takes`] : why
  return {
    table: row.table_name === null ? null : String(row.table_name),
    rule: row.rule_id === null ? null : String(row.rule_id),
    action, list, in_list: why_not.length === 0, why_not, ...(own.limit === undefined ? {} : { limit: own.limit }), ...(typeof rank === 'number' ? { rank } : {}),
    channel: row.channel ?? null, priority: row.priority ?? null, template: row.template ?? null, action_due_on: row.action_due_on ?? null, reason: row.reason ?? null,
  }
}

/** What the settings of a list say of tiers and actions. */
function notTaken(action: Row, { account }: Evidence, { tiers, actions }: ReturnType<typeof settingsOf>): string[] {
  return [
    ...(tiers === undefined || tiers.includes(String(account!.tier)) ? [] : [`the list takes the tiers ${tiers.join(', ')}`]),
    ...(actions === undefined || actions.includes(String(action.action)) ? [] : [`the list takes the actions ${actions.join(', ')}`]),
  ]
}

const ruleOf = (rules: Rules, row: Row): Rule | undefined => rules.tables.find(({ name }) => name === row.table_name)?.rules.find(({ id }) => id === row.rule_id)

/** As the lists themselves choose: an action, of the leading account of its borrower, not held. */
function whyInNoList(action: Row, { account, borrower }: Evidence): string[] {
  const why: string[] = []
  if (action.action === 'none') why.push(`the action is none: ${action.reason}`)
  if (account!.held_reason !== null) why.push(`held: ${account!.held_reason}`)
  const leader = borrower.find((row) => row.leads === true)
  if (account!.leads !== true) why.push(`does not lead its borrower ${account!.borrower_id}: ${leader === undefined ? 'another account' : String(leader.account_id)} does`)
  return why
}
