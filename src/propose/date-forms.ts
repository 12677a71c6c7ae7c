import { dateShape, type DateShape } from '../read/date-shape.ts'

/** A text with every digit as 9: values that are written alike are one. */
export interface Form {
  readonly form: string
  readonly rows: number
  /** Two of its values, the least and the greatest as text. */
  readonly least: string
  readonly greatest: string
}

/** Ways to write a date that one or more forms may be read in: which differ only in what stands first is for the values to say. */
interface Family {
  /** The same for forms that differ only in the number of digits. */
  readonly key: string
  readonly forms: readonly Form[]
  readonly shapes: readonly DateShape[]
}

const time = String.raw`(?<time>[T ]+9{1,2}:99(?::99)?(?:[.,]9+)?(?: ?[AaPp][Mm])?(?: ?(?:[Zz]|UTC|GMT)|[+-]99:?99)?)?`
const ymd = new RegExp(`^9999(?<apart>[-/.])(?<one>9{1,2})\\k<apart>(?<two>9{1,2})${time}$`)
const xxy = new RegExp(`^(?<one>9{1,2})(?<apart>[-/. ])(?<two>9{1,2})\\k<apart>(?<year>9999|99)${time}$`)
const cjk = /^9999年(?<one>9{1,2})月(?<two>9{1,2})(?<day>日|号)?$/
const named = /^(?<one>9{1,2})(?<apart>[-/ .]?)(?<month>[A-Za-z]{3,9})\k<apart>(?<year>9999|99)$/
const monthFirst = /^(?<month>[A-Za-z]{3,9})(?<dot>\.?) (?<one>9{1,2})(?<comma>,?) 9999$/

/** The forms of a column by the families that can read them; those that none can are left over. */
export function familiesOf(forms: readonly Form[]): { families: Family[]; left: Form[] } {
  const byKey = new Map<string, { forms: Form[]; written: Set<string>; one: boolean }>()
  const left: Form[] = []
  const put = (key: string, form: Form, shapes: readonly string[]) => {
    const family = byKey.get(key) ?? { forms: [], written: new Set<string>(), one: false }
    family.forms.push(form)
    for (const shape of shapes) family.written.add(shape)
    byKey.set(key, family)
  }
  for (const form of forms) {
    const found = shapesOf(form)
    if (found === undefined) left.push(form)
    else put(found.key, form, found.shapes)
  }
  const families = [...byKey].map(([key, family]) => ({ key, forms: family.forms, shapes: loosest([...family.written]).map(dateShape).filter((shape): shape is DateShape => typeof shape !== 'string') }))
  return { families: families.sort((a, b) => rowsOf(b.forms) - rowsOf(a.forms)), left }
}

export const rowsOf = (forms: readonly Form[]) => forms.reduce((sum, { rows }) => sum + rows, 0)

/** Of shapes that differ only in DD and D, MM and M, HH and H: the one that takes one digit too, where some day, month or hour has one. */
function loosest(written: readonly string[]): string[] {
  const looseDay = (shape: string) => shape.replace(/DD/g, 'D').replace(/MM/g, 'M')
  const loose = (shape: string) => looseDay(shape).replace(/HH/g, 'H')
  const groups = new Map<string, string[]>()
  for (const shape of written) groups.set(loose(shape), [...(groups.get(loose(shape)) ?? []), shape])
  return [...groups].map(([all, some]) => (some.length > 1 ? all : /(^|[^D])D([^D]|$)|(^|[^M])M([^Mo]|$)|年/.test(some[0]!) ? looseDay(some[0]!) : some[0]!))
}

function shapesOf({ form, least, greatest }: Form): { key: string; shapes: string[] } | undefined {
  const M = (digits: string | undefined) => (digits === '9' ? 'M' : 'MM')
  const D = (digits: string | undefined) => (digits === '9' ? 'D' : 'DD')
  let groups = ymd.exec(form)?.groups
  if (groups !== undefined) {
    const { apart, one, two } = groups
    if (groups['time'] !== undefined && apart === '-' && /^.\S/.test(groups['time']) && new RegExp(`^(?:${(dateShape('timestamp') as DateShape).pattern})$`).test(least)) return { key: 'timestamp', shapes: ['timestamp'] }
    const clock = clockOf(groups['time'])
    return clock === undefined ? undefined : { key: `ymd${apart}${groups['time'] === undefined ? '' : 't'}`, shapes: [`YYYY${apart}${M(one)}${apart}${D(two)}${clock}`] }
  }
  groups = xxy.exec(form)?.groups
  if (groups !== undefined) {
    const { apart, one, two, year } = groups
    const clock = clockOf(groups['time'])
    if (clock === undefined) return undefined
    const Y = year === '9999' ? 'YYYY' : 'YY'
    return { key: `xx${Y}${apart}${groups['time'] === undefined ? '' : 't'}`, shapes: [`${D(one)}${apart}${M(two)}${apart}${Y}${clock}`, `${M(one)}${apart}${D(two)}${apart}${Y}${clock}`, ...(Y === 'YY' && one === '99' ? [`YY${apart}${M(two)}${apart}DD${clock}`] : [])] }
  }
  groups = cjk.exec(form)?.groups
  if (groups !== undefined) return { key: 'cjk', shapes: [`YYYY年${M(groups['one'])}月${D(groups['two'])}${groups['day'] ?? ''}`] }
  groups = named.exec(form)?.groups
  if (groups !== undefined) {
    const { apart = '', one, month = '', year } = groups
    return { key: `named${apart}${year}`, shapes: [`${D(one)}${apart}${month.length === 3 || month.length === 4 ? 'Mon' : 'Month'}${apart}${year === '9999' ? 'YYYY' : 'YY'}`] }
  }
  groups = monthFirst.exec(form)?.groups
  if (groups !== undefined) return { key: 'month first', shapes: [`${groups['month']!.length === 3 || groups['dot'] !== '' ? 'Mon' : 'Month'}${groups['dot']} ${D(groups['one'])}${groups['comma']} YYYY`] }
  if (form === '99999999') return { key: 'compact', shapes: ['YYYYMMDD', 'DDMMYYYY', 'MMDDYYYY'] }
  if (form === '99999999999999') return { key: 'compact time', shapes: ['YYYYMMDDHHmmss'] }
  if (/^99999(\.9+)?$/.test(form) && least >= '15000' && greatest < '80000') return { key: 'day number', shapes: ['day_number'] }
  return undefined
}

/** The shape of a time that is not looked at; none where no shape can have it. */
function clockOf(written: string | undefined): string | undefined {
  if (written === undefined) return ''
  const parts = /^([T ])(9{1,2}):99(:99)?( ?)([AaPp][Mm])?$/.exec(written)
  if (parts === null) return undefined
  const [, apart, hours, seconds, blank, half] = parts
  return `${apart}${hours === '99' ? 'HH' : 'H'}:mm${seconds === undefined ? '' : ':ss'}${half === undefined ? '' : `${blank}AM`}`
}
