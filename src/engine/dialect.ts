/**
 * The types a column may have. `money` is an exact decimal with the scale in force; `number` an exact decimal of
 * passed-through columns; `small` an integer of 16 bits for what stands on every row.
 */
export type ColumnType = 'text' | 'small' | 'int' | 'bigint' | 'date' | 'money' | 'number' | 'bool'

/** All that an engine must answer about its own SQL. Nothing is inherited: a missing line does not compile. */
export interface Dialect {
  readonly name: string
  literal(type: ColumnType, value: string | number | boolean | null): string
  /** A column, alias or relation name, quoted. */
  quote(of: string): string
  type(of: ColumnType): string
  readonly calls: {
    /** Whole calendar days from one date to another. */
    daysBetween(from: string, to: string): string
    addDays(date: string, days: string): string
    /** The same day of a later month, or that month's last. */
    addMonths(date: string, months: string): string
    /** amount * numerator / denominator, exact and then rounded half up to the scale of money; whole numbers, none below 0. */
    portionOf(amount: string, numerator: string, denominator: string): string
    /** of * numerator / denominator in whole numbers of 64 bits, exact and then rounded half up; none below 0. */
    shareOf(of: string, numerator: string, denominator: string): string
    /** Months from one calendar month to another, whatever the days. */
    monthsBetween(from: string, to: string): string
    /** 1 Monday .. 7 Sunday. */
    isoWeekday(date: string): string
    /** NULL where the text cannot be read as the type; the caller guards the shape. */
    tryCast(text: string, type: string): string
    /** The whole text matches the pattern (plain patterns only). */
    matches(text: string, pattern: string): string
    /** A number of its own for each row of a kept table; in those of the read stage the position in the input, from 0. */
    ordinal(): string
    /** Place of a row, from 1, in the order of the subquery that it is selected from. */
    place(): string
    /** The value of the row with the smallest key; keys must not tie. */
    valueAtMin(value: string, key: string): string
    /** A 64-bit integer; equal values give equal ones. */
    hashOf(...values: string[]): string
    /** An aggregate: how many different whole numbers of 0 to 62 a group holds; larger ones are not counted. */
    countSmall(value: string): string
    /** The value of the row before, in the order in which the input was read. Only on kept tables of the read stage. */
    previous(value: string): string
    /** Without the blanks at both ends: space, tab, no-break space, ideographic space. */
    trimmed(value: string): string
    /** All columns as text, strictly: any fault of structure fails the statement. Columns are c0, c1, ...; `quote` may be empty. */
    csvRows(path: string, delimiter: string, quote: string, parallel: string, ...types: string[]): string
    parquetRows(path: string): string
    /** The text with what the pattern matches put in another order: \1 is its first group, a group that took no part is nothing. As it is where the pattern does not match. */
    rearranged(text: string, pattern: string, into: string): string
    /** Signs of the first text become those of the second at the same place; those without one are taken out. */
    translated(text: string, from: string, to: string): string
    /** The calendar day of YYYY-MM-DD HH:MM:SS with Z or an offset, in a zone (IANA name); NULL where there is no such moment. */
    dayInZone(timestamp: string, zone: string): string
    contains(text: string, part: string): string
    startsWith(text: string, part: string): string
    endsWith(text: string, part: string): string
    charOf(code: string): string
    /** An amount for people: 1,234,567.80. */
    grouped(amount: string): string
  }
  /** How a relation comes into being. */
  define(kept: 'view' | 'table', name: string, select: string): string
}
