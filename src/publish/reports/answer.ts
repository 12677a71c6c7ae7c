import type { Engine } from '../../engine/engine.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import type { Settings } from '../../settings/load.ts'
import { makeAgeing } from './ageing.ts'
import { askedOf, type Question } from './asked.ts'
import { grouping } from './grouping.ts'
import type { MadeReport } from './report.ts'
import { largest } from './top.ts'

/** What is shown of the accounts that a question is about. */
export interface Answer {
  /** The condition as typed, and how many accounts meet it; none where all accounts are meant. */
  readonly filter: { readonly where: string; readonly accounts: number; readonly meet: number; readonly aged: number } | undefined
  /** The same in words. */
  readonly says: string | undefined
  /** Of the accounts that meet the condition. */
  readonly ageing: MadeReport
  readonly by: MadeReport | undefined
  readonly top: MadeReport | undefined
}

export interface Asking extends Question {
  /** The condition as typed. */
  readonly written: string | undefined
  readonly top: number | undefined
}

/** `ageing` and `accounts`: of the whole book; `loans`: its accepted loans, with the columns `ofBook` that a question may name. */
export async function answer(book: { ageing: MadeReport; accounts: Relation; loans: Relation; ofBook: Columns }, asking: Asking, settings: Settings, engine: Engine): Promise<Answer> {
  const accounts = askedOf(book.accounts, book.loans, asking, book.ofBook)
  const ageing = asking.where === undefined ? book.ageing : await makeAgeing(accounts, settings, engine)
  const filter = asking.written === undefined ? undefined : { where: asking.written.trim(), accounts: counted(book.ageing), meet: counted(ageing), aged: counted(ageing, 'total') }
  return {
    filter,
    says: filter === undefined ? undefined : said(filter),
    ageing,
    by: asking.by.length === 0 ? undefined : await grouping(accounts, asking, settings, engine),
    top: asking.top === undefined ? undefined : await largest(accounts, asking, asking.top, settings, engine),
  }
}

const counted = ({ rows }: MadeReport, section = 'tier') => rows.filter((row) => row.section === section).reduce((sum, row) => sum + Number(row.accounts), 0)

const said = ({ where, accounts, meet, aged }: NonNullable<Answer['filter']>) => `Of ${accounts} accounts ${meet} meet ${where}${aged === meet ? '' : `; ${aged} of these stand in ageing totals`}.`
