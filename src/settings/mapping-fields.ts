import { z } from 'zod'
import { dateShape } from '../read/date-shape.ts'
import { units } from '../read/number-form.ts'

/** How the text of an export is read: every key, its values and its sentence. docs/settings.md is written from it. */

export const encodings = ['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'gb18030', 'gbk', 'big5', 'shift_jis', 'windows-1252', 'latin-1'] as const
export type Encoding = (typeof encodings)[number]

const oneMark = (mark: string) => /^[\t\x20-\x7e]$/.test(mark)

export const textFields = {
  encoding: z.enum(encodings).default('utf-8').describe('The encoding of CSV files. utf-16 goes by the mark at their start. Another one than utf-8 is decoded into a private copy.'),
  delimiter: z.string().transform((mark) => (mark === 'tab' ? '\t' : mark)).refine((mark) => oneMark(mark) && mark !== '"', 'tab or one plain character, and no quote').optional().describe('The character between fields, or tab. Default: what a sep= line on top of the file says, else a comma.'),
  quote: z.string().refine((mark) => mark === 'none' || (/^[\x21-\x7e]$/.test(mark) && !/\w/.test(mark)), 'one plain character that is no letter or digit, or none').default('"').describe('The character around fields that hold the delimiter or a line end; doubled inside. none: there is none.'),
  lines_above: z.union([z.enum(['found']), z.number().int().min(0)]).default(0).describe('Lines above the header, blank ones counted: titles, a period. found: the header is the first line that has all needed columns.'),
  leave_out: z.array(z.string().min(1)).default([]).describe('Records that are no data, wherever they stand: footers, totals, subtotals. Each is written from its first field that is not blank: [合计, "小计*", "TRAILER,{rows}"]. * stands for any text of a field, {rows} for the number of rows that a footer states, which is compared.'),
  repeated_header: z.boolean().default(false).describe('The header stands again between the rows, as in files that were put together, and is left out there.'),
} as const

const shape = z.string().superRefine((written, context) => {
  const is = dateShape(written)
  if (typeof is === 'string') context.addIssue({ code: 'custom', message: `"${written}": ${is}` })
})
const shapes = z.union([shape, z.array(shape).min(1)])
const unit = z.number().refine((value) => Object.hasOwn(units, String(value)), 'a power of ten from 0.01 to 10000000')

export const valueFields = {
  blanks: z.array(z.string()).default([]).describe('Values that stand for none, in any column: ["9999-12-31", NULL].'),
  dates: z.union([shape, z.array(shape).min(1), z.record(z.string(), shapes)]).optional().describe('How dates are written: a shape such as YYYYMMDD, DD/MM/YYYY or D-Mon-YY, or a list of them, for all columns or by column: {paid_on: timestamp}. Default: YYYY-MM-DD, and ISO 8601 with a time where all the first rows have one.'),
  two_digit_years_from: z.number().int().min(1900).max(2100).optional().describe('The first of the hundred years that two digits (YY) may mean: 1970 is 1970 to 2069.'),
  numbers: z
    .strictObject({
      decimal: z.enum(['.', ',']).default('.').describe('The mark before the decimals.'),
      thousands: z.enum(['none', ',', '.', 'space', "'"]).default('none').describe('The mark between groups of digits; a space may be a narrow or a no-break one. Without groups a number is read too.'),
      groups: z.enum(['three', 'lakh']).default('three').describe('Groups of three digits, or as in India (1,23,456).'),
      negative: z.array(z.enum(['behind', 'parentheses', 'CR', 'DR'])).default([]).describe('How numbers below zero are written beside a minus in front: a minus behind, in parentheses, or with the letters that mean it (the others then mean above zero).'),
      marks: z.array(z.string().min(1)).default([]).describe('Marks of currencies that may stand before or behind an amount: [¥, CNY].'),
      full_width: z.boolean().default(false).describe('Full-width digits and marks stand for plain ones, in dates too.'),
    })
    .prefault({}),
  unit: z.union([unit, z.record(z.string(), unit)]).optional().describe('What 1 in an amount is, for all amounts or by column: 0.01 (fen, cents), 10000, 100000 (lakh). Default: 1.'),
  id_letters: z.enum(['kept', 'upper', 'lower']).default('kept').describe('Letter case of account_id, borrower_id, payment_id and reverses, where it does not tell ids apart.'),
  joined: z.record(z.string(), z.strictObject({ of: z.array(z.string().min(1)).min(2), with: z.string().default('') })).default({}).describe('Columns put together from several of the export: {account_id: {of: [Branch, Loan No], with: "-"}}.'),
  constants: z.record(z.string(), z.string()).default({}).describe('Columns that the export does not have, with one value for all rows: {currency: CNY, product: card}.'),
} as const
