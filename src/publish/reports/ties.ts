import type { Ties } from '../../outcome.ts'
import type { MadeReport, Report } from './report.ts'

const report: Report = {
  name: 'ties',
  says: "Our figures beside the lender's own, of accounts that are aged. Sections: total, days (differences by value, with what they often come from), largest (ten of each figure).",
  columns: {
    measure: 'text', currency: 'text', section: 'text', name: 'text', accounts: 'int', equal: 'int', higher: 'int', lower: 'int', agreement: 'number', ours: 'text', lender: 'text', difference: 'text', cause: 'text',
  },
}

export const tiesReport = ({ rows }: Ties): MadeReport => ({ ...report, rows })
