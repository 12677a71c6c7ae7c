import type { FlagSettings } from '../settings/load.ts'
import type { Typed } from './flags.ts'

const one = (value: Typed[keyof Typed]) => (typeof value === 'string' ? value : undefined)
const many = (value: Typed[keyof Typed]) => (Array.isArray(value) ? (value as string[]) : undefined)

/** What was typed, as settings that override the file. */
export const typedSettings = (typed: Typed): FlagSettings => ({
  config: one(typed.config),
  loans: many(typed.loans),
  schedule: many(typed.schedule),
  repayments: many(typed.repayments),
  statements: many(typed.statements),
  pauses: many(typed.pauses),
  holidays: many(typed.holidays),
  rules: one(typed.rules),
  reports: one(typed.reports),
  by: one(typed.by),
  asOf: one(typed.asOf),
  workOn: one(typed.workOn),
  knownOn: one(typed.knownOn),
  out: one(typed.out),
  engine: one(typed.engine),
  threads: one(typed.threads),
  memory: one(typed.memory),
  keepEvidence: typed.keepEvidence === true ? true : undefined,
  allowPartialDay: typed.allowPartialDay === true,
  ...(typed.blastRadius === true ? { blastRadius: true } : {}),
})

/** How the engine is opened where all else was settled by a published run. */
export async function typedEngine(typed: Typed) {
  const [threads, memory] = [one(typed.threads), one(typed.memory)]
  if (threads === undefined && memory === undefined) return { threads: undefined, memory: undefined }
  const { typedValue } = await import('../settings/typed.ts')
  return {
    threads: threads === undefined ? undefined : (typedValue('threads', Number(threads), threads) as number),
    memory: memory === undefined ? undefined : (typedValue('memory', memory, memory) as string),
  }
}
