import { afterEach, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { openEngine } from '../../src/engine/open.ts'
import { publish } from '../../src/publish/publish.ts'
import { openRunFolder } from '../../src/publish/run-folder.ts'
import { bigBook, filesOf, outcomeOf, scratch } from './book.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach((clean) => clean()))

async function bytesWith(limits: { threads?: number; memory?: string }) {
  const { out, settings, done } = scratch(['worklists: { columns: [phone] }'])
  cleanups.push(done)
  const folder = await openRunFolder(out, settings.as_of)
  const engine = await openEngine('duckdb', { scale: 2, spill: folder.spill, ...limits })
  const { accounts, actions, accountsIn, money } = bigBook(30_000)
  const facts = () => ({ started_at: 'x', ended_at: 'y', stages: [], versions: {} })
  await publish({ outcome: outcomeOf(accounts, actions, { money }), accountsIn, settings, engine, folder, version: '0', facts })
  engine.close()
  folder.close()
  return filesOf(join(out, 'latest'))
}

/** All that may differ between equal runs stands in the object `run` of run.json. */
function sameAlways(name: string, bytes: Buffer): Buffer {
  if (name !== 'run.json') return bytes
  const { run, ...rest } = JSON.parse(bytes.toString()) as Record<string, unknown>
  expect(run).toBeDefined()
  return Buffer.from(JSON.stringify(rest))
}

describe('equal runs give equal bytes', () => {
  test('on any thread count and under a memory limit', async () => {
    const plain = await bytesWith({ threads: 1 })
    expect(Object.keys(plain).sort()).toEqual([
      'accounts.parquet', 'actions.parquet', 'reports/actions.csv', 'reports/ageing.csv', 'reports/exceptions.csv', 'run.json', 'worklists/firm.csv', 'worklists/firm.summary.json', 'worklists/first.csv', 'worklists/first.summary.json', 'worklists/soft.csv', 'worklists/soft.summary.json',
    ])
    for (const limits of [{ threads: 2 }, { threads: 4 }, { threads: 2, memory: '80MB' }]) {
      const other = await bytesWith(limits)
      for (const [name, bytes] of Object.entries(plain)) expect(sameAlways(name, other[name]!).equals(sameAlways(name, bytes)), `${name} with ${JSON.stringify(limits)}`).toBe(true)
      expect(Object.keys(other)).toEqual(Object.keys(plain))
    }
  }, 60_000)
})
