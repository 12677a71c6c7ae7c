import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Engine } from '../../src/engine/engine.ts'
import { forget } from '../../src/engine/forget.ts'
import { openEngine } from '../../src/engine/open.ts'
import { relation, relationsIn } from '../../src/engine/relation.ts'
import { sql } from '../../src/engine/sql.ts'
import { UserError, UserErrors } from '../../src/errors.ts'
import { inputNames } from '../../src/read/inputs.ts'
import { lineIn } from '../../src/read/load.ts'
import { planInputs, read, type ReadInput } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import type { Encoding } from '../../src/settings/mapping-fields.ts'
import { quarantine } from '../../src/validate/rejected.ts'
import { validate } from '../../src/validate/validate.ts'
import { runBuilt } from '../built.ts'
import { listAllRules } from '../proof/age-book.ts'
import { endsInCr, recordsIn } from '../reference/records.ts'

/** Files as bytes and the text of a settings file. */
export interface Trial {
  readonly files: Readonly<Record<string, Buffer>>
  readonly settings: string
}

export function written(dir: string, { files, settings }: Trial): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, name), bytes)
  writeFileSync(join(dir, 'arrears.yaml'), settings)
  return join(dir, 'arrears.yaml')
}

/** Errors that no file may cause. */
const ours = new Set(['count-differs', 'identity-broken', 'disk-full', 'memory-full'])

let shared: Promise<Engine> | undefined

