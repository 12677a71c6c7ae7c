#!/usr/bin/env node
// @ts-check
// node bench/spoil.js NAME CLEAN OUTDIR
// Copies of the clean book with rows that are wrong, or in another encoding. What is wrong with a row follows from its number alone.
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shape } from './book.js'

/**
 * @typedef {object} Spoilt
 * @property {string} name
 * @property {'values' | 'broken' | 'all' | 'encoded'} kind
 * @property {number} share of the rows
 * @property {number} atMost wall time of arrears over that on the clean book
 */

/** @type {readonly Spoilt[]} */
export const spoiltBooks = [
  { name: 'values-0.001', kind: 'values', share: 0.001, atMost: 1.25 },
  { name: 'broken-0.001', kind: 'broken', share: 0.001, atMost: 1.8 },
  { name: 'bad-0.05', kind: 'all', share: 0.05, atMost: 2 },
  { name: 'bad-0.5', kind: 'all', share: 0.5, atMost: 3 },
  { name: 'gb18030', kind: 'encoded', share: 0, atMost: 2 },
]

/** Where dates and amounts stand in the lines of the clean book. */
const columns = { loans: { date: 6, amount: 5, fields: 10 }, schedule: { date: 2, amount: 3, fields: 5 }, repayments: { date: 2, amount: 3, fields: 4 } }

/** 0 to below 1, by the number of a row: the same on every machine. @param {number} at @param {number} stream */
function draw(at, stream) {
  let hash = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

const notDates = ['31/02/2025', '2025-13-45', '2025-02-30', 'n/a']
const notAmounts = ['n/a', '12..5', '1e3', 'abc']
const pick = (/** @type {readonly string[]} */ of, /** @type {number} */ by) => /** @type {string} */ (of[Math.floor(by * of.length)])

/** @param {string} line @param {number} at @param {typeof columns['loans']} where */
function badValue(line, at, { date, amount }) {
  const fields = line.split(',')
  if (draw(at, 1) < 0.5) fields[date] = pick(notDates, draw(at, 2))
  else fields[amount] = pick(notAmounts, draw(at, 2))
  return fields.join(',')
}

/** Fewer fields, more fields, text behind a quote, a quote that never closes, a bare CR, a byte that is no UTF-8. @param {string} line @param {number} at */
function brokenRecord(line, at) {
  const end = line.lastIndexOf(',')
  const kind = Math.floor(draw(at, 3) * 6)
  if (kind === 0) return line.slice(0, end)
  if (kind === 1) return `${line},more,"and more"`
  if (kind === 2) return `${line.slice(0, end)},"x"${line.slice(end + 1)}`
  if (kind === 3) return `${line.slice(0, end)},"${line.slice(end + 1)}`
  if (kind === 4) return `${line.slice(0, end)},\r${line.slice(end + 1)}`
  return `${line.slice(0, end)},\udcff${line.slice(end + 1)}`
}

/** @param {string} line @param {number} at @param {typeof columns['loans']} where */
function bad(line, at, where) {
  const kind = draw(at, 4)
  if (kind < 0.4) return badValue(line, at, where)
  if (kind < 0.5) return line.replace(/^[^,]*/, '')
  if (kind < 0.6) return `${line}\n${line}`
  return brokenRecord(line, at)
}

const regions = { north: '北区', south: '南区', east: '东区', west: '西区', coast: '沿海', central: '中部', lakes: '湖区', capital: '首都' }
/** Of the characters above; the rest of the book is ASCII. @type {Record<string, number[]>} */
const gb = { 北: [0xb1, 0xb1], 区: [0xc7, 0xf8], 南: [0xc4, 0xcf], 东: [0xb6, 0xab], 西: [0xce, 0xf7], 沿: [0xd1, 0xd8], 海: [0xba, 0xa3], 中: [0xd6, 0xd0], 部: [0xb2, 0xbf], 湖: [0xba, 0xfe], 首: [0xca, 0xd7], 都: [0xb6, 0xbc] }

/** @param {string} text */
function encoded(text) {
  return Buffer.from([...text].map((char) => gb[char] === undefined ? char : String.fromCharCode(.../** @type {number[]} */ (gb[char]))).join(''), 'latin1')
}

/** A lone surrogate stands for a byte that is none of UTF-8. @param {string} text */
const bytesOf = (text) => text.includes('\udcff') ? Buffer.concat(text.split('\udcff').flatMap((part, at) => at === 0 ? [Buffer.from(part)] : [Buffer.from([0xff]), Buffer.from(part)])) : Buffer.from(text)

/**
 * Writes the copy of a clean book, line by line.
 * @param {Spoilt} spoilt
 * @param {string} clean
 * @param {string} dir
 */
export async function spoil({ kind, share, name }, clean, dir) {
  mkdirSync(dir, { recursive: true })
  rmSync(join(dir, 'book.json'), { force: true })
  for (const [input, where] of Object.entries(columns)) {
    const out = createWriteStream(join(dir, `${input}.csv`))
    let rest = ''
    let at = -1
    /** @param {string} line */
    const one = (line) => {
      const row = at++
      if (row === -1) return line
      if (kind === 'encoded') return input === 'loans' ? line.replace(/,(north|south|east|west|coast|central|lakes|capital),/, (_, region) => `,${regions[/** @type {keyof typeof regions} */ (region)]},`) : line
      if (draw(row, 0) >= share) return line
      return kind === 'values' ? badValue(line, row, where) : kind === 'broken' ? brokenRecord(line, row) : bad(line, row, where)
    }
    for await (const part of createReadStream(join(clean, `${input}.csv`), { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      const text = lines.map((line) => `${one(line)}\n`).join('')
      if (!out.write(kind === 'encoded' && input === 'loans' ? encoded(text) : bytesOf(text))) await once(out, 'drain')
    }
    out.end()
    await once(out, 'close')
  }
  writeFileSync(join(dir, 'book.json'), `${JSON.stringify({ spoilt: name, shape })}\n`)
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, clean, dir] = process.argv.slice(2)
  const spoilt = spoiltBooks.find((one) => one.name === name)
  if (spoilt === undefined || clean === undefined || dir === undefined) {
    console.error(`usage: node bench/spoil.js NAME CLEAN OUTDIR, NAME being one of ${spoiltBooks.map((one) => one.name).join(', ')}`)
    process.exit(2)
  }
  await spoil(spoilt, clean, dir)
}
