import type { Engine } from '../engine/engine.ts'
import type { MappedAs } from '../settings/schema.ts'
import { headerOf } from './mapping.ts'
import { parquetHeaders } from './parquet.ts'
import { firstBytes, sourceFiles } from './source.ts'

/** Files given without a word of what they are: `minimum_due` makes statements, `payment_id` or `paid_on` repayments, `due_on` a schedule (with `paid_on` where it has `amount_paid` or `status`), all else loans. */
export async function byHeader(engine: Engine, paths: readonly string[]): Promise<Record<MappedAs, string[]>> {
  const found: Record<MappedAs, string[]> = { loans: [], schedule: [], statements: [], repayments: [] }
  for (const file of sourceFiles(paths)) {
    const headers = file.format === 'parquet' ? await parquetHeaders(engine, file) : headerOf(file, await firstBytes(file), { delimiter: ',' })
    found[inputOf((header) => headers.includes(header))].push(file.path)
  }
  return found
}

function inputOf(has: (header: string) => boolean): MappedAs {
  if (has('minimum_due')) return 'statements'
  const onRows = has('amount_paid') || (has('due_on') && has('status'))
  if (has('payment_id') || (has('paid_on') && !onRows)) return 'repayments'
  return has('due_on') ? 'schedule' : 'loans'
}