/** Reads and judges a book: an answer whose rows are all there, or a clear error, whose codes it gives. Throws where it is neither. */
export async function readTrial(dir: string, trial: Trial): Promise<string> {
  const config = written(dir, trial)
  shared ??= openEngine('duckdb', { scale: 2, threads: 1 })
  const engine = await shared
  engine.setScale(2)
  try {
    const settings = loadSettings({ config }, true)
    // Some by the reader that proves its records, which large files have.
    const plans = await planInputs(engine, settings, trial.settings.length % 2 === 0 ? 0 : undefined)
    const book = await read(engine, plans, settings, dir)
    const judged = validate(book, settings)
    let all = 0
    for (const input of inputNames) {
      const kept = await quarantine(engine, book[input], judged[input])
      const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${judged[input].accepted}`)
      await engine.drop(kept.broken)
      const accepted = Number(row!.n)
      if (accepted + kept.rejected !== book[input].read) throw new Error(`${input}: ${accepted} accepted + ${kept.rejected} rejected of ${book[input].read}`)
      if (kept.rejects.length !== kept.rejected) throw new Error(`${input}: ${kept.rejects.length} of ${kept.rejected} rejected rows are shown`)
      const { encoding } = settings.inputs[input]
      counted(book[input], encoding)
      placed(book[input], encoding, [...kept.rejects])
      all += kept.rejected
    }
    await forget(engine, relationsIn([judged]), [])
    return all === 0 ? 'all accepted' : 'some rejected'
  } catch (error) {
    const faulty = !(error instanceof UserError || error instanceof UserErrors)
    // What it left half made is no matter to the next.
    if (faulty) {
      shared = undefined
      engine.close()
    }
    return codesOf(error)
  } finally {
    if (shared !== undefined) for (const input of inputNames) await engine.drop(relation({ name: `${input} read`, says: '', columns: {}, kept: 'table' }))
  }
}

function codesOf(error: unknown): string {
  const all = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : undefined
  if (all === undefined) throw error
  for (const { code, says, todo, exit } of all) if (ours.has(code) || (exit !== 2 && exit !== 3) || `${says}${todo}`.includes('undefined') || says === '') throw error
  return `${Math.max(...all.map(({ exit }) => exit))} ${all[0]!.code}`
}

/** The text of a file as it is meant, without the lines above its header. */
function textOf({ source, above = 0 }: ReadInput['files'][number], encoding: Encoding): string {
  const path = source.given?.path ?? source.path
  const stored = readFileSync(path)
  const bytes = path.endsWith('.gz') ? gunzipSync(stored) : stored
  const be = encoding === 'utf-16' && bytes[0] === 0xfe && bytes[1] === 0xff
  const text = encoding === 'utf-8' || encoding === 'latin-1' ? bytes.toString(encoding === 'utf-8' ? 'utf8' : 'latin1') : new TextDecoder(be ? 'utf-16be' : encoding === 'utf-16' ? 'utf-16le' : encoding, { ignoreBOM: true }).decode(bytes)
  let rest = text
  for (let left = above; left > 0; left--) rest = rest.replace(/^[^\r\n]*(?:\r\n|\r|\n|$)/, '')
  return rest
}

/** Rows read, and those left out, are the records of the file. */
function counted({ input, files }: ReadInput, encoding: Encoding) {
  for (const file of files.filter(({ source }) => source.format !== 'parquet')) {
    const { delimiter, quote } = file.shape
    const { records } = recordsIn(textOf(file, encoding), { delimiter, quote })
    const got = file.rows + file.brokenCount + (file.found?.leftOut ?? 0)
    if (got !== records) throw new Error(`${input}: ${file.rows} rows + ${file.brokenCount} broken + ${file.found?.leftOut ?? 0} left out, and ${records} records in the file`)
  }
}

/** Each rejected row begins where it is said to. */
function placed({ input, files }: ReadInput, encoding: Encoding, rejects: readonly { file: string; line: number; raw: string; code: string }[]) {
  for (const file of files.filter(({ source }) => source.format !== 'parquet')) {
    const text = textOf(file, encoding).replace(/^\ufeff/, '')
    const ends = endsInCr(text, file.shape.quote) ? /\r\n|\r|\n/ : /\n/
    const lines = text.split(ends)
    for (const { line, raw, code } of rejects.filter((one) => one.file === file.source.name)) {
      const at = line - lineIn(file, 0)
      const first = raw.split(ends)[0]!
      if (!(lines[at - 1] ?? '').startsWith(first)) throw new Error(`${input}: line ${line} (${code}) is not ${JSON.stringify(raw.slice(0, 200))}`)
    }
  }
}

const fine = new Set([0, 2, 3, 5])

export type Command = 'age' | 'check' | 'run' | 'init'

/** What is typed: init proposes settings from the files alone. */
function typed(command: Command, dir: string, config: string, files: readonly string[]): string[] {
  switch (command) {
    case 'age': return ['age', '--json', '--config', config]
    case 'check': return ['check', '--config', config]
    case 'run': return ['run', '--quiet', '--rules', join(dir, 'rules.yaml'), '--out', join(dir, 'out'), '--config', config]
    case 'init': return ['init', join(dir, 'proposed'), '--from', ...files.map((file) => join(dir, file))]
  }
}

/** The command itself, in this process: its exit code and the first error, or what is wrong with them. */
export async function runTrial(dir: string, trial: Trial, command: Command): Promise<string> {
  const config = written(dir, trial)
  writeFileSync(join(dir, 'rules.yaml'), listAllRules)
  const { exit, stdout, stderr } = await runBuilt(typed(command, dir, config, Object.keys(trial.files)))
  if (command === 'init' && exit === 0) {
    // What it proposes can be checked: a question may be open, and the files may be as bad as they are.
    const checked = await runBuilt(['check', '--config', join(dir, 'proposed/arrears.yaml')])
    if (!fine.has(checked.exit) || /settings-(wrong|unreadable)/.test(checked.stderr)) throw new Error(`what init wrote: exit ${checked.exit}: ${checked.stderr.slice(0, 500)}`)
  }
  if (!fine.has(exit)) throw new Error(`exit ${exit}: ${stderr.slice(0, 500)}`)
  if (/error unexpected|\n\s+at [^ ]+ \(|undefined|\[object Object\]/.test(stderr)) throw new Error(`exit ${exit}: ${stderr.slice(0, 500)}`)
  if ((exit === 2 || exit === 3) && !/^error [a-z0-9-]+/m.test(`${stderr}${stdout}`) && command !== 'check') throw new Error(`exit ${exit} without an error: ${stderr}`)
  if (command === 'age' && exit === 0) agrees(stdout)
  return `${exit} ${/^error ([a-z0-9-]+)/m.exec(stderr)?.[1] ?? ''}`.trim()
}

/** The control totals of `age --json`, added up once more. */
function agrees(stdout: string) {
  const { rows } = JSON.parse(stdout) as { rows: { input: string; records: number; read: number; accepted: number; rejected: number }[] }
  for (const one of rows) if (one.read !== one.accepted + one.rejected || one.read !== one.records) throw new Error(`rows of ${one.input}: ${JSON.stringify(one)}`)
}
