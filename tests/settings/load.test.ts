import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UserError, UserErrors } from '../../src/errors.ts'
import { loadSettings, type FlagSettings } from '../../src/settings/load.ts'

const base = mkdtempSync(join(tmpdir(), 'arrears-settings-'))
afterAll(() => rmSync(base, { recursive: true }))
let count = 0

function put(lines: readonly string[] | string, folder = `${++count}`): string {
  mkdirSync(join(base, folder), { recursive: true })
  const config = join(base, folder, 'arrears.yaml')
  writeFileSync(config, typeof lines === 'string' ? lines : `${lines.join('\n')}\n`)
  return config
}

// 12:00 UTC on Tuesday 1 July 2025.
const noon = Date.parse('2025-07-01T12:00:00Z')
const load = (lines: readonly string[] | string, flags: FlagSettings = {}, forRun = true) => loadSettings({ config: put(lines), ...flags }, forRun, noon)

/** Every error: its place in the file, what it says and what to do. */
function errors(lines: readonly string[] | string, flags: FlagSettings = {}): { at: string; code: string; says: string; todo: string; exit: number }[] {
  try {
    load(lines, flags)
  } catch (error) {
    const all = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : []
    if (all.length === 0) throw error
    return all.map(({ place, code, says, todo, exit }) => ({ at: place.line === undefined ? '' : `${place.line}:${place.column}`, code, says, todo, exit }))
  }
  return []
}

