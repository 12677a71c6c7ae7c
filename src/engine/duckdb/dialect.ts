import type { ColumnType, Dialect } from '../dialect.ts'

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`

/** `scale`: decimals of money, the largest of the currencies in force. */
export function duckdbDialect(scale: number): Dialect {
  const types: Record<ColumnType, string> = {
    text: 'VARCHAR',
    small: 'SMALLINT',
    int: 'INTEGER',
    bigint: 'BIGINT',
    date: 'DATE',
    money: `DECIMAL(18,${scale})`,
    number: 'DECIMAL(18,6)',
    bool: 'BOOLEAN',
  }
  return {
    name: 'duckdb',
    literal(type, value) {
      if (value === null) return `CAST(NULL AS ${types[type]})`
      if (type === 'text') return quoted(String(value))
      if (type === 'int' && typeof value === 'number' && Number.isInteger(value)) return String(value)
      if (type === 'bool') return value ? 'TRUE' : 'FALSE'
      return `CAST(${quoted(String(value))} AS ${types[type]})`
    },
    quote: (of) => `"${of.replaceAll('"', '""')}"`,
    type: (of) => types[of],
    calls: {
      daysBetween: (from, to) => `CAST((${to}) - (${from}) AS INTEGER)`,
      addDays: (from, days) => `((${from}) + CAST(${days} AS INTEGER))`,
      addMonths: (from, months) => `CAST((${from}) + to_months(CAST(${months} AS INTEGER)) AS DATE)`,
      portionOf: (amount, numerator, denominator) =>
        `CAST(((CAST((${amount}) * ${10 ** scale} AS HUGEINT) * CAST(${numerator} AS HUGEINT) * 2 + CAST(${denominator} AS HUGEINT)) // (CAST(${denominator} AS HUGEINT) * 2)) * CAST('${1 / 10 ** scale}' AS DECIMAL(18,${scale})) AS DECIMAL(18,${scale}))`,
      shareOf: (of, numerator, denominator) => `CAST((CAST(${of} AS HUGEINT) * (${numerator}) * 2 + (${denominator})) // (CAST(${denominator} AS HUGEINT) * 2) AS BIGINT)`,
      monthsBetween: (from, to) => `CAST((year(${to}) - year(${from})) * 12 + month(${to}) - month(${from}) AS INTEGER)`,
      isoWeekday: (of) => `CAST(isodow(${of}) AS INTEGER)`,
      tryCast: (value, to) => `TRY_CAST(${value} AS ${to})`,
      matches: (value, pattern) => `regexp_full_match(${value}, ${pattern})`,
      ordinal: () => 'rowid',
      place: () => 'row_number() OVER ()',
      valueAtMin: (value, key) => `arg_min(${value}, ${key})`,
      hashOf: (...values) => `CAST(hash(${values.join(', ')}) >> 1 AS BIGINT)`,
      countSmall: (value) => `bit_count(bit_or(CASE WHEN ${value} BETWEEN 0 AND 62 THEN CAST(1 AS BIGINT) << ${value} END))`,
      previous: (value) => `lag(${value}) OVER ()`,
      trimmed: (value) => `trim(${value}, ' \t\u00a0\u3000')`,
      // Parallel strict reading without rejects is exact or fails; store_rejects, ignore_errors and strict_mode=false lose or change rows.
      // The engine knows a .gz by small letters only, and would read .GZ as if its bytes were text.
      csvRows: (path, delimiter, quote, parallel, ...types) =>
        `read_csv(${path}, compression = ${/\.gz'$/i.test(path) ? "'gzip'" : "'none'"}, auto_detect = false, header = true, delim = ${delimiter}, quote = ${quote}, escape = ${quote}, parallel = ${parallel}, columns = {${types.map((of, at) => `'c${at}': '${of}'`).join(', ')}})`,
      parquetRows: (path) => `read_parquet(${path})`,
      rearranged: (value, pattern, into) => `regexp_replace(${value}, ${pattern}, ${into})`,
      translated: (value, from, to) => `translate(${value}, ${from}, ${to})`,
      dayInZone: (timestamp, zone) => `CAST(timezone(${zone}, TRY_CAST(${timestamp} AS TIMESTAMPTZ)) AS DATE)`,
      contains: (value, part) => `contains(${value}, ${part})`,
      startsWith: (value, part) => `starts_with(${value}, ${part})`,
      endsWith: (value, part) => `ends_with(${value}, ${part})`,
      charOf: (code) => `chr(${code})`,
      // Most amounts have nothing to group, and to format is what costs.
      grouped: (amount) => `(CASE WHEN abs(${amount}) < 1000 THEN CAST(${amount} AS VARCHAR) ELSE CASE WHEN ${amount} < 0 THEN '-' ELSE '' END || format('{:,}', CAST(floor(abs(${amount})) AS BIGINT))${scale === 0 ? '' : ` || right(CAST(${amount} AS VARCHAR), ${scale + 1})`} END)`,
    },
    define: (kept, name, select) => (kept === 'table' ? `CREATE TEMPORARY TABLE ${name} AS ${select}` : `CREATE TEMPORARY VIEW ${name} AS ${select}`),
  }
}
