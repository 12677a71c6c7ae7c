// @ts-check
// Measures -> the tables that are printed. They are Markdown, so that they can stand in README.md as they come.

import { spoiltBooks } from './spoil.js'

/** @typedef {import('./measure.js').Measure} Measure */

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? /** @type {number} */ (sorted[middle]) : (/** @type {number} */ (sorted[middle - 1]) + /** @type {number} */ (sorted[middle])) / 2
}

/** @param {number} value */
const two = (value) => value.toFixed(2)

/** @param {number} bytes */
export const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`

/**
 * @param {string[]} header
 * @param {string[][]} rows
 */
export function table(header, rows) {
  const widths = header.map((cell, at) => Math.max(cell.length, ...rows.map((row) => (row[at] ?? '').length)))
  const line = (/** @type {string[]} */ cells) => `| ${widths.map((width, at) => at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width)).join(' | ')} |`
  return [line(header), `|${widths.map((width, at) => at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`).join('|')}|`, ...rows.map(line)].join('\n')
}

/**
 * Wall time of one job over that of another: of the medians, and its spread over the rounds in which both ran.
 * @param {readonly Measure[]} job
 * @param {readonly Measure[]} other
 */
function ratio(job, other) {
  const byRound = job.slice(0, other.length).map((measure, round) => measure.wallSeconds / /** @type {Measure} */ (other[round]).wallSeconds)
  return { ofMedians: median(job.map((m) => m.wallSeconds)) / median(other.map((m) => m.wallSeconds)), least: Math.min(...byRound), most: Math.max(...byRound) }
}

/**
 * @param {Map<string, Measure[]>} measures
 * @param {Map<string, string>} stopped jobs that ended with an error, and its first line
 */
export function jobsTable(measures, stopped) {
  const against = ['unchecked-lean', 'unchecked-full']
  const rows = [...measures].map(([name, all]) => {
    if (all.length === 0) return [name, '0', stopped.has(name) ? 'stops' : '-']
    return [
      name, String(all.length), two(Math.min(...all.map((m) => m.wallSeconds))), two(median(all.map((m) => m.wallSeconds))), two(median(all.map((m) => m.cpuSeconds))),
      gigabytes(Math.max(...all.map((m) => m.peakBytes))),
      ...against.map((other) => measures.get(other)?.length ? two(ratio(all, measures.get(other) ?? []).ofMedians) : '-'),
      two(Math.max(...all.map((m) => m.outsideCores))),
    ]
  })
  return table(['job', 'rounds', 'wall s, min', 'wall s, median', 'CPU s, median', 'peak memory', '/ unchecked-lean', '/ unchecked-full', 'outside load, cores'], rows)
}

/** What arrears is held to at 1,000,000 accounts on 2 cores: wall time over that of another job. */
const limits = [
  { job: 'arrears', other: 'unchecked-lean', atMost: 2.5 },
  { job: 'arrears', other: 'unchecked-full', atMost: 1.9 },
  { job: 'arrears', other: 'checked', atMost: 1 / 1.35 },
  { job: 'arrears', other: 'csv-stream', atMost: 1 / 4.5 },
  { job: 'arrears', other: 'arrears-clean', atMost: 1.3 },
  { job: 'arrears-reports', other: 'arrears', atMost: 1.35 },
  ...spoiltBooks.map(({ name, atMost }) => ({ job: name, other: 'arrears-clean', atMost })),
]

/** @type {Record<string, number>} */
const units = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 }

/** What arrears may hold at most: half a gigabyte above its limit. @param {string | undefined} memory */
function mostBytes(memory) {
  const [, value, unit = ''] = /^([\d.]+)\s*([KMG]i?B)$/i.exec(memory ?? '') ?? []
  return value === undefined ? 2.6e9 : Number(value) * (units[unit.toUpperCase()] ?? Number.NaN) + 0.5e9
}

/**
 * @param {Map<string, Measure[]>} measures
 * @param {{ accounts: number, memory: string | undefined }} asked
 */
export function limitsTable(measures, { accounts, memory }) {
  const held = (/** @type {boolean} */ is) => accounts !== 1_000_000 ? 'another size' : is ? 'yes' : 'no'
  const rows = limits.flatMap(({ job, other, atMost }) => {
    const a = measures.get(job) ?? []
    const b = measures.get(other) ?? []
    if (a.length === 0 || b.length === 0) return []
    const { ofMedians, least, most } = ratio(a, b)
    return [[`wall time, ${job} / ${other}`, two(ofMedians), `${two(least)} to ${two(most)}`, two(atMost), held(ofMedians <= atMost)]]
  })
  for (const { name, kind } of spoiltBooks) {
    const [own, clean] = [measures.get(name) ?? [], measures.get('arrears-clean') ?? []].map((all) => Math.max(...all.map(({ peakBytes }) => peakBytes)))
    const [cpu, cpuClean] = [measures.get(name) ?? [], measures.get('arrears-clean') ?? []].map((all) => all.length === 0 ? 0 : median(all.map(({ cpuSeconds }) => cpuSeconds)))
    if (cpu > 0 && cpuClean > 0) rows.push([`CPU time, ${name} / arrears-clean`, two(cpu / cpuClean), '', '', ''])
    if (kind === 'encoded' && own > 0 && clean > 0) rows.push([`peak memory, ${name} / arrears-clean`, two(own / clean), '', '1.10', held(own <= 1.1 * clean)])
  }
  const peaks = (measures.get('arrears') ?? []).map(({ peakBytes }) => peakBytes)
  if (peaks.length > 0) {
    const peak = Math.max(...peaks)
    rows.push(['peak memory, arrears', gigabytes(peak), `${gigabytes(Math.min(...peaks))} to ${gigabytes(peak)}`, gigabytes(mostBytes(memory)), held(peak <= mostBytes(memory))])
  }
  return rows.length === 0 ? undefined : table(['limits at 1,000,000 accounts', 'here', 'by round', 'at most', 'held'], rows)
}

/**
 * Stage times out of run.json's object `run`: a list of { name, ms }, or an object of them.
 * @param {unknown} manifest
 * @returns {[string, number][]}
 */
export function stageTimes(manifest) {
  const stages = /** @type {any} */ (manifest)?.run?.stages
  if (Array.isArray(stages)) return stages.map((stage) => [String(stage.name ?? stage.stage), Number(stage.ms ?? stage.seconds * 1000)])
  return typeof stages === 'object' && stages !== null ? Object.entries(stages).map(([name, ms]) => [name, Number(ms)]) : []
}

/** @param {[string, number][][]} rounds the stage times of each round */
export function stagesTable(rounds) {
  /** @type {Map<string, number[]>} */
  const byName = new Map()
  for (const [name, ms] of rounds.flat()) byName.set(name, [...byName.get(name) ?? [], ms])
  if (byName.size === 0) return undefined
  const medians = [...byName].map(([name, all]) => /** @type {const} */ ([name, median(all)]))
  const total = medians.reduce((sum, [, ms]) => sum + ms, 0)
  return table(['step of arrears', 'ms, median', 'share of all steps'], [...medians.map(([name, ms]) => [name, ms.toFixed(0), `${(100 * ms / total).toFixed(0)} %`]), ['sum', total.toFixed(0), '100 %']])
}
