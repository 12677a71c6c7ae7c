import type { Conventions } from './convention-fields.ts'

interface PresetTier {
  readonly name: string
  readonly from: number
  readonly to: number | null
}

export interface Preset {
  readonly says: string
  /** P: the rule's own words were read, P*: quoted by others, S: secondary sources, task: the tool's own. */
  readonly grade: 'task' | 'P' | 'P*' | 'S'
  readonly source: string
  readonly tiers: readonly PresetTier[]
  readonly conventions: Partial<Conventions>
  /** Where the rule book classifies the debtor and not the loan. */
  readonly contagion?: 'worst'
}

/** Edges from which each tier begins -> tiers without gaps; the first one begins on day 1. */
const tiers = (...named: readonly (readonly [name: string, from: number])[]): PresetTier[] => named.map(([name, from], at) => ({ name, from, to: named[at + 1] === undefined ? null : named[at + 1]![1] - 1 }))

/** Rule books of regulators as settings. docs/presets.md is written from this table. Days are days past due as the preset counts them. */
export const presets = {
  default: {
    says: 'Short 1 to 30, medium 31 to 90, long over 90 days.',
    grade: 'task',
    source: 'the only reading of "at most 30, 30 to 90, over 90" in which no day has two tiers',
    tiers: tiers(['short', 1], ['medium', 31], ['long', 91]),
    conventions: {},
  },
  'us-rcn': {
    says: 'United States, Call Report schedule RC-N: past due 30 to 89 days, and 90 days or more. Grace periods of the bank are not taken into account.',
    grade: 'S',
    source: 'Call Report RC-N, past due and nonaccrual',
    tiers: tiers(['under_30', 1], ['past_due_30_89', 30], ['past_due_90', 90]),
    conventions: {},
  },
  'us-ffiec-closed': {
    says: 'United States, retail credit with a fixed end: substandard at 90, loss at 120 cumulative days from the contractual due date.',
    grade: 'P',
    source: 'Uniform Retail Credit Classification and Account Management Policy, 65 FR 36903 (12 June 2000)',
    tiers: tiers(['past_due', 1], ['substandard', 90], ['loss', 120]),
    conventions: {},
  },
  'us-ffiec-open': {
    says: 'United States, open-end retail credit: substandard at 90, loss at 180 cumulative days from the contractual due date.',
    grade: 'P',
    source: 'Uniform Retail Credit Classification and Account Management Policy, 65 FR 36903 (12 June 2000)',
    tiers: tiers(['past_due', 1], ['substandard', 90], ['loss', 180]),
    conventions: {},
  },
  'in-sma': {
    says: 'India: special mention accounts and NPA. The due date itself is day 1 at its end; an NPA stays one until all arrears are paid.',
    grade: 'S',
    source: 'RBI/2021-22/125, DOR.STR.REC.68/21.04.048/2021-22 (12 November 2021)',
    tiers: tiers(['SMA-0', 1], ['SMA-1', 31], ['SMA-2', 61], ['NPA', 91]),
    conventions: { count_from: 'due_date', sticky: { from: 'NPA', until: 'no_arrears', probation_days: 90 } },
    contagion: 'worst',
  },
  'cn-2023': {
    says: 'China: at least special mention once past due, substandard over 90, doubtful over 270, loss over 360 days.',
    grade: 'S',
    source: 'Measures for Risk Classification of Financial Assets of Commercial Banks, CBIRC and PBOC order [2023] no. 1 (in force 1 July 2023)',
    tiers: tiers(['special_mention', 1], ['substandard', 91], ['doubtful', 271], ['loss', 361]),
    conventions: {},
  },
  'id-bank': {
    says: 'Indonesia, banks: collectability 2 from 1, 3 from 91, 4 from 121, 5 from 181 days.',
    grade: 'S',
    source: 'POJK 40/POJK.03/2019',
    tiers: tiers(['kol_2', 1], ['kol_3', 91], ['kol_4', 121], ['kol_5', 181]),
    conventions: {},
    contagion: 'worst',
  },
  'vn-microfinance': {
    says: 'Vietnam, microfinance: groups 2 from 10, 3 from 30, 4 from 90, 5 from 180 days.',
    grade: 'P*',
    source: 'Circular 14/2024/TT-NHNN, art. 5 (12 August 2024)',
    tiers: tiers(['group_1', 1], ['group_2', 10], ['group_3', 30], ['group_4', 90], ['group_5', 180]),
    conventions: {},
  },
  'vn-bank': {
    says: 'Vietnam, banks: groups 2 from 10, 3 from 91, 4 from 181, 5 from 361 days; the words of groups 4 and 5 were not seen.',
    grade: 'S',
    source: 'Circular 31/2024/TT-NHNN, art. 10 (30 June 2024), numbers as in 11/2021',
    tiers: tiers(['group_1', 1], ['group_2', 10], ['group_3', 91], ['group_4', 181], ['group_5', 361]),
    conventions: {},
  },
  'pe-consumer': {
    says: 'Peru, consumer and micro credit: CPP from 9, deficient from 31, doubtful from 61, loss from 121 days.',
    grade: 'S',
    source: 'Resolution SBS 11356-2008 as amended',
    tiers: tiers(['normal', 1], ['cpp', 9], ['deficiente', 31], ['dudoso', 61], ['perdida', 121]),
    conventions: {},
    contagion: 'worst',
  },
  'pe-mortgage': {
    says: 'Peru, mortgages: CPP from 31, deficient from 61, doubtful from 121, loss from 366 days.',
    grade: 'S',
    source: 'Resolution SBS 11356-2008 as amended',
    tiers: tiers(['normal', 1], ['cpp', 31], ['deficiente', 61], ['dudoso', 121], ['perdida', 366]),
    conventions: {},
    contagion: 'worst',
  },
  'ar-consumer': {
    says: 'Argentina, consumer: situations 2 from 32, 3 from 91, 4 from 181, 5 from 366 days. An example: the text of the central bank was not read.',
    grade: 'S',
    source: 'BCRA debtor classification, by consumer pages',
    tiers: tiers(['situation_1', 1], ['situation_2', 32], ['situation_3', 91], ['situation_4', 181], ['situation_5', 366]),
    conventions: {},
    contagion: 'worst',
  },
  'eu-crr': {
    says: 'European Union, retail: default when what is past due has been above both EUR 100 and 1 % of the exposure for more than 90 consecutive days.',
    grade: 'P',
    source: 'Regulation (EU) 575/2013, art. 178(1)(b); ECB Regulation (EU) 2018/1845, art. 3, its paragraph 3 as corrected in OJ L 217, 8 July 2020; Delegated Regulation (EU) 2018/171',
    tiers: tiers(['past_due', 1], ['default', 91]),
    conventions: { materiality: { absolute: { EUR: '100' }, relative: 0.01, exceed: 'both', counting: 'since_material' } },
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]
export const presetOf = (name: PresetName): Preset => presets[name]
