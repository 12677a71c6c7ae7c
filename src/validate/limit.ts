import { UserError } from '../errors.ts'
import { parseFields } from '../read/fields.ts'
import { inputNames } from '../read/inputs.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { cellOf } from '../read/reading.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import type { Quarantine } from './rejected.ts'
import { readOnce, type Overlaps } from './overlap.ts'
import { mostFirst, type Rejects } from './rejects.ts'

/** An input with more rejects than allowed is probably another file than it was taken for: nothing is published. Rows that another file of it has too are none of them. */
export function overLimit(book: Book, kept: Readonly<Record<InputName, Quarantine>>, settings: Settings, overlapping: Overlaps = []): RefusedRows[] {
  return inputNames.flatMap((input) => {
    const { read, key } = book[input]
    const { rejects } = kept[input]
    const rejected = kept[input].rejected - readOnce(overlapping, input)
    const limit = settings.inputs[input].max_reject_share
    if (read === 0 || rejected / read <= limit) return []
    const most = mostFirst(rejects)[0]
    const first = most === undefined ? '' : `Most of them: ${most.code}, ${most.count} rows, first in ${most.few[0]!.file} line ${most.few[0]!.line}. ${most.few[0]!.message}`
    const keys = most?.code === 'conflicting-key' ? ` The key in force is [${key.join(', ')}].${wider(book[input], rejects)}` : ''
    return [new RefusedRows('rejects-over-limit', { input, value: rejected, other: read, name: `${Number((limit * 100).toPrecision(12))} %`, hint: `${first}${keys} Mend the export, or raise inputs.${input}.max_reject_share.` }, kept, book)]
  })
}

/** The smallest wider key under which the conflicting rows are all different, tried on those rows alone. */
function wider({ input, key, files, columns }: ReadInput, rejects: Rejects): string {
  const rows = rejects
    .filter((reject) => reject.code === 'conflicting-key')
    .slice(0, 10_000)
    .map((reject) => {
      const { mapping, shape } = files.find((file) => file.source.name === reject.file)!
      return { mapping, fields: parseFields(reject.raw, shape) }
    })
  const valueOf = ({ mapping, fields }: (typeof rows)[number], column: string) => {
    const mapped = mapping.columns.find((one) => one.name === column)
    return mapped === undefined ? '' : cellOf(mapped, fields)
  }
  const fits = (columns: readonly string[]) => new Set(rows.map((row) => columns.map((column) => valueOf(row, column)).join('\0'))).size === rows.length
  const usual = ['instalment_no', 'version', 'component', 'account_id']
  const others = columns.filter((column) => !key.includes(column.name) && !usual.includes(column.name) && column.type === 'text').map((column) => column.name)
  const wide = [...usual.filter((column) => columns.some((one) => one.name === column)), ...others].filter((column) => !key.includes(column)).find((column) => fits([...key, column]))
  return wide === undefined ? '' : ` Nothing conflicts under inputs.${input}.key: [${[...key, wide].join(', ')}].`
}

/** Carries what a refused run can show. */
export class RefusedRows extends UserError {
  readonly kept: Readonly<Record<InputName, Quarantine>>
  readonly book: Book

  constructor(code: 'rejects-over-limit' | 'implausible' | 'control-totals-differ', details: ConstructorParameters<typeof UserError>[1], kept: Readonly<Record<InputName, Quarantine>>, book: Book) {
    super(code, details)
    this.kept = kept
    this.book = book
  }
}
