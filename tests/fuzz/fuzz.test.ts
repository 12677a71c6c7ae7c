import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { built } from '../built.ts'
import { numbers } from '../read/nasty.ts'
import { books, inputs, parquetBook, type Book } from './book.ts'
import { mutatedMapping } from './mappings.ts'
import { mutated, mutatedBytes, oneOf, zipped } from './mutate.ts'
import { shrunk } from './shrink.ts'
import { readTrial, runTrial, written, type Command, type Trial } from './tried.ts'
import { watchdog } from './watch.ts'

// Exports spoilt at random, read with mappings that are: an answer in which every record is accepted or rejected, or a clear error. Here a
// few from a seed of their own; `npm run test:fuzz` goes on for minutes, each day from another seed.

const minutes = Number(process.env['ARREARS_FUZZ_MINUTES'] ?? 0)
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const few = 30
const folder = mkdtempSync(join(tmpdir(), 'arrears-fuzz-'))
const keep: string[] = []
afterAll(() => keep.length === 0 && rmSync(folder, { recursive: true }))

const commands: readonly Command[] = ['age', 'run', 'init', 'age', 'check']

function trialOf(known: readonly Book[], seed: number): { name: string; trial: Trial } {
  const random = numbers(seed)
  const { name, files, settings } = oneOf(random, known)
  const spoilt = Object.entries(files).map(([file, bytes]) => [file, random(2) === 0 ? bytes : file.endsWith('.csv') ? mutated(random, bytes) : mutatedBytes(random, bytes)] as const)
  const zips = new Set(spoilt.filter(([file]) => file.endsWith('.csv') && random(25) === 0).map(([file]) => file))
  const mappings = Object.fromEntries(
    inputs.filter((input) => settings['inputs'][input] !== undefined).map((input) => {
      const bytes = files[`${input}.csv`]
      const header = (bytes ?? Buffer.alloc(0)).toString('latin1').split('\n').find((line) => line.includes('account_id') || line.split(',').length > 3) ?? ''
      return [input, { ...mutatedMapping(random, settings['inputs'][input], header.split(/[,;]/)), ...(zips.has(`${input}.csv`) ? { files: `${input}.csv.gz` } : {}) }]
    }),
  )
  // JSON is YAML too.
  const text = JSON.stringify({ ...settings, inputs: mappings })
  return {
    name: `${seed} of ${name}`,
    trial: { files: Object.fromEntries(spoilt.map(([file, bytes]) => (zips.has(file) ? [`${file}.gz`, zipped(random, bytes)] : [file, bytes]))), settings: random(40) === 0 ? mutated(random, Buffer.from(text)).toString('latin1') : text },
  }
}

test('spoilt exports and mappings: an answer or a clear error, and no record lost', { timeout: (minutes + 10) * 60_000 }, async () => {
  const dog = watchdog(120)
  mkdirSync(join(folder, 'parquet'))
  const known = books()
  known.push(await parquetBook(known[0]!, join(folder, 'parquet')))
  const outcomes = new Map<string, number>()
  const wrong: string[] = []
  const until = Date.now() + minutes * 60_000
  let tried = 0
  for (; (minutes > 0 ? Date.now() < until : tried < few) && wrong.length < 20; tried++) {
    const { name, trial } = trialOf(known, seed * 1_000_003 + tried)
    const command = built && tried % 3 === 0 ? commands[(tried / 3) % commands.length]! : undefined
    const go = (one: Trial) => (command === undefined ? readTrial(join(folder, 'run'), one) : runTrial(join(folder, 'run'), one, command))
    dog.begin(name)
    try {
      const outcome = await go(trial)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    } catch (error) {
      const said = (of: unknown) => String((of as Error).message).split('\n')[0]!.replace(/\d+/g, 'n').slice(0, 80)
      if (wrong.some((one) => one.includes(said(error)))) continue
      const small = await shrunk(trial, (one) => go(one).then(() => false, (other) => said(other) === said(error)), Date.now() + 20_000)
      const place = join(folder, `failed-${keep.length}`)
      written(place, small)
      keep.push(place)
      wrong.push(`${said(error)}\n  ${name}: ${(error as Error).message}\n  ${place}`)
    }
  }
  await dog.done()
  if (minutes > 0) console.log(`${tried} trials from seed ${seed}\n${[...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `  ${count} ${outcome}`).join('\n')}`)
  expect(wrong.join('\n')).toBe('')
})
