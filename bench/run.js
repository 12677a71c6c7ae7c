#!/usr/bin/env node
// @ts-check
// node bench/run.js [--accounts 1000000] [--rounds 5] [--rough] [--bad-share 0.001] [--rejects] [--memory 512MB] [--only name,...] [--data DIR] [--json FILE]
// The jobs take turns in each round; afterwards their answers are compared account by account. Ends with 1 where they differ or a job fails.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBook, ensureSpoilt, warm } from './book.js'
import { gigabytes, jobsTable, limitsTable, stageTimes, stagesTable, table } from './figures.js'
import { allJobs, arrearsIsBuilt } from './jobs.js'
import { measure } from './measure.js'
import { spoiltBooks } from './spoil.js'

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./measure.js').Measure} Measure */

const flagTypes = /** @type {const} */ ({
  accounts: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' }, rough: { type: 'boolean', default: false }, rejects: { type: 'boolean', default: false }, 'bad-share': { type: 'string', default: '0.001' },
  memory: { type: 'string' }, only: { type: 'string' }, data: { type: 'string', default: fileURLToPath(new URL('data', import.meta.url)) }, json: { type: 'string' },
})

const asked = readFlags()
const jobs = chosenJobs()
/** @type {Record<string, string>} */
const books = { own: '', clean: '', none: '' }
if (jobs.some(({ book }) => book === 'own')) books.own = ensureBook({ accounts: asked.accounts, rough: asked.rough, badShare: asked.rough ? asked.badShare : 0 }, asked.data)
if (jobs.some(({ book }) => book === 'clean')) books.clean = ensureBook({ accounts: asked.accounts, rough: false, badShare: 0 }, asked.data)
for (const spoilt of spoiltBooks) if (jobs.some(({ book }) => book === spoilt.name)) books[spoilt.name] = ensureSpoilt(spoilt, asked.accounts, asked.data)

mkdirSync(asked.data, { recursive: true })
const outputs = mkdtempSync(join(asked.data, 'out-'))
process.on('exit', () => rmSync(outputs, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))

/** @type {Map<string, Measure[]>} */
const measures = new Map(jobs.map(({ name }) => [name, []]))
/** @type {Map<string, string>} jobs that ended with an error, and what they said */
const stopped = new Map()
/** @type {[string, number][][]} */
const stages = []

