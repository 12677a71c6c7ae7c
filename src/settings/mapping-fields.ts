import { z } from 'zod'

/** How the text of an export is read: every key, its values and its sentence. docs/settings.md is written from it. */

export const encodings = ['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'gb18030', 'gbk', 'big5', 'shift_jis', 'windows-1252', 'latin-1'] as const
export type Encoding = (typeof encodings)[number]

const oneMark = (mark: string) => /^[\t\x20-\x7e]$/.test(mark)

export const textFields = {
  encoding: z.enum(encodings).default('utf-8').describe('The encoding of CSV files. utf-16 goes by the mark at their start. Another one than utf-8 is decoded into a private copy.'),
  delimiter: z.string().transform((mark) => (mark === 'tab' ? '\t' : mark)).refine((mark) => oneMark(mark) && mark !== '"', 'tab or one plain character, and no quote').optional().describe('The character between fields, or tab. Default: what a sep= line on top of the file says, else a comma.'),
  quote: z.string().refine((mark) => mark === 'none' || (/^[\x21-\x7e]$/.test(mark) && !/\w/.test(mark)), 'one plain character that is no letter or digit, or none').default('"').describe('The character around fields that hold the delimiter or a line end; doubled inside. none: there is none.'),
  lines_above: z.union([z.enum(['found']), z.number().int().min(0)]).default(0).describe('Lines above the header, blank ones counted: titles, a period. found: the header is the first line that has all needed columns.'),
  leave_out: z.array(z.string().min(1)).default([]).describe('Records that are no data, wherever they stand: footers, totals, subtotals. Each is written from its first field that is not blank: [合计, "小计*", "TRAILER,{rows}"]. * stands for any text of a field, {rows} for the number of rows that a footer states, which is compared.'),
  repeated_header: z.boolean().default(false).describe('The header stands again between the rows, as in files that were put together, and is left out there.'),
} as const
