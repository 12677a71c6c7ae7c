import { plusDays } from '../settings/as-of.ts'

/** What a report looks back to, beside the day itself: the end of the day before, and the end of the month before. */
export const periods = ['day', 'month'] as const
export type Period = (typeof periods)[number]

/** The day at whose end each period opens. On the first of a month both are one day. */
export const opensOn = (asOf: string): Readonly<Record<Period, string>> => ({ day: plusDays(asOf, -1), month: plusDays(`${asOf.slice(0, 8)}01`, -1) })
