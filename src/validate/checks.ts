import { matches } from '../engine/calls.ts'
import { join, name, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import { dueParts, isOpenPlan, kindsThat, partNames } from '../read/inputs.ts'
import type { InputName } from '../settings/schema.ts'

/** What a check may ask about the columns that the files have. */
interface Asked {
  readonly has: (column: string) => boolean
}

export interface Check {
  readonly input: InputName | 'any'
  readonly column: string
  /** None where the fault is found on the way: by the reader, by the keys, by the reversals. */
  readonly fails?: (asked: Asked) => Hole | undefined
  readonly says: string
  readonly todo: string
  /** Amounts whose sum is shown beside the value. */
  readonly sum?: readonly string[]
}

const paidParts = partNames.map((part) => `${part}_paid`)
const allBlank = (columns: readonly string[]): Sql => join(columns.map((column) => sql`${name(column)} IS NULL`), sql` AND `)

/** As a spreadsheet writes long numbers. */
export const inScientificNotation = '[0-9][.,]?[0-9]*[eE][+]?[0-9]+'

/** Why a row may be rejected. The first check that fails is its reason; docs/checks.md is written from this table. */
export const checks = {
  // Structure: found by the record scanner.
  'too-few-columns': { input: 'any', column: '', says: 'The record has fewer fields than the header.', todo: 'Mend the record in the export; a line break inside a field must be quoted.' },
  'too-many-columns': { input: 'any', column: '', says: 'The record has more fields than the header, and the extra ones are not empty.', todo: 'Quote fields that hold the delimiter.' },
  'text-after-quote': { input: 'any', column: '', says: 'Text follows a closing quote.', todo: 'Double the quotes inside a quoted field.' },
  'quote-not-closed': { input: 'any', column: '', says: 'A quote is opened and never closed.', todo: 'Close the quote, or double it where it is part of the text.' },
  'not-utf8': { input: 'any', column: '', says: 'The bytes are not UTF-8.', todo: 'State inputs.{input}.encoding, or save the export as UTF-8.' },
  'bare-cr': { input: 'any', column: '', says: 'A carriage return stands inside an unquoted field.', todo: 'Remove it, or quote the field.' },
  'too-long': { input: 'any', column: '', says: 'The record is longer than any row of an export can be.', todo: 'A quote is probably open: mend the record.' },
  'header-again': { input: 'any', column: '', says: 'The header stands here again.', todo: 'Set inputs.{input}.repeated_header: true, and it is left out.' },
  // Values: found by the typed read.
  missing: { input: 'any', column: '', says: 'A value is required.', todo: 'Fill the value in the export; where the line is one of totals, name it under inputs.{input}.leave_out.' },
  'nul-byte': { input: 'any', column: '', says: 'The text holds a NUL byte; cut there or without it, it would be another text.', todo: 'Export the value without NUL bytes.' },
  'not-a-date': { input: 'any', column: '', says: 'The value is not a date as dates are written here: YYYY-MM-DD, unless the settings say otherwise.', todo: 'Say how they are written under inputs.{input}.dates, or export them as YYYY-MM-DD.' },
  'no-such-date': { input: 'any', column: '', says: 'There is no such calendar date between 1900 and 2199.', todo: 'Mend the date in the export; where it stands for none, name it under inputs.{input}.blanks.' },
  'not-an-amount': { input: 'any', column: '', says: 'The value is not an amount as amounts are written here: a plain number such as 1234.50, unless the settings say otherwise.', todo: 'Say how they are written under inputs.{input}.numbers, or export plain numbers.' },
  'amount-too-large': { input: 'any', column: '', says: 'The amount is larger than any of a loan: added up with others it would not fit.', todo: 'Mend the amount; where it stands for none, name it under inputs.{input}.blanks.' },
  'too-many-decimals': { input: 'any', column: '', says: 'The amount has more decimals than its currency.', todo: 'Export the amount in full minor units (zeros behind them are accepted), or state inputs.{input}.unit.' },
  'not-a-whole-number': { input: 'any', column: '', says: 'A whole number is needed here.', todo: 'Export the number without decimals.' },
  'not-a-number': { input: 'any', column: '', says: 'A number with at most six decimals is needed here.', todo: 'Export a plain number, or declare the column as text.' },
  'not-a-yes-or-no': { input: 'any', column: '', says: 'true or false is needed here.', todo: 'Map the value in the settings, or declare the column as text.' },
  // Meaning of single rows.
  'account-id-damaged': {
    input: 'loans', column: 'account_id', says: 'The account id is in scientific notation: a spreadsheet has lost its digits.', todo: 'Export the ids as text, straight from the loan system.',
    fails: () => matches(sql`account_id`, text(inScientificNotation)),
  },
  'currency-missing': { input: 'loans', column: 'currency', says: 'The row has no currency, and the settings state none.', todo: 'Fill the currency, or set currency in the settings.', fails: () => sql`currency IS NULL` },
  'currency-unknown': { input: 'loans', column: 'currency', says: 'A currency is three capital letters of ISO 4217.', todo: 'Mend the code, or map it under inputs.loans.values.currency.', fails: ({ has }) => (has('currency') ? sql`NOT ${matches(sql`currency`, text('[A-Z]{3}'))}` : undefined) },
  'negative-principal': { input: 'loans', column: 'principal', says: 'A principal below zero is no loan.', todo: 'Mend the amount.', fails: ({ has }) => (has('principal') ? sql`principal < 0` : undefined) },
  'negative-paid-before': { input: 'loans', column: 'paid_before', says: 'What was received before the file cannot be below zero.', todo: 'Mend the amount; money owed back is no money received.', fails: ({ has }) => (has('paid_before') ? sql`paid_before < 0` : undefined) },
  'amount-missing': {
    input: 'schedule', column: 'amount_due', says: 'The instalment has neither an amount nor parts.', todo: 'Fill amount_due, or its parts.',
    fails: ({ has }) => allBlank(['amount_due', ...dueParts, ...(isOpenPlan(has) ? ['amount_open'] : [])].filter(has)),
  },
  'negative-instalment': {
    input: 'schedule', column: 'amount_due', says: 'An instalment, what is open of it and what was paid of it cannot be below zero.', todo: 'Export credits as repayments of kind waiver.',
    fails: ({ has }) => join(['amount_due', ...dueParts, 'amount_open', 'amount_paid'].filter(has).map((column) => sql`coalesce(${name(column)} < 0, FALSE)`), sql` OR `),
  },
  'parts-do-not-add-up': {
    input: 'schedule', column: 'amount_due', says: 'The parts of the instalment do not add up to its amount.', todo: 'Mend the amount or the parts.',
    fails: ({ has }) => {
      const parts = dueParts.filter(has)
      if (!has('amount_due') || parts.length === 0) return undefined
      const sum = join(parts.map((column) => sql`coalesce(${name(column)}, 0)`), sql` + `)
      // Without an interest column the parts may be some of the amount; never more than it.
      return has('interest_due') ? sql`amount_due <> ${sum} AND NOT (${allBlank(parts)})` : sql`amount_due < ${sum}`
    },
  },
  'paid-parts-do-not-add-up': {
    input: 'repayments', column: 'amount', says: 'The parts of the payment do not add up to its amount, or one has another sign than the amount.', todo: 'Mend the amount or the parts; where the export does not split a payment leave all its parts blank.', sum: paidParts,
    fails: ({ has }) => {
      const parts = paidParts.filter(has)
      if (parts.length === 0) return undefined
      const opposite = join(parts.map((part) => sql`coalesce(sign(${name(part)}) * sign(amount) < 0, FALSE)`), sql` OR `)
      return sql`NOT (${allBlank(parts)}) AND (amount <> ${join(parts.map((part) => sql`coalesce(${name(part)}, 0)`), sql` + `)} OR ${opposite})`
    },
  },
  'negative-amount': {
    input: 'repayments', column: 'amount', says: 'Only a plain payment may be negative: it is then a refund.', todo: 'Give the row the kind refund, or undo with the payment that it reverses.',
    fails: ({ has }) => (has('kind') ? sql`amount < 0 AND kind IN (${join(kindsThat(({ takesOff }) => !takesOff).filter((kind) => kind !== 'payment').map(text))})` : undefined),
  },
  'reversal-names-none': {
    input: 'repayments', column: 'reverses', says: 'The row takes a payment back and does not say which.', todo: 'Fill reverses with the payment id, or give the row the kind refund.',
    fails: ({ has }) => (has('kind') ? (has('reverses') ? sql`kind IN ('undo', 'chargeback') AND reverses IS NULL` : sql`kind IN ('undo', 'chargeback')`) : undefined),
  },
  // Keys: found by comparing rows.
  twin: { input: 'any', column: '', says: 'The row repeats an earlier row exactly.', todo: 'Nothing is lost: the first copy counts. Remove the copy, or give the rows a key of their own.' },
  'payment-id-damaged': { input: 'repayments', column: 'payment_id', says: 'The payment id is in scientific notation and stands more than once: a spreadsheet has lost its digits, and two payments may have become one.', todo: 'Export the ids as text, straight from the loan system.' },
  'conflicting-key': { input: 'any', column: '', says: 'The key stands for two different rows.', todo: 'Say which columns make a row unique under inputs.{input}.key, or mend the rows.' },
  'instalment-differs': { input: 'schedule', column: 'amount_due', says: 'The rows of one instalment, a row a payment, have different amounts or due dates.', todo: 'Mend the rows; or, where a row is no payment, say what it is: inputs.schedule.rows.' },
  // Reversals: found by looking for the payment they name.
  'currency-mismatch': { input: 'repayments', column: 'currency', says: "The payment is in another currency than its account's plan.", todo: 'Export the amount in the currency of the loan.' },
  'reversal-without-payment': { input: 'repayments', column: 'reverses', says: 'The payment that the row takes back is not in the file.', todo: 'Deliver the payment too; the account is held until then.' },
  'reversal-of-another-account': { input: 'repayments', column: 'reverses', says: 'The payment that the row takes back belongs to another account.', todo: 'Mend the account or the payment id.' },
  'reversal-before-payment': { input: 'repayments', column: 'paid_on', says: 'The row takes a payment back before it was made.', todo: 'Mend the date of one of both.' },
  'reversal-beyond-payment': { input: 'repayments', column: 'amount', says: 'More is taken back than was paid.', todo: 'Mend the amounts.' },
} as const satisfies Record<string, Check>

export type CheckCode = keyof typeof checks
export const checkOf = (code: CheckCode): Check => checks[code]

const codes = Object.keys(checks) as CheckCode[]
/** Numbers below are places of columns at fault; from here on, checks of the table. */
const firstNumber = 10_000
export const numberOf = (code: CheckCode) => firstNumber + codes.indexOf(code)
export const codeOf = (number: number): CheckCode | undefined => codes[number - firstNumber]
/** The checks that look at one row of an input, in order. */
export const rowChecks = (input: InputName) => codes.filter((code) => checkOf(code).input === input && checkOf(code).fails !== undefined)

/** Reasons by which all rows of a key are rejected: each tells of the others. */
export const allOfKey: readonly string[] = ['conflicting-key', 'payment-id-damaged'] satisfies readonly CheckCode[]

/** Whether a rejection takes nothing from the book: the first copy of an exact twin stands, and a header that stands again is no row. */
export const losesNothing = ({ code }: { readonly code: string }) => code === 'twin' || code === 'header-again'
