import { encodings } from '../../src/settings/mapping-fields.ts'
import { oneOf, type Random } from './mutate.ts'

/** What a settings file says of one input, as an object. */
export type Stated = Readonly<Record<string, any>>

const shapes = ['YYYY-MM-DD', 'YYYYMMDD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'M/D/YYYY', 'M/D/YYYY H:mm', 'D-Mon-YY', 'DD.MM.YYYY', 'YYYY年M月D日', 'timestamp', 'day_number', 'day_number_1904', 'YY-M-D', 'D Month YYYY', 'YYYY']
const dayColumns = ['due_on', 'paid_on', 'disbursed_on', 'closed_on', 'reversed_on', 'received_on']
const columns = ['account_id', 'borrower_id', 'currency', 'status', 'kind', 'principal', 'amount', 'amount_due', 'amount_paid', 'principal_due', 'paid_on', 'due_on', 'instalment_no', 'payment_id', 'product', 'note', 'score']
const some = <T>(random: Random, of: readonly T[], most: number): T[] => Array.from({ length: random(most + 1) }, () => oneOf(random, of))

/** A setting that may stand in a mapping, now and then one that may not. */
const settings: readonly ((random: Random, headers: readonly string[]) => Stated)[] = [
  (random) => ({ encoding: oneOf(random, encodings) }),
  (random) => ({ delimiter: oneOf(random, [',', ';', 'tab', '|', ' ', ':', '.', '-', '1', 'a', '"', '\\', ', ']) }),
  (random) => ({ quote: oneOf(random, ['"', "'", 'none', '|', '`', '\\', ',', '-', '*', '$']) }),
  (random) => ({ lines_above: oneOf(random, ['found', 0, 1, 2, 7, 100000]) }),
  (random) => ({ leave_out: some(random, ['合计', '小计*', '合计,{rows}', 'TOTAL,{rows}', '*', '*,*,小计', '{rows}', 'CN-1001', 'US*', '-----', ',', '(', '$', '""'], 3) }),
  (random) => ({ repeated_header: random(4) > 0 }),
  (random) => ({ blanks: some(random, ['9999-12-31', 'NULL', '0', '-', 'CNY', 'open', '', ' ', '0.00', '1'], 3) }),
  (random) => ({ dates: oneOf(random, [oneOf(random, shapes), some(random, shapes, 3), { [oneOf(random, dayColumns)]: oneOf(random, shapes) }, { [oneOf(random, columns)]: some(random, shapes, 2) }]) }),
  (random) => ({ two_digit_years_from: oneOf(random, [1900, 1930, 1970, 2000, 2100, 1899]) }),
  (random) => ({
    numbers: Object.fromEntries(
      some(random, [
        ['decimal', oneOf(random, ['.', ','])], ['thousands', oneOf(random, ['none', ',', '.', 'space', "'"])], ['groups', oneOf(random, ['three', 'lakh'])],
        ['negative', some(random, ['behind', 'parentheses', 'CR', 'DR'], 3)], ['marks', some(random, ['¥', 'CNY', '$', '€', '.', '(', '-', '1', 'Rs.'], 3)], ['full_width', random(2) === 0],
      ] as const, 4),
    ),
  }),
  (random) => ({ unit: oneOf<unknown>(random, [0.01, 0.1, 10, 10000, 100000, 10000000, 1, 2, { [oneOf(random, columns)]: 0.01 }]) }),
  (random) => ({ id_letters: oneOf(random, ['kept', 'upper', 'lower']) }),
  (random, headers) => ({ joined: { [oneOf(random, [...columns, 'together'])]: { of: [oneOf(random, headers), oneOf(random, headers)], ...(random(2) === 0 ? { with: oneOf(random, ['-', '', '\n', "'", '"']) } : {}) } } }),
  (random) => ({ constants: { [oneOf(random, [...columns, 'desk'])]: oneOf(random, ['CNY', '', '1', '2025-06-01', 'open', "it's", 'x\ny', '0.005', 'JPY', ' ']) } }),
  (random, headers) => ({ headers: { [oneOf(random, columns)]: oneOf(random, headers) } }),
  (random) => ({ values: { [oneOf(random, columns)]: { [oneOf(random, ['CNY', 'open', 'closed', 'payment', '1', '', 'USD'])]: oneOf(random, ['', 'open', 'USD', 'JPY', 'refund', '2025-01-01', "a'b"]) } } }),
  (random) => ({ columns: { [oneOf(random, [...columns, 'region', 'autopay', 'employer'])]: oneOf(random, ['text', 'integer', 'number', 'date', 'boolean']) } }),
  (random) => ({ key: some(random, ['account_id', 'instalment_no', 'payment_id', 'due_on', 'paid_on', 'amount', 'kind', 'note'], 3) }),
  (random) => ({ allow_empty: random(2) === 0 }),
  (random) => ({ max_reject_share: oneOf(random, [1, 1, 1, 0, 0.01]) }),
]

/** The settings of one input, some of them changed. */
export function mutatedMapping(random: Random, own: Stated, headers: readonly string[]): Stated {
  let now: Stated = own
  for (let left = random(3) === 0 ? random(4) : 0; left > 0; left--) {
    const more = oneOf(random, settings)(random, headers.length === 0 ? ['x'] : headers)
    const [[key, value]] = Object.entries(more) as [[string, any]]
    const merged = ['headers', 'values', 'columns', 'numbers'].includes(key) && typeof now[key] === 'object' && random(4) > 0 ? { ...now[key], ...value } : value
    now = { ...now, [key]: merged }
  }
  return now
}
