import { afterAll, describe, expect, test } from 'vitest'
import { flags, type Flag } from '../../src/cli/flags.ts'
import { commands } from '../../src/cli/main.ts'
import { typedEngine, typedSettings } from '../../src/cli/typed-settings.ts'
import { cli } from './typed.ts'

const longs = (of: readonly Flag[]) => of.map(({ typed }) => typed.split(' ')[0]!)

describe.each(commands.map((command) => [command.name, command] as const))('help of %s', (name, command) => {
  test('says what it does, its flags by group with a sentence each, and its examples', async () => {
    const { code, stdout, stderr } = await cli(name, '--help')
    expect([code, stderr]).toEqual([0, ''])
    const plain = stdout.replace(/\s+/g, ' ')
    expect(plain).toContain(`Usage: arrears ${name} [options]`)
    expect(plain).toContain(command.says)
    for (const { typed, says, group } of command.flags.map((flag): Flag => flags[flag])) {
      expect(plain).toContain(`${typed} ${says}`)
      expect(stdout).toContain(`\n${group}:\n`)
    }
    expect(command.examples.length).toBeGreaterThan(0)
    for (const [says, example] of command.examples) expect(stdout).toContain(`  ${says}:\n    ${example}`)
    expect((await cli('help', name)).stdout).toBe(stdout)
    expect((await cli(name, '-h')).stdout).toBe(stdout)
  })

  test('its examples call it, with flags that it has', () => {
    for (const [, example] of command.examples) {
      const [program, called, ...words] = example.split(' ')
      expect(program).toBe('arrears')
      const other = commands.find((one) => one.name === called)!
      const typed = words.filter((word) => word.startsWith('--'))
      expect(longs(other.flags.map((flag): Flag => flags[flag]))).toEqual(expect.arrayContaining(typed))
    }
    expect(command.examples.some(([, example]) => example.startsWith(`arrears ${name}`))).toBe(true)
  })
})

test('help and version of the program', async () => {
  for (const argv of [['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await cli(...argv)
    expect([code, stderr]).toEqual([0, ''])
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`\\n  ${name} `))
    expect(stdout).toContain('Start with "arrears init"')
  }
  expect(await cli('--version')).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' })
})

// Needs a process of its own. Help is to be there at once: the database alone takes longer to load than all the rest.
test('none of this has loaded the database', () => {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] }
  expect(sharedObjects.filter((path) => /duckdb/i.test(path))).toEqual([])
})

describe('what was typed', () => {
  test('as settings: one, several, or none', () => {
    expect(typedSettings({ config: 'a.yaml', loans: ['l.csv', 'm.csv'], asOf: 'today', threads: '2', allowPartialDay: true })).toEqual({
      config: 'a.yaml', loans: ['l.csv', 'm.csv'], schedule: undefined, repayments: undefined, rules: undefined, asOf: 'today', workOn: undefined, out: undefined, engine: undefined, threads: '2', memory: undefined, allowPartialDay: true,
    })
    expect(typedSettings({}).allowPartialDay).toBe(false)
  })
  test('for an engine alone: held to what the settings file may say', async () => {
    expect(await typedEngine({})).toEqual({})
    expect(await typedEngine({ threads: '2', memory: '512MB' })).toEqual({ threads: 2, memory: '512MB' })
    for (const threads of ['abc', '0', '1.5', '']) await expect(typedEngine({ threads })).rejects.toMatchObject({ code: 'flag-wrong', exit: 2, says: `--threads is "${threads}".`, todo: 'It should be a whole number, 1 or more.' })
    await expect(typedEngine({ memory: 'much' })).rejects.toMatchObject({ exit: 2, says: '--memory is "much".' })
  })
  test('each flag is a sentence, and of one kind', () => {
    for (const { typed, says } of Object.values(flags)) {
      expect(typed).toMatch(/^--[a-z-]+( <[a-z]+(\.\.\.)?>)?$/)
      expect(says).toMatch(/^[A-Z`a-z].*\.$/)
    }
    expect(new Set(longs(Object.values(flags))).size).toBe(Object.keys(flags).length)
  })
})

describe('usage that is wrong ends with 2, a word on stderr, and nothing on stdout', () => {
  const before = process.exitCode
  afterAll(() => {
    process.exitCode = before
  })
  test.each([
    [['rum'], /unknown command 'rum'[^]*Did you mean run\?/],
    [['run', '--confg', 'x'], /unknown option '--confg'[^]*Did you mean --config\?/],
    [['age', '--rules', 'x.yaml'], /unknown option '--rules'/],
    [['--json'], /unknown option '--json'/],
    [['run', 'more'], /too many arguments/],
    [['run', '--as-of'], /argument missing/],
    [['explain'], /missing required argument 'account_id'/],
    [['init', 'a', 'b'], /too many arguments/],
  ])('%j', async (argv, word) => {
    expect(await cli(...argv)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(word) })
  })
  test('the program alone shows its help', async () => {
    expect(await cli()).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('Usage: arrears') })
  })
})
