import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SourceFile } from '../read/source.ts'
import { scalar } from './entries.ts'
import type { Look } from './look.ts'

/** Letters that names must have in common before the part that differs. */
const least = 3

/** A glob for files whose names differ in a date or a number, where it takes in nothing else of their folder: next month's file is then found too. */
export function globOf(looks: readonly Look[], pathOf: (source: SourceFile) => string): string | undefined {
  const paths = looks.map(({ source }) => pathOf(source))
  const [first, ...others] = paths as [string, ...string[]]
  if (others.length === 0 || new Set(paths.map((path) => dirname(path))).size > 1) return undefined
  const common = (one: string, other: string) => {
    let at = 0
    while (at < one.length && one[at] === other[at]) at++
    return at
  }
  const turned = (text: string) => [...text].reverse().join('')
  const start = first.slice(0, Math.min(...others.map((other) => common(first, other)))).replace(/\d[\d._-]*$/, '')
  const end = turned(turned(first).slice(0, Math.min(...others.map((other) => common(turned(first), turned(other)))))).replace(/^\d[\d._-]*(?=\D)/, '').replace(/^\d+/, '')
  const folder = dirname(looks[0]!.source.path)
  const name = start.slice(start.lastIndexOf('/') + 1)
  if (name.length < least || !end.includes('.') || /[*?{[]/.test(start + end)) return undefined
  if (!paths.every((path) => path.length > start.length + end.length && /^[\d._-]+$/.test(path.slice(start.length, path.length - end.length)))) return undefined
  return readdirSync(folder).filter((other) => other.startsWith(name) && other.endsWith(end)).length === looks.length ? scalar(`${start}*${end}`) : undefined
}
