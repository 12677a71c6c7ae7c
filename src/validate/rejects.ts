import type { Reject } from '../outcome.ts'
import type { InputName } from '../settings/schema.ts'
import { checkOf, type CheckCode } from './checks.ts'

/** Rows in quarantine, by file and line: told one after the other, as they may be millions. */
export interface Rejects extends Iterable<Reject> {
  readonly length: number
  /** In the order in which each reason was met first. */
  readonly byCode: readonly RejectsOfCode[]
  filter(test: (reject: Reject) => boolean): Reject[]
}

export interface RejectsOfCode {
  readonly input: InputName
  readonly code: string
  readonly count: number
  /** The first of them. */
  readonly few: readonly Reject[]
  /** Accounts that they name, where that can be read. */
  readonly accounts: ReadonlySet<string>
  /** Rows that name no account that can be read. */
  readonly nameless: number
}

/** A reject whose reason is one of the table. */
export type Coded = Reject & { readonly code: CheckCode }

/** Rows of one reason that are shown as examples. */
const shownOfCode = 5
/** Rows that are kept as they are; more are packed as text by as many. */
const loose = 1000

type Packed = readonly [file: string, line: number, column: string, code: CheckCode, value: string, raw: string, account_id: string]

/** Gathers the rejects of one input in the order in which they are to be told. */
export function gatherRejects(input: InputName) {
  const packs: Buffer[] = []
  const byCode = new Map<string, RejectsOfCode & { count: number; few: Reject[]; accounts: Set<string>; nameless: number }>()
  let last: Reject[] = []
  let length = 0
  return {
    add(reject: Coded) {
      let of = byCode.get(reject.code)
      if (of === undefined) byCode.set(reject.code, (of = { input, code: reject.code, count: 0, few: [], accounts: new Set(), nameless: 0 }))
      of.count++
      if (of.few.length < shownOfCode) of.few.push(reject)
      if (reject.account_id === '') of.nameless++
      else of.accounts.add(reject.account_id)
      length++
      last.push(reject)
      if (last.length < loose) return
      packs.push(Buffer.from(JSON.stringify(last.map(({ file, line, column, code, value, raw, account_id }) => [file, line, column, code, value, raw, account_id]))))
      last = []
    },
    rejects: (): Rejects =>
      told({
        length,
        byCode: [...byCode.values()],
        *[Symbol.iterator]() {
          for (const pack of packs) for (const [file, line, column, code, value, raw, account_id] of JSON.parse(pack.toString()) as Packed[]) yield { input, file, line, column, code, value, message: messageOf(code, input), raw, account_id }
          yield* last
        },
      }),
  }
}

/** The rejects of several inputs as one. */
export const allRejects = (parts: readonly Rejects[]): Rejects =>
  told({
    length: parts.reduce((sum, { length }) => sum + length, 0),
    byCode: parts.flatMap(({ byCode }) => byCode),
    *[Symbol.iterator]() {
      for (const part of parts) yield* part
    },
  })

function told(rejects: Omit<Rejects, 'filter'>): Rejects {
  return {
    ...rejects,
    filter(test) {
      const found: Reject[] = []
      for (const reject of rejects) if (test(reject)) found.push(reject)
      return found
    },
  }
}

/** For the messages of a run: how many rows each reason took, most first. */
export const mostFirst = ({ byCode }: Rejects) => [...byCode].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))

const messages = new Map<InputName, Map<CheckCode, string>>()

/** What is wrong and what to do: one text for all rows of a reason. */
export function messageOf(code: CheckCode, input: InputName): string {
  let own = messages.get(input)
  if (own === undefined) messages.set(input, (own = new Map()))
  let message = own.get(code)
  if (message === undefined) {
    const { says, todo } = checkOf(code)
    own.set(code, (message = `${says} ${todo.replaceAll('{input}', input)}`))
  }
  return message
}
