import type { Conventions } from './convention-fields.ts'

/** The conventions where nothing is stated. */
export const defaultConventions: Conventions = {
  count_from: 'day_after_due',
  grace_days: 0,
  grace_counting: 'due_date',
  materiality: undefined,
  business_days: 'kept',
  business_days_counting: 'moved',
  pause_span: 'after_due',
  clearing_days: 0,
  ages: ['principal', 'interest', 'fee', 'penalty'],
  full_payment: { share: 1, tolerance: '0' },
  after_payoff: 'zero',
  frozen_statuses: [],
  skip_instalments: [],
  months: 'none',
  sticky: undefined,
  allocation: 'oldest_first',
  allocation_time: 'as_of',
  surplus: 'next',
  chargeback: 'reopens',
}
