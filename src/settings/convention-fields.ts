import { z } from 'zod'

/** How days are counted and how money is laid on instalments: every convention, its values and its sentence. docs/settings.md is written from it. */

const amount = z.string().regex(/^\d+(\.\d+)?$/, 'an amount such as 100 or 100.00')
export const conventionFields = {
  count_from: z.enum(['day_after_due', 'due_date']).describe('The first day that counts: the day after the due date, or the due date itself (India: unpaid at its end is day 1).'),
  grace_days: z.number().int().min(0).describe('Days after the due date in which an account is late, yet not past due.'),
  grace_counting: z.enum(['due_date', 'after_grace']).describe('Once grace is over, days count from the due date, or only from the end of grace.'),
  materiality: z
    .strictObject({
      absolute: z.record(z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code'), amount).default({}).describe('Overdue amounts up to this are not material, by currency.'),
      relative: z.number().min(0).max(1).optional().describe('Overdue amounts up to this share of outstanding_principal are not material.'),
      exceed: z.enum(['both', 'either']).default('both').describe('Where both are stated: which must be exceeded.'),
      counting: z.enum(['due_date', 'since_material']).default('due_date').describe('A material account counts from its oldest unpaid due date, or only the consecutive days on which it was material.'),
    })
    .describe('Overdue amounts too small to count: they change days and tier, never amounts.'),
  business_days: z.enum(['kept', 'next', 'previous']).describe('A due date on a day that is no business day is kept, or moved.'),
  business_days_counting: z.enum(['moved', 'original']).describe('Once late, days count from the moved or from the original due date.'),
  pause_span: z.enum(['after_due', 'whole']).describe('Of a pause only the days after the due date are taken off, or all of its days.'),
  clearing_days: z.number().int().min(0).describe('Cash counts only this many days after paid_on; until then it is pending_amount.'),
  ages: z.array(z.enum(['principal', 'interest', 'fee', 'penalty'])).min(1).describe('The parts of an instalment that make it late while they are open.'),
  full_payment: z
    .strictObject({
      share: z.number().gt(0).max(1).default(1).describe('Share of an instalment that counts as paid.'),
      tolerance: amount.default('0').describe('Amount that may be missing of an instalment that counts as paid.'),
    })
    .describe('When an instalment counts as paid for days; amounts stay exact.'),
  after_payoff: z.enum(['zero', 'frozen']).describe('A plan that is paid to its end has 0 days, or keeps the lateness of its last payment.'),
  frozen_statuses: z.array(z.string().min(1)).describe('States in which days stand still from the day of the state on.'),
  skip_instalments: z.array(z.string().min(1)).describe('Statuses of instalments that are never late, such as waived or deferred.'),
  months: z.enum(['none', 'mba', 'ots']).describe('Whole months instead of days: MBA (unpaid on the day before the next due date) or OTS (unpaid on the same day of the next month).'),
  sticky: z
    .strictObject({
      from: z.string().min(1).describe('The tier from which on an account stays.'),
      until: z.enum(['no_arrears', 'probation']).default('no_arrears').describe('Until all arrears are paid, or until it has had no arrears for probation_days.'),
      probation_days: z.number().int().min(1).default(90).describe('Days without arrears that end it.'),
    })
    .describe('A tier that remembers: an account that has reached it stays until its arrears are paid.'),
  allocation: z.enum(['oldest_first', 'named_first', 'fees_first']).describe('What money covers first: the oldest instalment, the instalment that the payment names, or fees.'),
  allocation_time: z.enum(['as_of', 'when_paid']).describe('Money is laid on the plan as it stands on as_of, or stays where it lay when it came in.'),
  surplus: z.enum(['next', 'last', 'spread']).describe('Where money beyond what is due goes: to the next instalment, the last, or all that are left alike.'),
  chargeback: z.enum(['reopens', 'new_due']).describe('A chargeback reopens the instalment at its own age, or makes the amount due anew on its day.'),
} as const

type Fields = { readonly [Field in keyof typeof conventionFields]: z.output<(typeof conventionFields)[Field]> }

/** One set of conventions in force: optional ones are undefined where nothing is stated. */
export interface Conventions extends Omit<Fields, 'materiality' | 'sticky'> {
  readonly materiality: Fields['materiality'] | undefined
  readonly sticky: Fields['sticky'] | undefined
}

/** The conventions of a book, and of those products that have their own. */
export interface ConventionsInForce {
  readonly book: Conventions
  readonly products: Readonly<Record<string, Conventions>>
}

const stated = z.strictObject(conventionFields).partial()

/** Conventions as written: for the book, and by product where they differ. */
export const statedConventions = stated.extend({ products: z.record(z.string().min(1), stated).default({}).describe('Conventions of single products; what they leave out is as for the book.') }).prefault({})

export type StatedConventions = z.output<typeof statedConventions>