const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${gigabytes(totalmem())}, ${platform()} ${release()} ${arch()}, Node.js ${process.versions.node}`
console.log(`${machine}\n${asked.accounts.toLocaleString('en')} accounts, ${asked.rejects ? 'the clean book and spoilt copies of it' : asked.rough ? `rough book, ${asked.badShare} of the rows bad` : 'clean book'}, ${asked.rounds} rounds${asked.memory === undefined ? '' : `, memory limit ${asked.memory} (csv-stream knows none)`}\n`)

if (asked.rounds > 0) {
  await timedRounds()
  console.log([jobsTable(measures, stopped), limitsTable(measures, asked), stagesTable(stages)].filter(Boolean).join('\n\n'), '\n')
}
const agreements = await agreementPass()
for (const [name, words] of stopped) console.log(`\n${name} stopped: ${words.split('\n').find((line) => /error/i.test(line)) ?? words}`)
if (asked.json !== undefined) {
  writeFileSync(asked.json, `${JSON.stringify({ machine, ...asked, measures: Object.fromEntries(measures), stopped: Object.fromEntries(stopped), stages, agreements }, null, 2)}\n`)
}
const unexpected = [...stopped.keys()].filter((name) => !mayStop(name))
if (unexpected.length > 0 || agreements.some(({ differences }) => differences > 0)) process.exitCode = 1

/** Scripts that check nothing end at the first value that does not read, and so does the comparison with them. @param {string} name */
function mayStop(name) {
  return asked.rough && asked.badShare > 0 && name.startsWith('unchecked-')
}

async function timedRounds() {
  for (const dir of Object.values(books)) if (dir !== '') warm(dir)
  for (let round = 0; round < asked.rounds; round++) {
    // each round begins with another job, so that none always follows the same one
    for (let turn = 0; turn < jobs.length; turn++) {
      const job = /** @type {Job} */ (jobs[(round + turn) % jobs.length])
      if (stopped.has(job.name)) continue
      const out = join(outputs, job.name)
      const result = await measure(job.script(books[job.book] ?? '', out))
      if (job.fine.includes(result.exitCode ?? -1)) {
        measures.get(job.name)?.push(result)
        if (job.name === 'arrears') stages.push(readStages(out))
      } else stopped.set(job.name, result.stderr.trim() || `exit code ${result.exitCode}`)
      process.stderr.write(`round ${round + 1}: ${job.name} ${stopped.has(job.name) ? 'stopped' : `${result.wallSeconds.toFixed(2)} s`}\n`)
      rmSync(out, { recursive: true, force: true })
    }
  }
}

/** @param {string} out */
function readStages(out) {
  const manifest = join(out, 'latest', 'run.json')
  return existsSync(manifest) ? stageTimes(JSON.parse(readFileSync(manifest, 'utf8'))) : []
}

/** Runs each job once more, untimed, and holds its answers against those of the first: arrears where it runs. */
async function agreementPass() {
  /** @type {Map<string, string>} */
  const answers = new Map()
  for (const job of jobs) {
    if (job.answers === undefined || stopped.has(job.name)) continue
    const out = join(outputs, `${job.name}-answers`)
    const result = await measure([...job.script(books[job.book] ?? '', out), ...job.forAnswers])
    if (job.fine.includes(result.exitCode ?? -1)) answers.set(job.name, job.answers(out))
    else stopped.set(job.name, result.stderr.trim() || `exit code ${result.exitCode}`)
  }
  if (answers.size < 2) {
    console.log('agreement: nothing to compare, fewer than two jobs gave answers')
    return []
  }
  const { agree } = await import('./agree.js')
  const found = await agree(answers)
  const count = (/** @type {number} */ n) => n.toLocaleString('en')
  console.log(table(['agreement, account by account', 'compared', 'in one only', 'days differ', 'overdue differs', 'tier differs', 'rule differs'],
    found.map((a) => [`${a.name} with ${a.against}`, count(a.compared), count(a.oneOnly), count(a.days), count(a.overdue), count(a.tier), count(a.rule)])))
  for (const a of found) for (const example of a.examples) console.log(`${a.name} (b) with ${a.against} (a): ${JSON.stringify(example)}`)
  return found
}

function parsed() {
  try {
    return parseArgs({ options: flagTypes }).values
  } catch (error) {
    return stop(/** @type {Error} */ (error).message)
  }
}

function readFlags() {
  const values = parsed()
  const flags = { accounts: Number(values.accounts), rounds: Number(values.rounds), rough: values.rough, rejects: values.rejects, badShare: Number(values['bad-share']), memory: values.memory, only: values.only, data: values.data, json: values.json }
  if (!Number.isInteger(flags.accounts) || flags.accounts < 1) stop('--accounts takes a whole number above 0')
  if (!Number.isInteger(flags.rounds) || flags.rounds < 0) stop('--rounds takes a whole number')
  if (!(flags.badShare >= 0 && flags.badShare < 1)) stop('--bad-share takes a number from 0 to below 1')
  return flags
}

/** @returns {Job[]} */
function chosenJobs() {
  if (!arrearsIsBuilt) console.error('\n!!! arrears is not built (there is no dist/cli/main.js): ONLY THE PEERS RUN. "npm run build" builds it.\n')
  const all = allJobs(asked)
  const names = asked.only?.split(',')
  const unknown = (names ?? []).filter((name) => !all.some((job) => job.name === name))
  if (unknown.length > 0) stop(`--only: no job ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`)
  return names === undefined ? all : all.filter(({ name }) => names.includes(name))
}

/** @param {string} words @returns {never} */
function stop(words) {
  console.error(`bench: ${words}`)
  process.exit(2)
}
