import { expect, test, vi } from 'vitest'
import { given } from '../read/given.ts'
import { cli } from './typed.ts'

// An engine that fails in a way that nobody foresaw: a fault of ours.
vi.mock('../../src/engine/open.ts', () => ({
  openEngine: () => Promise.reject(Object.assign(new Error('Binder Error: no such column\nLINE 1: SELECT ...'), { statement: 'SELECT nothing' })),
}))

const { config } = given({ 'rules.yaml': '- table: actions\n  hit: first\n  rules:\n    - id: N\n      when: {}\n      then: { action: none, reason: x }\n' }, { rules: 'rules.yaml' })

test.each(['run', 'age', 'check', 'explain'])('%s: one line, exit 1, nothing on stdout', async (name) => {
  const { code, stdout, stderr } = await cli(name, ...(name === 'explain' ? ['A1'] : []), '--config', config)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toBe('error unexpected  Binder Error: no such column. This is a fault of arrears: run again with --debug and report what it prints. Nothing was published.\n')
})

test('with --debug the stack and the statement', async () => {
  const { stderr } = await cli('age', '--config', config, '--debug')
  expect(stderr).toMatch(/unexpected\.test\.ts:\d+/)
  expect(stderr).toContain('SELECT nothing')
})
