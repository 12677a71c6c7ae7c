/** Those of the lender's own word are given or dated by him, not found from a plan and payments. */
export const lendersBases = ['lender_days', 'next_due_on', 'paid_through_on'] as const

/** What the days of an account rest on. */
export const bases = ['schedule', 'terms', 'statements', ...lendersBases] as const

/** Neither a plan nor payments were given: terms alone would leave everybody late. */
export const balancesOnly = ({ schedule, repayments }: Readonly<Record<'schedule' | 'repayments', { readonly files: readonly unknown[] }>>): boolean => schedule.files.length === 0 && repayments.files.length === 0
