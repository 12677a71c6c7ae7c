import { isTaken } from '../read/mapping.ts'
import { columnsOf, dueParts, partNames, saysDue, termsBegin } from '../read/inputs.ts'
import { asked, proposed, scalar, type Entry } from './entries.ts'
import { nearestHeaders } from './header-names.ts'
import type { Look } from './look.ts'
import { fits, valuesOf, type Candidate, type Role } from './roles.ts'
import { firstSeen } from './seen.ts'
import { isPersonal } from './synonyms.ts'
import type { Wanted } from './whole.ts'

/** Which header of an input is which column. */
export interface ColumnsFound {
  readonly chosen: readonly Wanted[]
  /** Columns that are asked about, with the headers that they may be. */
  readonly open: readonly { readonly column: string; readonly headers: readonly string[] }[]
  readonly entries: readonly Entry[]
  /** Headers that mean nothing here: they pass through. */
  readonly passed: readonly string[]
  readonly notes: readonly string[]
}

/** What the other files are: it decides what is asked of this one. */
export interface Beside {
  readonly schedule: boolean
  readonly repayments: boolean
  /** Headers of the other files, and the ids that the sample of each has of accounts. */
  readonly headers: readonly (readonly string[])[]
  readonly accounts: readonly ReadonlySet<string>[]
}

const terms = ['instalment_amount', termsBegin, 'instalments', 'frequency', 'annual_rate', 'method']

export function columnsIn(role: Role, looks: readonly Look[], beside: Beside): ColumnsFound {
  const { input } = role
  const [look] = looks as [Look, ...Look[]]
  const chosen: Wanted[] = []
  const open: { column: string; headers: string[] }[] = []
  const entries: Entry[] = []
  const notes: string[] = []
  const pathOf = (column: string) => ['inputs', input, 'headers', column]
  const left = new Map([...role.columns].filter(([column, [best]]) => best!.strength === 3 || isAsked(role, column, beside)))
  for (const part of partsThatDoNotAdd(role, left, look)) {
    notes.push(`${left.get(part)![0]!.header} is not taken for ${part}: the parts do not add up to the amount`)
    left.delete(part)
  }
  for (const [column, candidates] of left) {
    const best = candidates[0]!
    const rivals = candidates.filter(({ strength }) => strength === best.strength)
    const one = best.strength === 3 || rivals.length === 1 ? { candidate: best, why: '' } : decided(column, rivals, role, look, beside)
    if (one === undefined) {
      open.push({ column, headers: rivals.map(({ header }) => header) })
      entries.push(asked(pathOf(column), rivals.map(({ header }) => scalar(header)), `Which header is ${column} (${lower(columnsOf(input)[column]!.says)})? ${rivals.map(({ header }) => said(header, firstSeen(looks, header))).join('; ')}.`))
      continue
    }
    const { header } = one.candidate
    chosen.push({ name: column, header })
    if (header === column) continue
    const rest = firstSeen(looks, header) || (isPersonal(header) ? '' : 'no value among the first rows')
    const others = candidates.filter(({ header: other }) => other !== header).map(({ header: other }) => other)
    const why = [rest, one.why, others.length === 0 || one.why !== '' ? '' : `rather than ${others.join(', ')}`].filter((part) => part !== '').join('; ')
    entries.push(proposed(pathOf(column), scalar(header), one.candidate.strength === 1 || one.why !== '' || others.length > 0 ? 'likely' : 'sure', why))
  }
  const rivals = new Set(open.flatMap(({ headers }) => headers))
  const used = new Set(chosen.map(({ header }) => header))
  const free = look.headers.filter((header) => header !== '' && !used.has(header))
  for (const column of role.missing) {
    const able = free.filter((header) => fits(columnsOf(input)[column]!, valuesOf(look, look.headers.indexOf(header))) && !isPersonal(header))
    const near = nearestHeaders(input, column, able)
    const answers = [...near, ...able.filter((header) => !near.includes(header))].slice(0, 8)
    open.push({ column, headers: answers })
    entries.push(asked(pathOf(column), answers.map(scalar), `No header is known for ${column} (${lower(columnsOf(input)[column]!.says)}). ${answers.length === 0 ? `Nothing in the file is of its kind: ${free.join(', ')}.` : `These may be of its kind: ${answers.map((header) => said(header, firstSeen(looks, header))).join('; ')}.`}`))
  }
  const passed = look.headers.filter((header) => header !== '' && !chosen.some((one) => one.header === header) && !rivals.has(header))
  if (input === 'loans') for (const header of passed) if (isTaken(header) && columnsOf(input)[header] === undefined) entries.push(proposed(pathOf(`lender_${header}`), scalar(header), 'sure', `accounts have a column ${header} of their own`))
  const twice = look.headers.filter((header, at) => header !== '' && look.headers.indexOf(header) !== at)
  for (const header of new Set(twice)) notes.push(`the header ${header} stands twice: rename one of both in the export, or check will refuse the file`)
  return { chosen, open, entries, passed, notes }
}

