import { isAlias, isScalar, type Node, type Scalar } from 'yaml'
import { entriesOf, textOf, type Entry, type Reader } from './entries.ts'
import { scalarText } from './scalar.ts'
import type { Outputs } from './written.ts'

/** The columns that a rule fills, in their order. */
const outputNames = ['action', 'list', 'channel', 'priority', 'template', 'due_in_days', 'reason'] as const

/** What a rule gives. Wrong entries are noted and left out; without an action there is nothing to give. */
export function readOutputs(r: Reader, entry: Entry | undefined, rule: Node, id: string): Outputs | undefined {
  const called = id === '' ? 'A rule' : `Rule ${id}`
  if (entry?.value === undefined || entry.value === null) return r.wrong(entry?.key ?? rule, `${called} has no then:.`, 'Say what is done: then: {action: sms}, or {action: none, reason: WHY}.')
  const entries = entriesOf(r, entry.value, outputNames, 'then:')
  if (entries === undefined) return undefined
  const action = textOf(r, entries.get('action'), 'The action')
  if (action === undefined && !entries.has('action')) r.wrong(entry.key, `${called} has no action.`, 'Write action: NAME, or action: none with a reason.')
  const list = textOf(r, entries.get('list'), 'The list')
  const reason = textOf(r, entries.get('reason'), 'The reason')
  if (action === 'none' && entries.has('list')) r.wrong(entries.get('list')!.key, `${called} has the action none and a list.`, 'Accounts with no action stand in no list: take the list out, or name an action.')
  if (action === 'none' && !entries.has('reason')) r.wrong(entries.get('action')!.value!, `${called} has the action none and no reason.`, 'Say why nothing is done: reason: small balance.')
  // The list becomes a file name; where none is given it is the action's name.
  for (const name of ['action', 'list']) fileName(r, entries.get(name), name, name === 'action' ? action : list)
  const priority = wholeNumber(r, entries.get('priority'), 'priority', 1, 1_000_000)
  const due_in_days = wholeNumber(r, entries.get('due_in_days'), 'due_in_days', 0, 3650)
  if (action === undefined) return undefined
  return {
    action,
    ...defined({ list, channel: textOf(r, entries.get('channel'), 'The channel'), template: textOf(r, entries.get('template'), 'The template'), reason }),
    ...defined({ priority, due_in_days }),
  }
}

const defined = <T>(of: Record<string, T | undefined>) => Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Record<string, T>

function fileName(r: Reader, entry: Entry | undefined, name: string, text: string | undefined) {
  if (text === undefined || /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,79}$/u.test(text)) return
  r.wrong(entry!.value!, `${name} "${text}" cannot be the name of a list: lists are files.`, 'Use letters, digits, "_" and "-", at most 80 of them.')
}

function wholeNumber(r: Reader, entry: Entry | undefined, name: string, least: number, most: number): number | undefined {
  if (entry === undefined || isAlias(entry.value)) return undefined
  const text = isScalar(entry.value) ? scalarText(entry.value as Scalar).trim() : undefined
  const value = text !== undefined && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined
  if (value !== undefined && value >= least && value <= most) return value
  return r.wrong(entry.value ?? entry.key, `${name} is ${text === undefined || text === '' ? 'not a number' : text}.`, `Write a whole number from ${least} to ${most}.`)
}
