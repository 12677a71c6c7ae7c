import { partNames, type Instalment, type Part } from './plan.ts'

/** Money covers penalty first and principal last. */
const coverOrder = ['penalty', 'fee', 'interest', 'principal'] as const satisfies readonly Part[]

/**
 * What is open of each part of instalments whose payments say what they are for. `money`: what they say, by part. Where it is less
 * than what the instalment got, the rest goes to what no part tells, then to the parts in order; where it is more, principal goes without first.
 */
export function openInParts(plan: readonly Instalment[], money: Readonly<Partial<Record<Part, bigint>>>) {
  const left = { ...money }
  for (const instalment of plan) {
    const got: Partial<Record<Part, bigint>> = {}
    for (const part of partNames) {
      const due = instalment.parts[part] ?? 0n
      const own = left[part] ?? 0n
      got[part] = own < 0n ? 0n : own < due ? own : due
      left[part] = own - got[part]
    }
    const sum = (of: Readonly<Partial<Record<Part, bigint>>>) => partNames.reduce((total, part) => total + (of[part] ?? 0n), 0n)
    let tooMuch = sum(got) - instalment.covered
    for (const part of partNames)
      for (; tooMuch > 0n && got[part]! > 0n; ) {
        const off = got[part]! < tooMuch ? got[part]! : tooMuch
        got[part]! -= off
        tooMuch -= off
      }
    const untold = instalment.due - sum(instalment.parts)
    let rest = instalment.covered - sum(got) - untold
    for (const part of coverOrder) {
      const open = (instalment.parts[part] ?? 0n) - got[part]!
      const more = rest < 0n ? 0n : rest < open ? rest : open
      got[part]! += more
      rest -= more
    }
    instalment.openIn = Object.fromEntries(partNames.flatMap((part) => (instalment.parts[part] === undefined ? [] : [[part, instalment.parts[part] - got[part]!]])))
  }
}
