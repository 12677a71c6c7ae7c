import { shown } from '../publish/formats/width.ts'
import type { Answer } from '../publish/reports/answer.ts'
import type { MadeReport } from '../publish/reports/report.ts'
import type { Summary } from '../publish/summary.ts'
import type { AgeAsked } from './age-asked.ts'

/** What is printed of one day, in the format asked for. `md` and `csv` are one table: the last that was asked for. */
export async function ageShown(summary: Summary, answer: Answer, { format }: Pick<AgeAsked, 'format'>, colour: boolean, width?: number): Promise<string> {
  switch (format) {
    case 'json':
      return JSON.stringify((await import('../publish/formats/json.ts')).answered(summary, answer), null, 2)
    case 'md':
      return [answer.says, answer.top?.says].flatMap((says) => (says === undefined ? [] : [`${shown(says)}\n\n`])).join('') + (await asText(tableOf(answer), 'md'))
    case 'csv':
      return asText(tableOf(answer), 'csv')
    case 'table':
      return (await import('../publish/formats/terminal.ts')).terminal(summary, colour, answer, width).trimEnd()
  }
}

const tableOf = ({ ageing, by, top }: Answer): MadeReport => top ?? by ?? ageing

/** A report to paste or to open in a spreadsheet. */
export async function asText(report: MadeReport, format: 'md' | 'csv'): Promise<string> {
  const text = format === 'md' ? (await import('../publish/formats/markdown.ts')).markdown(report) : (await import('../publish/formats/csv.ts')).csv(report, false)
  return text.trimEnd()
}
