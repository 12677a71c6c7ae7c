import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { privateFolder } from '../../src/cli/private-folder.ts'
import { startProgress } from '../../src/cli/progress.ts'

afterEach(() => vi.restoreAllMocks())

test('stages in their order, each with its time, the last one ended by stop', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const progress = await startProgress({ terminal: false, debug: false })
  progress.stage('read', 'loans')
  await new Promise((resolve) => setTimeout(resolve, 30))
  progress.stage('publish')
  progress.stop()
  progress.stop()
  expect(progress.stages.map(({ name }) => name)).toEqual(['read: loans', 'publish'])
  expect(progress.stages[0]!.ms).toBeGreaterThanOrEqual(25)
  expect(progress.stages[1]!.ms).toBeLessThan(25)
  expect(written).not.toHaveBeenCalled()
})

test('with debug each is a line as it begins', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const progress = await startProgress({ terminal: false, debug: true })
  progress.stage('read', 'loans')
  progress.stage('publish')
  progress.stop()
  expect(written.mock.calls.map(([text]) => text)).toEqual(['stage read: loans\n', 'stage publish\n'])
})

test('the engine is not asked where nobody looks', async () => {
  const progress = await startProgress({ terminal: false, debug: false })
  const percent = vi.fn(() => 50)
  progress.follow(percent)
  await new Promise((resolve) => setTimeout(resolve, 250))
  progress.stop()
  expect(percent).not.toHaveBeenCalled()
})

test('a private folder is its owner\'s alone, and goes with all that is in it', () => {
  const { path, remove } = privateFolder()
  expect(statSync(path).mode & 0o777).toBe(0o700)
  writeFileSync(join(path, 'copy.csv'), 'a')
  remove()
  expect(existsSync(path)).toBe(false)
  remove()
})
