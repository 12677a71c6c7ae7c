import type { Engine } from '../engine/engine.ts'
import type { InputName } from '../settings/schema.ts'
import { headerOf } from './mapping.ts'
import { parquetHeaders } from './parquet.ts'
import { firstBytes, sourceFiles } from './source.ts'

/** Files given without a word of what they are: `payment_id` or `paid_on` makes repayments, `due_on` a schedule (with `paid_on` where it states `amount_paid`), all else loans. */
export async function byHeader(engine: Engine, paths: readonly string[]): Promise<Record<InputName, string[]>> {
  const found: Record<InputName, string[]> = { loans: [], schedule: [], repayments: [] }
  for (const file of sourceFiles(paths)) {
    const headers = file.format === 'parquet' ? await parquetHeaders(engine, file) : headerOf(file, await firstBytes(file), { delimiter: ',' })
    const input = headers.includes('payment_id') || (headers.includes('paid_on') && !headers.includes('amount_paid')) ? 'repayments' : headers.includes('due_on') ? 'schedule' : 'loans'
    found[input].push(file.path)
  }
  return found
}
