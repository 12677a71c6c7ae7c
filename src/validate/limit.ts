import { UserError } from '../errors.ts'
import { inputNames } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { byCode, type Quarantine } from './rejected.ts'

/** An input with more rejects than allowed is probably another file than it was taken for: nothing is published. */
export function overLimit(book: Book, kept: Readonly<Record<InputName, Quarantine>>, settings: Settings): RefusedRows[] {
  return inputNames.flatMap((input) => {
    const { read, key } = book[input]
    const { rejected, rejects } = kept[input]
    const limit = settings.inputs[input].max_reject_share
    if (read === 0 || rejected / read <= limit) return []
    const most = byCode(rejects)[0]
    const first = most === undefined ? '' : `Most of them: ${most.code}, ${most.count} rows, first in ${most.first.file} line ${most.first.line}. ${most.first.message}`
    const keys = most?.code === 'conflicting-key' ? ` The key in force is [${key.join(', ')}].` : ''
    return [new RefusedRows('rejects-over-limit', { input, value: rejected, other: read, name: `${limit * 100} %`, hint: `${first}${keys} Mend the export, or raise inputs.${input}.max_reject_share.` }, kept, book)]
  })
}

/** Carries what a refused run can show. */
export class RefusedRows extends UserError {
  readonly kept: Readonly<Record<InputName, Quarantine>>
  readonly book: Book

  constructor(code: 'rejects-over-limit', details: ConstructorParameters<typeof UserError>[1], kept: Readonly<Record<InputName, Quarantine>>, book: Book) {
    super(code, details)
    this.kept = kept
    this.book = book
  }
}
