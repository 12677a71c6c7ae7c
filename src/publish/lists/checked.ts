import { notAged, notLate } from '../../classify/columns.ts'
import type { Rules } from '../../decide/rules.ts'
import { throwAll, UserError, type Place } from '../../errors.ts'
import { closeOr } from '../../nearest.ts'
import type { Settings } from '../../settings/load.ts'
import { listsSaid, ownColumns, settingsOf, shownAs, sortColumns, sortKey } from './columns.ts'

/** Names under `worklists` that nothing has: a question of settings, asked before anything is run, all at once. */
export function checkWorklists(settings: Settings, passed: readonly string[], rules?: Pick<Rules, 'tables'>) {
  const given = rules?.tables.flatMap((table) => table.rules.map((rule) => rule.gives).filter(({ action }) => action !== 'none'))
  throwAll([
    ...settings.worklists.columns.flatMap((column, at) => shownError(column, passed, settings.placeOf('worklists', 'columns', at))),
    ...listsSaid(settings).flatMap((list) => {
      const own = given?.filter((gives) => (gives.list ?? gives.action) === list).map(({ action }) => action)
      if (own?.length === 0) return [unknown(`worklists.${list}: no rule gives a list of that name`, list, [...new Set(given!.map((gives) => gives.list ?? gives.action))], 'Lists of the rules', settings.placeOfKey('worklists', list))]
      return listErrors(list, settings, passed, own)
    }),
  ])
}

/** `worklists.columns` brings forward what passes through: the rest has its place. */
function shownError(column: string, passed: readonly string[], place: Place): UserError[] {
  if (passed.includes(column)) return []
  const known = passed.length === 0 ? 'The loans file passes no further column through.' : `Further columns of loans: ${passed.join(', ')}.`
  const hint = ownColumns.includes(column) ? 'It is a column of the lists already: leave it out here, or state the columns of one list under worklists.LIST.columns.' : closeOr(column, passed, known)
  return [new UserError('settings-wrong', { value: `worklists.columns names "${column}", which is no further column of loans`, hint, ...place })]
}

function listErrors(list: string, settings: Settings, passed: readonly string[], own: readonly string[] | undefined): UserError[] {
  const { columns = [], sort = [], tiers = [], actions = [] } = settingsOf(list, settings)
  const at = (key: string, index: number) => settings.placeOf('worklists', list, key, index)
  const through = passed.map(shownAs)
  const all = [...notAged, ...settings.tiers.map((tier) => tier.name), ...notLate] as string[]
  const errors = (key: string, names: readonly string[], known: readonly string[], what: string, label: string) =>
    names.flatMap((name, index) => [
      ...(known.includes(name) ? [] : [unknown(`worklists.${list}.${key} names "${name}", which is no ${what}`, name, known, label, at(key, index))]),
      ...(names.indexOf(name) === index ? [] : [new UserError('settings-wrong', { value: `worklists.${list}.${key} names "${name}" twice`, hint: 'Take one out.', ...at(key, index) })]),
    ])
  return [
    ...errors('columns', columns, [...ownColumns, ...through], 'column of lists', 'Columns'),
    ...errors('sort', sort.map((key) => sortKey(key).column), [...sortColumns, ...through], 'column to sort by', 'Columns'),
    ...errors('tiers', tiers, all, 'tier', 'Tiers'),
    ...(own === undefined ? [] : errors('actions', actions, [...new Set(own)], 'action that a rule gives with this list', 'Its actions')),
  ]
}

function unknown(says: string, typed: string, known: readonly string[], label: string, place: Place): UserError {
  return new UserError('settings-wrong', { value: says, hint: closeOr(typed, known, `${label}: ${known.join(', ')}.`), ...place })
}
