import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine, Value } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { accountsOf, type Kind } from './book.ts'
import { truths } from './evaluate.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine('duckdb', { scale: 2, threads: 1 })
})
afterAll(() => engine.close())

interface Table {
  readonly column: Kind
  readonly values: readonly Value[]
  /** One mark a value: T holds, . does not. */
  readonly cells: Readonly<Record<string, string>>
  /** Other columns, the same on every row. */
  readonly beside?: Readonly<Record<string, Value>>
}

// Worked by hand from the FEEL of DMN 1.3. A blank fails every comparison and passes its negation and !=; null and not(null) ask for
// it; - takes it; a sum with a blank compares with nothing; no text contains anything in a blank; text compares exactly.
const tables: Readonly<Record<string, Table>> = {
  'whole numbers': {
    column: 'visits',
    values: [null, 0, 1, 2, 3, 4, 7, 8],
    cells: {
      '-': 'TTTTTTTT', '': 'TTTTTTTT', 'null': 'T.......', '= null': 'T.......', 'not(null)': '.TTTTTTT', '!= null': '.TTTTTTT',
      '3': '....T...', '= 3': '....T...', '!= 3': 'TTTT.TTT', '> 3': '.....TTT', '>= 3': '....TTTT', '< 1': '.T......', '<= 1': '.TT.....', '> 1.5': '...TTTTT',
      '[1..7]': '..TTTTT.', '(1..7)': '...TTT..', ']1..7[': '...TTT..', '[1..7)': '..TTTT..', '(1..7]': '...TTTT.', '[3..3]': '....T...',
      '1,3,8': '..T.T..T', '1,[3..4],> 7': '..T.TT.T', 'null, > 3': 'T....TTT', 'null, != 3': 'TTTT.TTT',
      'not(3)': 'TTTT.TTT', 'not(> 3)': 'TTTTT...', 'not([1..7])': 'TT.....T', 'not(1,3,8)': 'TT.T.TT.', 'not(3, null)': '.TTT.TTT', 'not(null, > 3)': '.TTTT...', 'not(!= 3)': '....T...',
      '? > 1 and ? < 4': '...TT...', '? < 1 or ? > 7': '.T.....T', '? = 3 or ? = null': 'T...T...', '? != 3 and ? != null': '.TTT.TTT', '? >= 1 and (? < 3 or ? = 7)': '..TT..T.', '3 < ?': '.....TTT',
      '-1': '........', '> -1': '.TTTTTTT', '? * 2 > 8': '......TT',
    },
  },
  'a column beside': {
    column: 'visits',
    values: [null, 9, 10, 11, 40],
    beside: { days_past_due: 10, score: null },
    cells: {
      '= days_past_due': '..T..', '!= days_past_due': 'TT.TT', '> days_past_due': '...TT', '>= days_past_due - 1': '.TTTT', '< days_past_due + 1': '.TT..', '= days_past_due * 4': '....T', '= 30 + days_past_due': '....T',
      '[days_past_due..days_past_due + 1]': '..TT.', 'not(= days_past_due)': 'TT.TT',
      // score is blank: equal only where both are blank; what is reckoned from it is unknown.
      '= score': 'T....', '!= score': '.TTTT', '> score': '.....', '[score..99]': '.....', '[1..score]': '.....', 'not([1..score])': 'TTTTT', '= score + 1': '.....', '!= score + 1': '.....', 'not(> score + 1)': 'TTTTT', '? > score or ? > 10': '...TT',
    },
  },
  'text': {
    column: 'product',
    values: [null, 'card', 'Card', 'card ', 'bnpl', '', 'a card here'],
    cells: {
      '"card"': '.T.....', '"card","bnpl"': '.T..T..', 'not("card")': 'T.TTTTT', 'not("card", null)': '..TTTTT', '!= "card"': 'T.TTTTT', 'not("card","bnpl")': 'T.TT.TT', 'null': 'T......', 'null, "card"': 'TT.....', '""': '.....T.',
      'contains(?, "card")': '.T.T..T', 'starts with(?, "card")': '.T.T...', 'ends with(?, "card")': '.T.....', 'not(contains(?, "card"))': 'T.T.TT.', 'contains(?, "card") and ? != "card"': '...T..T', '> "b"': '.T.TT..', '["b".."c"]': '....T..',
    },
  },
  'a column with a space in its name': {
    column: 'sales region',
    values: [null, 'North', 'south'],
    beside: { product: 'North' },
    cells: { '"North"': '.T.', '= product': '.T.', '!= product': 'T.T', 'not("North", null)': '..T' },
  },
  'dates': {
    column: 'next_due_on',
    values: [null, '2025-06-30', '2025-07-01', '2025-07-04', '2025-07-05'],
    beside: { work_on: '2025-07-01' },
    cells: {
      'date("2025-07-01")': '..T..', '@"2025-07-01"': '..T..', '< date("2025-07-01")': '.T...', 'not(< @"2025-07-01")': 'T.TTT', '= work_on': '..T..', '!= work_on': 'TT.TT', '>= work_on': '..TTT',
      '[work_on..work_on + duration("P3D")]': '..TT.', '> work_on + @"P3D"': '....T', '< work_on - duration("P0D")': '.T...', '= work_on - @"P1D"': '.T...', '= work_on + @"-P1D"': '.T...', '= duration("P4D") + work_on': '....T',
      '[@"2025-06-30"..@"2025-07-01"), @"2025-07-05"': '.T..T', '? - duration("P3D") = work_on': '...T.',
    },
  },
  'true and false': {
    column: 'autopay',
    values: [null, true, false],
    cells: { 'true': '.T.', 'false': '..T', 'not(true)': 'T.T', 'not(true, null)': '..T', '!= false': 'TT.', '= true': '.T.', 'true,false': '.TT', 'null': 'T..' },
  },
  'money, exactly': {
    column: 'overdue_amount',
    values: [null, '0.00', '49.99', '50.00', '50.01', '1000000000000.10'],
    beside: { cure_amount: '50.00', score: '0.5' },
    cells: {
      '>= 50': '...TTT', '> 49.995': '...TTT', '< 50.005': '.TTT..', '= 50.00': '...T..', '50.01': '....T.', '= 0': '.T....', '> 0': '..TTTT', '[49.99..50]': '..TT..', '> cure_amount': '....TT', '= cure_amount + 0.01': '....T.', '= 100 * score': '...T..',
      '> 2 * cure_amount - 50': '....TT', '= score * cure_amount + 25': '...T..', '? - 0.01 = cure_amount': '....T.', '= cure_amount * 1.0002': '....T.', '> 999999999999.999999': '.....T',
    },
  },
}

