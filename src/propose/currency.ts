import type { MappedAs } from '../settings/schema.ts'
import { asked, proposed, type Entry } from './entries.ts'
import { takenApart } from './header-names.ts'
import type { Measured } from './units.ts'

const byMark: Readonly<Record<string, string>> = { '₹': 'INR', 'Rs': 'INR', 'Rs.': 'INR', '€': 'EUR', '£': 'GBP', RMB: 'CNY', CNY: 'CNY', 元: 'CNY', 'US$': 'USD', 'HK$': 'HKD', USD: 'USD', EUR: 'EUR', GBP: 'GBP', INR: 'INR' }
const inTitle: readonly [RegExp, string][] = [[/币种\s*[:：]?\s*人民币|单位\s*[:：]?\s*人民币/, 'CNY'], [/币种\s*[:：]?\s*美元/, 'USD'], [/currency\s*[:=]?\s*([A-Z]{3})\b/i, '']]

/** The currency of a book whose loans have no column of it. */
export function currencyEntries(found: readonly { input: MappedAs; column: boolean; found: readonly string[] }[], of: Partial<Readonly<Record<MappedAs, Measured>>>): Entry[] {
  const loans = found.find(({ input }) => input === 'loans')
  if (loans === undefined || loans.column) return []
  const path = ['currency']
  const signs = new Map<string, string>()
  for (const { looks: [look], amounts } of Object.values(of)) {
    for (const { header } of amounts.columns) {
      const code = takenApart(header).currency
      if (code !== undefined) signs.set(code, `the header ${header}`)
    }
    for (const mark of amounts.form.marks) if (byMark[mark] !== undefined) signs.set(byMark[mark], `amounts bear ${mark}`)
    for (const line of look!.above)
      for (const [pattern, code] of inTitle) {
        const match = pattern.exec(line)
        if (match !== null) signs.set(code === '' ? match[1]!.toUpperCase() : code, `a line above the header says ${match[0]}`)
      }
  }
  // No proof, but the likeliest answer stands first.
  const lakh = Object.values(of).some(({ amounts }) => amounts.form.groups === 'lakh')
  const [one, ...more] = signs
  if (one !== undefined && more.length === 0) return [proposed(path, one[0], 'sure', one[1])]
  const answers = signs.size > 0 ? [...signs.keys()] : lakh ? ['INR', 'USD', 'EUR', 'CNY'] : ['CNY', 'USD', 'EUR', 'INR']
  const paid = [...new Set(found.flatMap(({ found: codes }) => codes))]
  if (signs.size === 0 && paid.length === 1) return [proposed(path, paid[0]!, 'likely', 'loans have no currency, and all repayments have this one')]
  return [asked(path, paid.length > 0 ? paid : answers, `Which currency are the amounts in (an ISO 4217 code)? The loans have no column of it${signs.size > 0 ? `, and ${[...signs.values()].join(', ')}` : ''}.`)]
}
