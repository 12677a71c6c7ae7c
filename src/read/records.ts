import { isAscii, isUtf8 } from 'node:buffer'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { hasEdgeBlank } from './edges.ts'
import { plainFacts, type PlainShape } from './plain.ts'
import { storedFacts } from './stored.ts'
import { walk, type Tuning } from './walk.ts'

export { parseFields } from './fields.ts'
export { locate } from './locate.ts'
export { repair, type BadRecord } from './repair.ts'

/** `columns`: fields of the header, which is the first record that is not a blank line. One byte each for delimiter and quote; quote '' for none. */
export type CsvShape = { delimiter: string; quote: string; columns: number }
export type FileSource = { path: string; gzip: boolean }

export type FileFacts = {
  /** Of the file as stored, a .gz not unzipped; all the rest is of its text. */
  bytes: number
  sha256: string
  /** Data records that a strict reader would give if all were sound: without header and blank lines (but a blank line is a record where there is one column). */
  records: number
  quotes: boolean
  nul: boolean
  /** Some field may begin or end with a space, tab, U+00A0 or U+3000, right up to a quote too. Never wrongly false. */
  edgeBlanks: boolean
  /** A CR outside quotes that ends no line. */
  bareCr: boolean
  mixedEnds: boolean
  utf8: boolean
  bom: boolean
  endsWithNewline: boolean
  /** The header stands on the first line, on one line, with sound quotes. Absent where no text was scanned. */
  plainHeader?: boolean
  /** Sound records that go over several lines, and the line of the first one in which a line looks like a row of its own. */
  overLines?: number
  holdsRow?: number | undefined
  /** Every record is in the one shape that the typed reader and the guards read alike. */
  plain?: boolean
}

/**
 * Whether the engine must be given the clean copy even if its strict load of the file itself did not fail: with such a header it can lose rows
 * in silence, with such line ends it can split a record in two.
 */
export const misleads = (facts: FileFacts) => facts.bareCr || facts.mixedEnds || facts.plainHeader === false

/** The facts of one file, in the calling thread. */
export async function scanFacts(source: FileSource, shape: CsvShape, signal?: AbortSignal, tuning?: Tuning, plain?: PlainShape): Promise<FileFacts> {
  const known = plain === undefined ? undefined : await plainFacts(source, shape, plain, signal)
  if (known !== undefined) return known
  const { stored, facts } = storedFacts()
  const quote = shape.quote === '' ? -1 : shape.quote.charCodeAt(0)
  let quotes = false
  let nul = false
  let edgeBlanks = false
  let utf8 = true
  const totals = await walk(
    source,
    shape,
    false,
    {
      signal,
      stored,
      stretch(text, from, to) {
        const part = text.subarray(from, to)
        quotes ||= quote !== -1 && part.includes(quote)
        nul ||= part.includes(0)
        const ascii = isAscii(part)
        utf8 &&= ascii || isUtf8(part)
        edgeBlanks ||= hasEdgeBlank(part, shape.delimiter.charCodeAt(0), quote, ascii)
      },
    },
    tuning,
  )
  const { records, bareCr, mixedEnds, bom, endsWithNewline, plainHeader, overLines, holdsRow } = totals
  return { ...facts(), records, quotes, nul, edgeBlanks, bareCr, mixedEnds, utf8, bom, endsWithNewline, plainHeader, ...(overLines === 0 ? {} : { overLines, holdsRow }) }
}

export interface ScanJob { source: FileSource; shape: CsvShape; plain?: PlainShape | undefined }
export type ScanAnswer = { facts: FileFacts[] } | { failed: { message: string; code?: string | undefined; at?: number | undefined } }

/** The facts of several files, one after the other, on a thread of their own. After `stop()` the promise rejects. */
export function startScan(jobs: readonly ScanJob[]): { facts: Promise<FileFacts[]>; stop(): void } {
  // Little is counted sooner than a thread starts. Started from the sources (tests), there is no script that a worker could run.
  const { facts, stop } = import.meta.url.endsWith('.ts') || !isMuch(jobs) ? scanHere(jobs) : scanBeside(jobs)
  // The caller looks at the promise only after its own load; a fault before that must not end the process.
  facts.catch(() => {})
  return { facts, stop }
}

const much = 8 << 20
const isMuch = (jobs: readonly ScanJob[]) => jobs.reduce((sum, { source }) => sum + (statSync(source.path, { throwIfNoEntry: false })?.size ?? 0), 0) > much

function scanHere(jobs: readonly ScanJob[]) {
  const stopped = new AbortController()
  return { facts: scanAll(jobs, stopped.signal), stop: () => stopped.abort(new Error('stopped')) }
}

/** What the worker runs. */
export async function scanAll(jobs: readonly ScanJob[], signal?: AbortSignal): Promise<FileFacts[]> {
  const facts: FileFacts[] = []
  for (const [at, { source, shape, plain }] of jobs.entries()) {
    try {
      facts.push(await scanFacts(source, shape, signal, undefined, plain))
    } catch (error) {
      // Which file it was; a scan that was stopped has no fault of a file.
      throw signal?.aborted ? error : Object.assign(error as Error, { at })
    }
  }
  return facts
}

function scanBeside(jobs: readonly ScanJob[]) {
  // One up and down again: the built program has this file in another folder beside it.
  const worker = new Worker(new URL('../read/scan-worker.js', import.meta.url), { workerData: jobs })
  const facts = new Promise<FileFacts[]>((resolve, reject) => {
    worker.once('message', (answer: ScanAnswer) => {
      if ('facts' in answer) resolve(answer.facts)
      else {
        const { message, ...facts } = answer.failed
        reject(Object.assign(new Error(message), facts))
      }
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('stopped')))
  })
  return { facts, stop: () => void worker.terminate() }
}