describe.each(Object.entries(tables))('%s', (_, { column, values, cells, beside }) => {
  test('truth table', async () => {
    const rows = accountsOf(values.map((value) => ({ ...beside, [column]: value })))
    const texts = Object.keys(cells)
    // Each table has its own engine state: relations are named alike.
    const own = await openEngine('duckdb', { scale: 2, threads: 1 })
    const { exact, taken } = await truths(own, texts.map((text) => ({ column, text })), rows)
    own.close()
    const marks = (found: unknown[][]) => Object.fromEntries(texts.map((text, i) => [text, found[i]!.map((value) => (value === true ? 'T' : value === false ? '.' : '?')).join('')]))
    expect(marks(exact)).toEqual(cells)
    expect(marks(taken)).toEqual(cells)
  })
})

test('0.1 + 0.2 is 0.3: numbers are exact decimals', async () => {
  const { exact } = await truths(engine, [{ column: 'score', text: '= credit_limit + 0.2' }, { column: 'score', text: '> credit_limit + 0.2' }], accountsOf([{ score: '0.3', credit_limit: '0.1' }]))
  expect(exact).toEqual([[true], [false]])
})

test('a sum of whole numbers does not overflow', async () => {
  const own = await openEngine('duckdb', { scale: 2, threads: 1 })
  const { exact } = await truths(own, [{ column: 'visits', text: '? + 1 > 0' }, { column: 'visits', text: '? * days_past_due > 0' }], accountsOf([{ visits: 2147483647, days_past_due: 2147483647 }]))
  own.close()
  expect(exact).toEqual([[true], [true]])
})

// Texts that break out of badly written literals. Each must reach the engine as it is, and match only itself.
const nasty = ["'", "''", '"', '\\', "\\'", '\n', "a'; DROP TABLE accounts; --", "' OR 1=1 --", '%', '_', '{x}', '${x}', '?', 'é', '中文', '😀', "x' UNION SELECT 'y", '/* */', '\t', '\r\n']

test('text reaches the engine unharmed', async () => {
  const own = await openEngine('duckdb', { scale: 2, threads: 1 })
  const feel = (of: string) => `"${of.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`
  const rows = accountsOf(nasty.map((product, i) => ({ account_id: String(i).padStart(3, '0'), product })))
  const { exact } = await truths(own, nasty.flatMap((of) => [{ column: 'product' as const, text: feel(of) }, { column: 'product' as const, text: `starts with(?, ${feel(of)})` }]), rows)
  own.close()
  nasty.forEach((of, i) => {
    expect(exact[2 * i]).toEqual(nasty.map((other) => other === of))
    expect(exact[2 * i + 1]).toEqual(nasty.map((other) => other.startsWith(of)))
  })
})
