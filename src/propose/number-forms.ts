import { halfWidth, numberPattern, type NumberForm } from '../read/number-form.ts'
import type { Form } from './date-forms.ts'

const plain: NumberForm = { decimal: '.', thousands: 'none', groups: 'three', negative: [], marks: [], full_width: false }
/** From the plainest on. */
const marks: readonly Pick<NumberForm, 'decimal' | 'thousands' | 'groups'>[] = [
  { decimal: '.', thousands: 'none', groups: 'three' },
  { decimal: '.', thousands: ',', groups: 'three' },
  { decimal: ',', thousands: 'none', groups: 'three' },
  { decimal: ',', thousands: '.', groups: 'three' },
  { decimal: ',', thousands: 'space', groups: 'three' },
  { decimal: '.', thousands: 'space', groups: 'three' },
  { decimal: '.', thousands: "'", groups: 'three' },
  { decimal: ',', thousands: "'", groups: 'three' },
  { decimal: '.', thousands: ',', groups: 'lakh' },
]
const currencyMarks = ['RMB', 'CNY', 'USD', 'EUR', 'GBP', 'INR', 'Rs.', 'Rs', 'US$', 'HK$', '¥', '￥', '$', '€', '£', '₹', '元', '円']

export interface NumbersFound {
  readonly form: NumberForm
  /** Other forms that read as many rows, and read some otherwise. */
  readonly others: readonly NumberForm[]
  readonly read: number
  readonly of: number
  /** A form that the plainest one does not read, as an example. */
  readonly example: Form | undefined
  /** Below zero is written with CR or DR: which of them only the lender knows. */
  readonly letters: readonly ('CR' | 'DR')[]
}

/** How the amounts of an input are written: the plainest form that reads the most rows. */
export function numbersIn(forms: readonly Form[], decimals = 2): NumbersFound {
  const texts = forms.map(({ least }) => least)
  const used = currencyMarks.filter((mark) => texts.some((value) => value.includes(mark)))
  const letters = (['CR', 'DR'] as const).filter((two) => texts.some((value) => new RegExp(`\\d ?${two}$`, 'i').test(value)))
  const negative: NumberForm['negative'] = [...(texts.some((value) => /\d ?[-\u2212]$/.test(value)) ? ['behind' as const] : []), ...(texts.some((value) => /^\(.*\d.*\)$/.test(value)) ? ['parentheses' as const] : []), ...(letters.length > 0 ? [letters[0]!] : [])]
  const beside = { negative, marks: used.filter((mark) => !used.some((other) => other !== mark && other.includes(mark) && !texts.some((value) => value.replaceAll(other, '').includes(mark)))), full_width: texts.some((value) => /[０-９]/.test(value)) }
  const tried = marks.map((one) => {
    const form: NumberForm = { ...one, ...beside }
    return { form, read: forms.reduce((sum, one) => sum + (reads(one, form, decimals) ? one.rows : 0), 0) }
  })
  const most = Math.max(...tried.map(({ read }) => read))
  const best = tried.find(({ read }) => read === most)!
  // With groups, a form reads what one without them reads; only what reads some text as another number is a question.
  const others = tried.filter((one) => one.read === most && one !== best && forms.some((form) => reads(form, best.form, decimals) && reads(form, one.form, decimals) && valueOf(form.least, best.form) !== valueOf(form.least, one.form))).map(({ form }) => form)
  const of = forms.reduce((sum, { rows }) => sum + rows, 0)
  // A form that leaves some rows unread, while another one reads those: neither is proved.
  const rest = best.read < of ? tried.filter((one) => one !== best && one.read > 0 && forms.some((form) => !reads(form, best.form, decimals) && reads(form, one.form, decimals))).filter(({ read }) => read >= most / 2 || most <= 4) : []
  return { form: best.form, others: [...others, ...rest.map(({ form }) => form).filter((form) => !others.includes(form))], read: best.read, of, example: forms.find((form) => !reads(form, plain, decimals) && reads(form, best.form, decimals)), letters }
}

/** Whether a form reads the least and the greatest of some values: 12,000 may be twelve, 12,345 not. */
function reads({ least, greatest }: Form, form: NumberForm, decimals: number) {
  const pattern = new RegExp(`^${numberPattern(form, decimals).whole}$`)
  return [least, greatest].every((value) => pattern.test(form.full_width ? halfWidth(value) : value))
}

/** The digits of a number, and how many of them are decimals: what two forms may differ in. */
function valueOf(value: string, { decimal }: NumberForm): string {
  const at = value.lastIndexOf(decimal)
  const whole = (at === -1 ? value : value.slice(0, at)).replace(/\D/g, '')
  const part = (at === -1 ? '' : value.slice(at + 1)).replace(/\D/g, '').replace(/0+$/, '')
  return `${whole}.${part}`
}
