import type { Value } from '../engine/engine.ts'
import { table } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import type { Explanation } from './explain.ts'
import type { ActionSaid, CellSaid, RuleSaid, TableSaid } from './fired.ts'

type Titled = (title: string, lines: readonly string[]) => string[]

/** The rules of each table, first to last, and what follows from the one that fired. */
export function ruleBlocks({ account, rules }: Explanation, titled: Titled): string[][] {
  if (account === null) return []
  if (rules === null) return [['No rules were given: what is done about the account is not told. Give --rules FILE.']]
  return [
    ...rules.tables.map((one) => titled(`Rules of table ${shown(one.table)} in ${shown(rules.file)}: ${one.fired === null ? 'none fired' : `${shown(one.fired)} fired`}`, ruleLines(one))),
    titled('What is done', rules.actions.flatMap(actionLines).concat(`  Gate    ${shown(String(rules.gate))}: lawfulness of contact was not checked`)),
  ]
}

function ruleLines({ rules }: TableSaid): string[] {
  const fired = rules.findIndex((rule) => rule.fired)
  const rows = rules.flatMap((rule, at) => rowsOf(rule, fired >= 0 && at > fired))
  return table([{ head: 'Rule' }, { head: '' }, { head: 'Column' }, { head: 'Cell' }, { head: 'The account has' }], rows)
}

function rowsOf(rule: RuleSaid, after: boolean): string[][] {
  if (rule.first_failing !== null) return [[rule.rule, 'fails at', ...cellRow(rule.first_failing)]]
  const word = rule.fired ? 'FIRED' : after ? 'holds too, comes later' : 'holds'
  if (rule.cells.length === 0) return [[rule.rule, word, '', 'no condition', '']]
  return rule.fired ? rule.cells.map((cell, at) => [at === 0 ? rule.rule : '', at === 0 ? word : 'and', ...cellRow(cell)]) : [[rule.rule, word, '', '', '']]
}

const cellRow = ({ column, cell, values }: CellSaid) => [column, cell, Object.entries(values).map(([name, value]) => `${Object.keys(values).length === 1 ? '' : `${name} `}${valueText(value)}`).join(', ')]

const valueText = (value: Value) => (value === null || value === '' ? 'blank' : String(value))

function actionLines(said: ActionSaid): string[] {
  const facts = [said.channel === null ? null : `by ${said.channel}`, said.template === null ? null : `template ${said.template}`, said.priority === null ? null : `priority ${said.priority}`, said.action_due_on === null ? null : `due ${said.action_due_on}`]
  const action = [said.action, ...facts.filter((fact) => fact !== null)].join(', ')
  const list = said.in_list ? `${shown(String(said.list))}${said.limit === undefined ? '' : said.rank !== undefined ? `, at rank ${said.rank} of the ${said.limit} rows that it takes` : `, which takes ${said.limit} rows a night: the list of the run shows whether this one is among them`}` : `none: ${shown(said.why_not.join('; '))}${said.list === null ? '' : ` (its list would be ${shown(said.list)})`}`
  return [`  Action  ${shown(action)}${said.reason === null ? '' : ` (${shown(String(said.reason))})`}`, `  List    ${list}`]
}