describe('what stands where nobody says anything', () => {
  // As documented in docs/settings.md.
  const settings = load('')
  test.each([
    ['zone', 'UTC'],
    ['as_of', '2025-06-30'],
    ['work_on', '2025-07-01'],
    ['work_days', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']],
    ['data_through', undefined],
    ['newest_payment_warn_days', 4],
    ['currency', undefined],
    ['out', join(base, '1', 'out')],
    ['rules', undefined],
    ['preventive_days', 3],
    ['tiers', [{ name: 'short', from: 1, to: 30 }, { name: 'medium', from: 31, to: 90 }, { name: 'long', from: 91, to: null }]],
    ['closed_tolerance', '0'],
    ['unknown_status', 'ask'],
    ['unmatched_max_share', undefined],
    ['holds', { lift: [] }],
    ['worklists', { columns: [] }],
    ['bom', true],
    ['engine', 'duckdb'],
    ['threads', undefined],
    ['memory', undefined],
    ['allow_partial_day', false],
  ] as const)('%s', (key, value) => expect(settings[key]).toEqual(value))

  // A mapping that changes nothing: UTF-8, the header first, no record left out.
  const plain = { encoding: 'utf-8', quote: '"', lines_above: 0, leave_out: [], repeated_header: false, blanks: [], id_letters: 'kept', joined: {}, constants: {}, numbers: { decimal: '.', thousands: 'none', groups: 'three', negative: [], marks: [], full_width: false } }
  test.each([['loans', ['account_id']], ['schedule', ['account_id', 'instalment_no'], { rows: 'instalment', open_only: false }], ['repayments', ['payment_id']]] as const)('inputs.%s', (input, key, own: object = {}) => {
    expect(settings.inputs[input]).toEqual({ headers: {}, values: {}, columns: {}, key, ...plain, ...own, max_reject_share: 0.01, allow_empty: false })
  })

  test('the eight buckets', () => {
    expect(settings.buckets.map(({ name }) => name)).toEqual(['0', '1-30', '31-60', '61-90', '91-120', '121-150', '151-180', '181+'])
  })

  test('each is said to be a default', () => expect(new Set(Object.values(settings.origin))).toEqual(new Set(['default'])))
})

describe('a value that cannot stand there, at its place', () => {
  test.each([
    ['as_of: tomorrow', '1:8', 'as_of'],
    ['as_of: 2025-6-3', '1:8', 'as_of'],
    ['as_of: 2025-02-30', '1:8', '2025-02-30'],
    ['work_on: today', '1:10', 'work_on'],
    ['work_on: 2025-13-01', '1:10', '2025-13-01'],
    ['data_through: soon', '1:15', 'data_through'],
    ['data_through: 2025-02-29', '1:15', '2025-02-29'],
    ['work_days: [mon, fry]', '1:18', 'work_days.1'],
    ['work_days: []', '1:12', 'work_days'],
    ['newest_payment_warn_days: -1', '1:27', 'newest_payment_warn_days'],
    ['currency: yuan', '1:11', 'currency'],
    ['currency: cny', '1:11', 'currency'],
    ['out: ""', '1:6', 'out'],
    ['out:', '1:5', 'out'],
    ['rules: [a]', '1:8', 'rules'],
    ['preventive_days: 2.5', '1:18', 'preventive_days'],
    ['preventive_days: three', '1:18', 'preventive_days'],
    ['tiers: short', '1:8', 'tiers'],
    ['tiers: [{ name: a, from: 1 }]', '1:9', 'tiers.0.to'],
    ['buckets: [{ name: a, from: -1, to: null }]', '1:28', 'buckets.0.from'],
    ['closed_tolerance: a bit', '1:19', 'closed_tolerance'],
    ['closed_tolerance: -5', '1:19', 'closed_tolerance'],
    ['unknown_status: close', '1:17', 'unknown_status'],
    ['unmatched_max_share: 2', '1:22', 'unmatched_max_share'],
    ['unmatched_max_share: 1 %', '1:22', 'unmatched_max_share'],
    ['bom: maybe', '1:6', 'bom'],
    ['engine: oracle', '1:9', 'engine'],
    ['threads: 0', '1:10', 'threads'],
    ['threads: two', '1:10', 'threads'],
    ['memory: lots', '1:9', 'memory'],
    ['memory: 512', '1:9', 'memory'],
    ['holds: { lift: X1 }', '1:16', 'holds.lift'],
    ['worklists: { columns: phone }', '1:23', 'worklists.columns'],
    ['inputs: { loans: { files: [] } }', '1:27', 'inputs.loans.files'],
    ['inputs: { loans: { headers: [a] } }', '1:29', 'inputs.loans.headers'],
    ['inputs: { loans: { values: { status: closed } } }', '1:38', 'inputs.loans.values.status'],
    ['inputs: { loans: { columns: { score: float } } }', '1:38', 'inputs.loans.columns.score'],
    ['inputs: { loans: { key: account_id } }', '1:25', 'inputs.loans.key'],
    // Two rows of one account would count its money twice.
    ['inputs: { loans: { key: [account_id, branch] } }', '1:25', 'inputs.loans.key'],
    ['inputs: { loans: { delimiter: ";;" } }', '1:31', 'inputs.loans.delimiter'],
    ["inputs: { loans: { delimiter: '\"' } }", '1:31', 'inputs.loans.delimiter'],
    ['inputs: { loans: { delimiter: "\\n" } }', '1:31', 'inputs.loans.delimiter'],
    ['inputs: { loans: { delimiter: ， } }', '1:31', 'inputs.loans.delimiter'],
    ['inputs: { loans: { max_reject_share: 5 } }', '1:38', 'inputs.loans.max_reject_share'],
    ['inputs: { loans: { allow_empty: perhaps } }', '1:33', 'inputs.loans.allow_empty'],
    ['inputs: loans.csv', '1:9', 'inputs'],
    ['- zone: UTC', '1:1', 'The file'],
    ['UTC', '1:1', 'The file'],
  ])('%s', (line, at, named) => {
    const [error, ...more] = errors([line])
    expect(more).toEqual([])
    expect(error).toMatchObject({ at, exit: 2 })
    expect(error!.says).toContain(named)
    expect(error!.todo).toMatch(/\w/)
  })

  test('zone: no such one', () => {
    expect(errors(['# a book', 'zone: Asia/Shangai'])).toEqual([{ at: '2:7', code: 'zone-unknown', says: 'There is no time zone "Asia/Shangai".', todo: 'Use a name of the IANA list, for example Asia/Shanghai.', exit: 2 }])
  })

  test('all of a file at once, in its order', () => {
    const all = errors(['zone: UTC', 'preventive_days: -3', 'currency: yuan', 'inputs:', '  loans:', '    max_reject_share: 7', '    fils: loans.csv'])
    expect(all.map(({ at }) => at).sort()).toEqual(['2:18', '3:11', '6:23', '7:5'])
  })

  test('edges with a gap or an overlap: the one where it shows', () => {
    expect(errors(['tiers:', '  - { name: short, from: 1, to: 30 }', '  - { name: medium, from: 30, to: 90 }', '  - { name: long, from: 91, to: null }'])).toMatchObject([{ at: '3:5', code: 'tiers-wrong' }])
    expect(errors(['buckets:', '  - { name: now, from: 0, to: 30 }', '  - { name: later, from: 41, to: null }'])).toMatchObject([{ at: '3:5', says: expect.stringContaining('days 31 to 40 are in none') }])
    expect(errors(['tiers: [{ name: short, from: 1, to: 30 }]'])).toMatchObject([{ at: '1:8', says: expect.stringContaining('days from 31 on are in none') }])
    expect(errors(['tiers: [{ name: settled, from: 1, to: null }]'])).toMatchObject([{ at: '1:9', code: 'settings-wrong' }])
  })
})

describe('a key that nobody knows', () => {
  test.each([
    [['zne: UTC'], '1:1', 'zne', 'zone'],
    [['zone: UTC', 'preventiv_days: 3'], '2:1', 'preventiv_days', 'preventive_days'],
    [['inputs:', '  loan: {}'], '2:3', 'inputs.loan', 'loans'],
    [['inputs:', '  loans:', '    file: loans.csv'], '3:5', 'inputs.loans.file', 'files'],
    [['inputs:', '  loans:', '    header: {}'], '3:5', 'inputs.loans.header', 'headers'],
    [['holds: { lifted: [] }'], '1:10', 'holds.lifted', 'lift'],
    [['worklists: { column: [] }'], '1:14', 'worklists.column', 'columns'],
    [['worklists: { soft: { limt: 5 } }'], '1:22', 'worklists.soft.limt', 'limit'],
    [['tiers:', '  - { name: a, from: 1, to: null, upto: 5 }'], '2:35', 'tiers.0.upto', 'to'],
  ])('%j', (lines, at, path, nearest) => {
    expect(errors(lines)).toEqual([{ at, code: 'settings-wrong', says: `${path} is not a setting.`, todo: `Did you mean "${nearest}"?`, exit: 2 }])
  })
  test('and none is near: those that are known', () => {
    expect(errors(['holds: { wibble: 1 }'])).toMatchObject([{ todo: 'Known here: lift.' }])
  })
})

describe('YAML that cannot be read, or says more than it shows', () => {
  test('a key twice', () => expect(errors(['zone: UTC', 'as_of: today', 'zone: Asia/Shanghai'])).toMatchObject([{ at: '3:1', code: 'settings-unreadable', exit: 2 }]))
  test('a key twice further in', () => expect(errors(['inputs:', '  loans: { files: a.csv, files: b.csv }'])).toMatchObject([{ at: '2:26', code: 'settings-unreadable' }]))
  test('a tab', () => expect(errors(['inputs:', '\tloans: {}'])[0]).toMatchObject({ at: '2:1', code: 'settings-unreadable' }))
  test('an open quote', () => expect(errors(['zone: "UTC', 'out: out'])[0]).toMatchObject({ code: 'settings-unreadable' }))
  test('an open bracket', () => expect(errors(['work_days: [mon, tue', 'out: out'])[0]).toMatchObject({ code: 'settings-unreadable' }))
  test('two documents', () => expect(errors(['zone: UTC', '---', 'zone: UTC'])[0]).toMatchObject({ code: 'settings-unreadable' }))
  test('an alias, known or not, or of itself', () => {
    expect(errors(['inputs:', '  loans: &same { delimiter: ";" }', '  schedule: *same'])).toMatchObject([{ at: '3:13', says: 'An alias (*same) stands here.', exit: 2 }])
    expect(errors(['zone: *nowhere'])[0]).toMatchObject({ exit: 2 })
    expect(errors(['inputs: &all', '  loans: *all'])).toMatchObject([{ at: '2:10' }])
  })
  test('a folder in its place', () => {
    const folder = join(base, 'folder.yaml')
    mkdirSync(folder)
    expect(errors('', { config: folder })).toMatchObject([{ code: 'settings-unreadable', exit: 2 }])
  })
  test('no such file', () => {
    expect(errors('', { config: join(base, 'nowhere.yaml') })).toMatchObject([{ code: 'settings-not-found', exit: 2, todo: expect.stringContaining('arrears init') }])
  })
  test('a byte order mark, comments alone, nothing at all', () => {
    expect(load('\ufeffzone: Asia/Shanghai\n').zone).toBe('Asia/Shanghai')
    expect(load('# nothing yet\n').zone).toBe('UTC')
    expect(load('---\n').zone).toBe('UTC')
  })
})

describe('words that look like numbers keep their text', () => {
  const odd = ['012', '0012001', '12345678901234567890', '1001', '0x1F', '1e5', '1_000', '12.50', '.5', '+5', '-0', 'true', 'TRUE', 'no', '2025-06-30', '~x']
  test('ids whose hold is lifted', () => {
    expect(load(['holds:', '  lift:', ...odd.map((id) => `    - ${id}`)]).holds.lift).toEqual(odd)
    expect(load([`holds: { lift: [${odd.join(', ')}] }`]).holds.lift).toEqual(odd)
  })
  test('headers, columns of work lists, keys', () => {
    expect(load(['worklists: { columns: [2024, 012] }']).worklists.columns).toEqual(['2024', '012'])
    expect(load(['inputs: { repayments: { headers: { account_id: 101, payment_id: 0102 }, key: [7] } }']).inputs.repayments).toMatchObject({ headers: { account_id: '101', payment_id: '0102' }, key: ['7'] })
  })
  test('translations, on both sides', () => {
    expect(load(['inputs:', '  loans:', '    values:', '      status: { 1: open, 02: closed, 3.10: 4.20, true: false, 结清: closed, x: "" }']).inputs.loans.values).toEqual({ status: { 1: 'open', '02': 'closed', '3.10': '4.20', true: 'false', 结清: 'closed', x: '' } })
  })
  test('amounts, with or without quotes', () => {
    for (const amount of ['5', '0.50', '"0.50"', "'12'"]) expect(load([`closed_tolerance: ${amount}`]).closed_tolerance).toBe(amount.replaceAll(/["']/g, ''))
  })
  test('a file that is called by a number', () => expect(load(['inputs: { loans: { files: [2024] } }']).inputs.loans.files).toEqual([join(base, String(count), '2024')]))
  test('and where a number is needed it is one', () => {
    expect(load(['preventive_days: 5', 'unmatched_max_share: 0.10', 'inputs: { loans: { max_reject_share: .5 } }'])).toMatchObject({ preventive_days: 5, unmatched_max_share: 0.1, inputs: { loans: { max_reject_share: 0.5 } } })
    expect(errors(['preventive_days: 05'])).toMatchObject([{ at: '1:18' }])
  })
})

describe('flags over the file over defaults', () => {
  const file = ['zone: UTC', 'as_of: 2025-05-31', 'out: published', 'rules: mine.yaml', 'threads: 2', 'memory: 1GB', 'preventive_days: 5', 'inputs: { loans: { files: mine.csv, delimiter: ";" } }']

  test('the file, and where each value came from', () => {
    const settings = load(file)
    expect(settings).toMatchObject({ as_of: '2025-05-31', threads: 2, memory: '1GB', preventive_days: 5 })
    expect(settings.origin).toMatchObject({ as_of: 'file', out: 'file', threads: 'file', preventive_days: 'file', currency: 'default', bom: 'default' })
  })

  test('the flags, and what they leave alone', () => {
    const settings = load(file, { asOf: '2025-04-30', out: 'other', rules: 'r.yaml', threads: '1', memory: '512MB', engine: 'duckdb', loans: ['l.csv', 'm.csv'] })
    expect(settings).toMatchObject({ as_of: '2025-04-30', out: join(process.cwd(), 'other'), rules: join(process.cwd(), 'r.yaml'), threads: 1, memory: '512MB', preventive_days: 5 })
    expect(settings.inputs.loans).toMatchObject({ files: [join(process.cwd(), 'l.csv'), join(process.cwd(), 'm.csv')], delimiter: ';' })
    expect(settings.origin).toMatchObject({ as_of: 'flag', out: 'flag', rules: 'flag', threads: 'flag', memory: 'flag', engine: 'flag', preventive_days: 'file', currency: 'default' })
  })

  test.each([
    [{ threads: 'abc' }, '--threads is "abc".', /whole number/],
    [{ threads: '0' }, '--threads is "0".', /whole number/],
    [{ threads: '1.5' }, '--threads is "1.5".', /whole number/],
    [{ memory: 'lots' }, '--memory is "lots".', /512MB/],
    [{ memory: '512' }, '--memory is "512".', /512MB/],
    [{ engine: 'spark' }, '--engine is "spark".', /duckdb/],
  ])('a flag that cannot be: %j', (flags, says, todo) => {
    expect(errors('', flags)).toEqual([{ at: '', code: 'flag-wrong', says, todo: expect.stringMatching(todo), exit: 2 }])
  })

  test('paths of the file are relative to the file', () => {
    const config = put(['out: ../out', 'rules: rules/mine.yaml', 'inputs: { loans: { files: [a.csv, "b-*.csv", /abs/c.csv] }, schedule: { files: s.csv } }'], 'deep/er')
    const settings = loadSettings({ config }, true, noon)
    expect(settings).toMatchObject({ out: join(base, 'deep', 'out'), rules: join(base, 'deep/er/rules/mine.yaml') })
    expect(settings.inputs.loans.files).toEqual([join(base, 'deep/er/a.csv'), join(base, 'deep/er/b-*.csv'), '/abs/c.csv'])
    expect(settings.inputs.schedule.files).toEqual([join(base, 'deep/er/s.csv')])
  })
})

describe('three dates', () => {
  const dates = (lines: readonly string[], flags: FlagSettings = {}, forRun = true) => {
    const { as_of, work_on } = load(lines, flags, forRun)
    return [as_of, work_on]
  }
  test('run works on the next work day, age on the day itself', () => {
    expect(dates(['as_of: 2025-06-27'])).toEqual(['2025-06-27', '2025-06-28'])
    expect(dates(['as_of: 2025-06-27', 'work_days: [mon, tue, wed, thu, fri]'])).toEqual(['2025-06-27', '2025-06-30'])
    expect(dates(['as_of: 2025-06-27', 'work_days: [mon, tue, wed, thu, fri]'], {}, false)).toEqual(['2025-06-27', '2025-06-27'])
  })
  test('a stated work_on holds for both', () => {
    for (const forRun of [true, false]) expect(dates(['as_of: 2025-06-27', 'work_on: 2025-07-02'], {}, forRun)).toEqual(['2025-06-27', '2025-07-02'])
    expect(dates(['as_of: 2025-06-27', 'work_on: 2025-06-27'])).toEqual(['2025-06-27', '2025-06-27'])
  })
  test('--as-of drops it, --work-on keeps', () => {
    const file = ['as_of: 2025-06-27', 'work_on: 2025-07-02']
    expect(dates(file, { asOf: '2025-05-31' })).toEqual(['2025-05-31', '2025-06-01'])
    expect(dates(file, { asOf: '2025-05-31' }, false)).toEqual(['2025-05-31', '2025-05-31'])
    expect(dates(file, { asOf: '2025-05-31', workOn: '2025-06-05' })).toEqual(['2025-05-31', '2025-06-05'])
    expect(dates(file, { workOn: '2025-06-30' })).toEqual(['2025-06-27', '2025-06-30'])
    expect(load(file, { asOf: '2025-05-31' }).origin).toMatchObject({ as_of: 'flag', work_on: 'default' })
  })
  test('yesterday and today in the zone of the book: at noon UTC it is 1 July in Shanghai, 2 July nowhere but east of it', () => {
    expect(dates(['zone: Asia/Shanghai'])).toEqual(['2025-06-30', '2025-07-01'])
    expect(dates(['zone: Pacific/Kiritimati', 'as_of: today'])).toEqual(['2025-07-02', '2025-07-03'])
    expect(dates(['zone: Asia/Shanghai', 'as_of: yesterday'], { asOf: 'today' })).toEqual(['2025-07-01', '2025-07-02'])
  })
  test('work_on before as_of', () => {
    expect(errors(['as_of: 2025-06-30', 'work_on: 2025-06-29'])).toMatchObject([{ at: '2:10', code: 'work-on-before-as-of', says: 'work_on is 2025-06-29, before as_of 2025-06-30.', exit: 2 }])
    expect(errors(['as_of: 2025-06-30'], { workOn: '2025-06-29' })).toMatchObject([{ at: '', code: 'work-on-before-as-of' }])
  })
  test('as_of after a stated data_through is refused, unless a partial day is allowed', () => {
    const file = ['as_of: 2025-07-01', 'data_through: 2025-06-30']
    expect(errors(file)).toMatchObject([{ at: '1:8', code: 'as-of-after-data', says: 'as_of is 2025-07-01, but the inputs hold whole days only to data_through 2025-06-30.', todo: expect.stringContaining('--allow-partial-day'), exit: 2 }])
    expect(errors(['data_through: 2025-06-29'])).toMatchObject([{ code: 'as-of-after-data', says: expect.stringContaining('as_of is 2025-06-30') }])
    expect(load(file, { allowPartialDay: true })).toMatchObject({ as_of: '2025-07-01', allow_partial_day: true })
    expect(load(file, { asOf: '2025-06-30' }).as_of).toBe('2025-06-30')
  })
  test.each([[{ asOf: '2025-02-30' }, 'as_of is "2025-02-30"'], [{ asOf: '30/06/2025' }, 'as_of is "30/06/2025"'], [{ workOn: 'soon' }, 'work_on is "soon"']])('a day on the command line that is none: %j', (flags, says) => {
    expect(errors('', flags)).toMatchObject([{ at: '', code: 'date-wrong', says: expect.stringContaining(says), todo: expect.stringContaining('YYYY-MM-DD'), exit: 2 }])
  })
})