const lower = (sentence: string) => sentence.replace(/\.$/, '').replace(/^([A-Z])(?=[a-z])/, (letter) => letter.toLowerCase())
const said = (header: string, seen: string) => (seen === '' ? header : `${header} (${seen})`)

/** A column that something else says already is left as it is. */
function isAsked({ input, columns }: Role, column: string, { schedule, repayments }: Beside): boolean {
  const has = (other: string) => columns.has(other)
  if (input === 'loans') return !terms.includes(column) || !schedule
  if (input === 'repayments') return has('amount') || !/^(principal|interest|fee|penalty)_paid$/.test(column)
  if (column === 'amount_open') return !saysDue(has)
  if (column === 'amount_paid') return !repayments
  if (column === 'paid_on') return !repayments && has('amount_paid')
  return column !== 'version' || has('valid_from')
}

/** Of headers that mean a column alike the one that a fact speaks for. */
function decided(column: string, rivals: readonly Candidate[], { input }: Role, look: Look, { headers, accounts }: Beside): { candidate: Candidate; why: string } | undefined {
  if (column !== 'account_id') return undefined
  const everywhere = rivals.filter(({ header }) => headers.length > 0 && headers.every((others) => others.includes(header)))
  if (everywhere.length === 1) return { candidate: everywhere[0]!, why: 'the other files have it too' }
  const among = everywhere.length > 1 ? everywhere : rivals
  if (input === 'loans') {
    const once = among.filter(({ at }) => new Set(valuesOf(look, at)).size === look.rows.length)
    if (once.length === 1 && look.rows.length > 1) return { candidate: once[0]!, why: `no value of it stands twice, unlike ${among.filter((one) => one !== once[0]).map(({ header }) => header).join(', ')}` }
  }
  const meets = among.filter(({ at }) => accounts.some((known) => valuesOf(look, at).some((value) => known.has(value))))
  return meets.length === 1 && accounts.length > 0 ? { candidate: meets[0]!, why: 'its values stand in the other files' } : undefined
}

/** Columns by name like parts of an amount that add up to something else in the sample. */
function partsThatDoNotAdd({ input }: Role, left: ReadonlyMap<string, readonly Candidate[]>, { rows }: Look): string[] {
  if (input === 'loans') return []
  const parts = (input === 'schedule' ? [...dueParts] : partNames.map((part) => `${part}_paid`)).filter((part) => left.has(part) && left.get(part)![0]!.strength < 3)
  const whole = left.get(input === 'schedule' ? 'amount_due' : 'amount')?.[0]
  if (whole === undefined || parts.length === 0) return []
  const number = (text: string | undefined) => Number((text ?? '').replace(/[^\d.-]/g, '') || 0)
  const off = rows.slice(0, 100).filter(({ fields }) => Math.abs(parts.reduce((sum, part) => sum + number(fields[left.get(part)![0]!.at]), 0) - number(fields[whole.at])) > 0.011).length
  // A column of interest may be missing in a plan; then the parts may be less.
  return off > rows.length / 20 ? parts : []
}
