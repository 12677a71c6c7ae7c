import { sql, type Sql } from '../engine/sql.ts'

/** Principal of the plan is not that of the loan: by more than one in a hundred, so that a rounded last instalment is no matter. */
export const otherPrincipal: Sql = sql`coalesce(principal_given AND principal > 0 AND principal_planned > 0 AND abs(principal_planned - principal) * 100 > principal AND plan_now <> 'asks nothing', FALSE)`

/** More was paid than the whole plan asks, by more than one in a hundred. */
export const beyondPlan: Sql = sql`coalesce(planned > 0 AND (received - planned) * 100 > planned AND plan_now <> 'asks nothing', FALSE)`
