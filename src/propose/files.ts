import { columnsOf, notNeeded, termsBegin } from '../read/inputs.ts'
import type { MappedAs } from '../settings/schema.ts'
import { tableOf } from '../settings/tables.ts'
import { mappedNames } from './header-names.ts'
import type { Look } from './look.ts'
import { groupsOf, roleAs, rolesOf, type Role } from './roles.ts'

/** The files of one input. */
export interface Assigned {
  readonly looks: readonly Look[]
  readonly role: Role
  /** Other files that look like it as well, with another header. */
  readonly rivals: readonly (readonly Look[])[]
  /** The files are those of another input: they may be this one too. */
  readonly sharedWith?: MappedAs
}

interface Files {
  /** Small tables beside the exports. */
  readonly tables: readonly { readonly table: string; readonly look: Look }[]
  readonly roles: Partial<Record<MappedAs, Assigned>>
  readonly unused: readonly { readonly look: Look; readonly why: string }[]
}

/** A file that scores less than this share of the best one is another thing. */
const rival = 0.6

/** Which file is which input: the one that has most of what the input needs. */
export function assigned(looks: readonly Look[]): Files {
  const tables = looks.flatMap((look) => [tableOf(look.headers)].flatMap((table) => (table === undefined ? [] : [{ table, look }])))
  const groups = groupsOf(looks.filter((look) => !tables.some((one) => one.look === look))).map((group) => ({ group, roles: rolesOf(group) }))
  const unused: { look: Look; why: string }[] = []
  const mine = new Map<MappedAs, { group: Look[]; role: Role }[]>()
  for (const { group, roles: [best] } of groups) {
    if (best === undefined) unused.push(...group.map((look) => ({ look, why: `nothing in it is known of loans, schedule or repayments (${look.headers.slice(0, 6).join(', ')}${look.headers.length > 6 ? ', ...' : ''})` })))
    else mine.set(best.input, [...(mine.get(best.input) ?? []), { group, role: best }])
  }
  const roles: Partial<Record<MappedAs, Assigned>> = {}
  for (const input of mappedNames) {
    const [best, ...others] = [...(mine.get(input) ?? [])].sort((a, b) => b.role.score - a.role.score)
    if (best === undefined) continue
    const alike = others.filter(({ role }) => sameHeaders(best.role, role))
    const close = others.filter((one) => !alike.includes(one) && one.role.score >= best.role.score * rival && one.role.missing.length <= best.role.missing.length)
    unused.push(...others.filter((one) => !alike.includes(one) && !close.includes(one)).flatMap(({ group }) => group.map((look) => ({ look, why: `${best.group[0]!.source.name} has more of what ${input} needs` }))))
    roles[input] = { looks: [...best.group, ...alike.flatMap(({ group }) => group)], role: best.role, rivals: close.map(({ group }) => group) }
  }
  for (const input of ['schedule', 'repayments'] as const) {
    const has = (other: MappedAs, column: string) => [...(roles[other]?.role.columns.keys() ?? [])].some((one) => (columnsOf(other)[one]!.as ?? one) === column)
    // The lender's own word of lateness is the last resort: where a file may say more, it is asked about.
    if (roles[input] !== undefined || (input === 'schedule' && roles.statements !== undefined) || notNeeded(input, (other, column) => (other !== 'loans' || column === termsBegin) && has(other, column), roles.schedule !== undefined || roles.statements !== undefined)) continue
    const day = input === 'schedule' ? 'due_on' : 'paid_on'
    const [found] = groups.flatMap(({ group, roles: [best, ...others] }) => others.filter((role) => role.input === input && role.columns.has(day)).map((role) => ({ group, role, sharedWith: best!.input })))
    const [only, ...more] = groups.filter(({ roles: [best] }) => best !== undefined)
    // A book of balances alone has neither.
    const forced = only === undefined || more.length > 0 || notNeeded(input, has, roles.schedule !== undefined || roles.statements !== undefined) ? undefined : { group: only.group, role: roleAs(input, only.group[0]!), sharedWith: only.roles[0]!.input }
    const taken = found ?? forced
    if (taken !== undefined) roles[input] = { looks: taken.group, role: taken.role, rivals: [], sharedWith: taken.sharedWith }
  }
  return { roles, tables, unused }
}

/** Whether all columns of one file have the same headers in the other: then one mapping reads both. */
const sameHeaders = (one: Role, other: Role) => [...one.columns].every(([column, [best]]) => other.columns.get(column)?.some(({ header }) => header === best!.header) === true)
