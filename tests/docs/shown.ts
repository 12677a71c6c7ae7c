import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './clone.ts'

/** One command of a page and what the page says that it prints. */
export interface ShownCommand {
  /** Its line in the page, the first being 1. */
  readonly line: number
  readonly command: string
  readonly output: readonly string[]
}

/** README.md and all pages under docs/, by their paths. */
export const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((path) => join('docs', String(path))).filter((path) => path.endsWith('.md')).sort()]

export const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** The commands in the console blocks of a page: a line that begins with `$ `, and what stands below it. */
export function shownIn(page: string): ShownCommand[] {
  const found: { line: number; command: string; output: string[] }[] = []
  let inside = false
  for (const [at, text] of textOf(page).split('\n').entries()) {
    if (text.startsWith('```')) inside = text === '```console'
    else if (inside && text.startsWith('$ ')) found.push({ line: at + 1, command: text.slice(2), output: [] })
    else if (inside) found.at(-1)!.output.push(text)
  }
  return found.map((one) => ({ ...one, output: trimmed(one.output) }))
}

/** Without the blank lines at its end. */
const trimmed = (lines: readonly string[]) => lines.slice(0, lines.findLastIndex((text) => text !== '') + 1)

/** The page with what was printed below each command, the first line of the page being 1; what is shortened in it stays as it is. */
export function shownAnew(page: string, printed: ReadonlyMap<number, readonly string[]>): string {
  const out: string[] = []
  let skip = false
  for (const [at, text] of textOf(page).split('\n').entries()) {
    if (text.startsWith('```') || text.startsWith('$ ')) skip = false
    if (!skip) out.push(text)
    const lines = printed.get(at + 1)
    if (lines === undefined) continue
    out.push(...lines)
    skip = true
  }
  return out.join('\n')
}

/** A line of dots stands for any number of lines. The first stretch of the page that does not follow, or nothing. */
export function differs(shown: readonly string[], printed: readonly string[]): { shown: string; after: string } | undefined {
  const stretches = shown.join('\n').split(/(?:^|(?<=\n))\.\.\.(?:\n|$)/).map((part) => (part === '' ? [] : part.replace(/\n$/, '').split('\n')))
  let from = 0
  for (const [at, stretch] of stretches.entries()) {
    const last = at === stretches.length - 1
    const fits = (to: number) => stretch.every((line, i) => line === printed[to + i])
    const places = at === 0 ? [0] : last ? [printed.length - stretch.length] : Array.from({ length: Math.max(0, printed.length - from) }, (_, i) => from + i)
    const place = places.find((to) => to >= from && fits(to) && (stretches.length > 1 || printed.length === stretch.length))
    if (place === undefined) return { shown: stretch.join('\n'), after: printed.slice(from).join('\n') }
    from = place + stretch.length
  }
  return undefined
}

/** What was printed, as lines: without the byte order mark of files for people, which no terminal shows. */
export const linesOf = (output: string) => trimmed(output.replaceAll('\uFEFF', '').split('\n'))
