// @ts-check
// The jobs that can be measured, each a Node.js script with its arguments.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spoiltBooks } from './spoil.js'

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {string} book the book asked for (own), the clean one of its size, none, or a spoilt one by its name
 * @property {(dir: string, out: string) => string[]} script
 * @property {(out: string) => string} [answers] the file that holds the answers of all accounts
 * @property {string[]} forAnswers what the script is told besides, to write them
 * @property {number[]} fine exit codes of a job that was done
 */

const path = (/** @type {URL} */ url) => fileURLToPath(url)
const bin = path(new URL('../bin/arrears.js', import.meta.url))
const rules = path(new URL('rules.yaml', import.meta.url))

export const arrearsIsBuilt = existsSync(new URL('../dist/cli/main.js', import.meta.url))

/**
 * @param {{ rough: boolean, rejects: boolean, memory: string | undefined }} asked
 * @returns {Job[]}
 */
export function allJobs({ rough, rejects, memory }) {
  const cap = memory === undefined ? [] : ['--memory', memory]
  /** @type {(name: string, url: URL, answers: string, limit: string[]) => Job} */
  const peer = (name, url, answers, limit) => ({
    name, book: 'own', script: (dir, out) => [path(url), dir, out, ...limit], answers: (out) => join(out, answers), forAnswers: ['--answers'], fine: [0],
  })
  /** @type {Omit<Job, 'name' | 'book'>} */
  const arrears = {
    script: (dir, out) => [bin, 'run', '--config', join(dir, 'arrears.yaml'), '--rules', rules, '--out', out, '--reports', 'none', ...cap],
    answers: (out) => join(out, 'latest', 'accounts.parquet'), forAnswers: [], fine: [0, 5], // 5: done, and a stated limit was crossed
  }
  const peers = [
    peer('unchecked-lean', new URL('peers/unchecked-lean.js', import.meta.url), 'answers.parquet', cap),
    peer('unchecked-full', new URL('peers/unchecked-full.js', import.meta.url), 'answers.parquet', cap),
    peer('checked', new URL('peers/checked.js', import.meta.url), 'answers.parquet', cap),
    peer('csv-stream', new URL('peers/csv-stream.js', import.meta.url), 'answers.csv', []),
  ]
  if (!arrearsIsBuilt) return peers
  const { answers: _, ...untold } = arrears
  /** @type {Job} */
  const reports = { name: 'arrears-reports', book: 'own', ...untold, script: (dir, out) => arrears.script(dir, out).map((word) => word === 'none' ? 'all' : word) }
  if (rejects) return [{ name: 'arrears-clean', book: 'clean', ...untold }, ...spoiltBooks.map(({ name }) => ({ name, book: name, ...untold }))]
  return [
    { name: 'arrears', book: 'own', ...arrears },
    reports,
    ...rough ? [/** @type {Job} */ ({ name: 'arrears-clean', book: 'clean', ...untold })] : [],
    ...peers,
    { name: 'help', book: 'none', script: () => [bin, '--help'], forAnswers: [], fine: [0] },
  ]
}
