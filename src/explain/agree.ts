import { lendersBases } from '../classify/bases.ts'
import { isDefault } from '../classify/convention.ts'
import { UserError } from '../errors.ts'
import { exact } from '../publish/exact.ts'
import type { Settings } from '../settings/load.ts'
import type { Counted } from './counted.ts'
import type { Evidence } from './evidence.ts'
import { overdueBy } from './overdue.ts'
import type { PlanSaid } from './plan.ts'

/**
 * What is told line by line must add up to what the run says of the account. The lines are put together here, the figures come
 * from the engine: where they differ one of both is wrong, and nothing may be shown.
 */
export function mustAgree({ id, account, standing, received, instalments, unmatched }: Evidence, counted: readonly Counted[], plan: PlanSaid, settings: Settings) {
  const { as_of, conventions } = settings
  const differ = (what: string, told: unknown, run: unknown) => new UserError('identity-broken', { value: `${what} of ${id} is ${String(told)} line by line and ${String(run)} in the run` })
  const amount = (what: string, told: bigint, run: unknown) => {
    if (told !== exact(String(run ?? '0'))) throw differ(what, `${told} millionths`, run)
  }
  if (unmatched.length === 0) amount('the money received', sum(counted.map((one) => one.counted)), received)
  // What the lender says himself has no lines.
  if (account === undefined || standing === undefined || lendersBases.some((basis) => basis === account.basis)) return
  const lines = plan.instalments
  const isOverdue = overdueBy(settings, account)
  const idle = plan.numbers.length === 0
  if (!idle) for (const [at, row] of instalments.entries()) amount(`the cover of instalment ${row.instalment_no}`, exact(lines[at]!.paid), row.amount_covered)
  const paid = (until: (due: string) => boolean) => sum(lines.filter(({ due_on }) => until(due_on)).map((line) => exact(line.paid)))
  const open = (which: (line: (typeof lines)[number]) => boolean, of: 'outstanding' | 'released' = 'outstanding') => sum(lines.filter(which).map((line) => exact(line[of])))
  amount('amount_covered', paid((due) => due <= as_of), account.amount_covered)
  amount('advance', paid((due) => due > as_of) + sum(plan.poured.left.map((share) => share.amount)), account.advance)
  amount('overdue_amount', open(isOverdue), account.overdue_amount)
  amount('due_today_amount', open((line) => line.due_on === as_of && !isOverdue(line)), account.due_today_amount)
  amount('outstanding_schedule', open(() => true), account.outstanding_schedule)
  amount('released_amount', open(() => true, 'released'), account.released_amount)
  const beside = (which: 'to_charges' | 'to_principal') => sum(counted.flatMap(({ left }) => left.filter(({ why }) => why === which).map((each) => each.amount ?? 0n)))
  for (const which of ['to_charges', 'to_principal'] as const) if (which in account) amount(which, most(beside(which), 0n), account[which])
  amount('pending_amount', sum(counted.flatMap(({ left }) => left.filter(({ why }) => why === 'pending').map((each) => each.amount ?? 0n))), account.pending_amount)
  const late = lines.filter(isOverdue)
  const oldest = late.find(({ ages }) => ages !== false)
  if ((oldest?.due_on ?? null) !== account.oldest_unpaid_due_on) throw differ('oldest_unpaid_due_on', oldest?.due_on ?? null, account.oldest_unpaid_due_on)
  const days = late[0]?.days ?? 0
  if (account.days_late !== null && days !== account.days_late) throw differ('days_late', days, account.days_late)
  // Where grace, materiality and the like take nothing, the first line that ages says the days of the account.
  const first = lines.find(({ outstanding, ages }) => exact(outstanding) > 0n && ages !== false)
  const plainly = account.days_past_due !== null && Number(account.days_past_due) > 0 && isDefault(conventions, 'grace_days', 'materiality', 'after_payoff', 'frozen_statuses')
  if (plainly && first?.by_calendar !== undefined && first.by_calendar.days_past_due !== account.days_past_due) throw differ('days_past_due', first.by_calendar.days_past_due, account.days_past_due)
}

const most = (a: bigint, b: bigint) => (a > b ? a : b)
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
