import { dateShape, dayIn, type DateShape } from '../read/date-shape.ts'
import { isDay, plusDays, resolveDay } from '../settings/as-of.ts'
import type { DatesFound } from './dates.ts'
import { asked, proposed, type Entry } from './entries.ts'
import type { Look } from './look.ts'
import { simplified } from './simplified.ts'

/** A payment that is this many days old is no sign that the export is. */
const fresh = 4

const inTitle = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)/g
const otherDay = /(?<![\d])\d{1,2}([-/. ])(?:\d{1,2}|[A-Za-z]{3,9})\1\d{4}(?!\d)|[A-Za-z]{3,9} \d{1,2}, \d{4}/g
/** Words of the day of the facts, and of a day on which a file was made or printed, which may be a later one. */
const ofFacts = /数据日|数据截|截至|截止|统计日|as (?:of|at|on)\b|cut-?off|data date|period/i
const ofDay = /报表日|导出日|制表日|打印日|date|exported|printed/i

/** The day of the facts: what a title states, else the newest payment; nothing where that is of these days, since yesterday is meant then. */
/** `counted`: whether days are counted to that day at all, or stand in the export. */
export function dayEntries(looks: readonly Look[], paid: readonly DatesFound[], counted: boolean, today = resolveDay('today', 'as_of', 'UTC')): Entry[] {
  const stated = looks.flatMap((look) => look.above.flatMap((text, at) => (ofFacts.test(simplified(text)) || ofDay.test(simplified(text)) ? [{ days: daysIn(text), line: at + 1, look, facts: ofFacts.test(simplified(text)) }] : []))).filter(({ days }) => days.length > 0)
  // What says the day of the facts goes before what says when a file was made.
  const told = stated.some(({ facts }) => facts) ? stated.filter(({ facts }) => facts) : stated
  const days = [...new Set(told.map(({ days: found }) => found.at(-1)!))].sort()
  const day = days.at(-1)
  if (day !== undefined && day <= today) {
    const { look, line, facts } = told.find(({ days: found }) => found.at(-1) === day)!
    const why = `line ${line} of ${look.source.name} ${facts ? 'states the day' : 'names a day, which may be that on which it was made'}`
    const sure = facts && told.every(({ days: some }) => some.length === 1) && days.length === 1 ? 'sure' : 'likely'
    return [proposed(['as_of'], day, sure, why), ...(facts ? [proposed(['data_through'], day, sure, 'the last day that the files hold whole; for a nightly run take this line out, and write as_of: yesterday')] : [])]
  }
  const newest = newestOf(paid, today)
  if (newest === undefined && !counted) return []
  if (newest === undefined) {
    // Where nothing tells the day, yesterday would make every account late by the age of the export.
    const maybe = [...new Set(paid.flatMap(({ days: ends }) => ends))].filter((end) => end <= today).sort()
    return [asked(['as_of'], [...maybe, 'yesterday'], 'Of which day is the export? No title states it, and no payment tells it.')]
  }
  if (newest.day >= plusDays(today, -fresh)) return []
  return [proposed(['as_of'], newest.day, 'likely', `the newest payment${newest.later === 0 ? '' : `, but for ${newest.later} of later days`}; where the export was made on a later day, state that day. For a nightly run: yesterday`)]
}

/** The last day on which as many payments were made as on others: few that are dated later are dated ahead. */
function newestOf(paid: readonly DatesFound[], today: string): { day: string; later: number } | undefined {
  const days = paid.flatMap(({ lastDays }) => lastDays).sort((a, b) => (a.value < b.value ? 1 : -1))
  const past = days.filter(({ value }) => value <= today)
  const usual = past.map(({ rows }) => rows).sort((a, b) => a - b)[Math.floor(past.length / 2)]
  const newest = usual === undefined ? undefined : past.find(({ rows }) => rows >= usual / 4)
  return newest === undefined ? undefined : { day: newest.value, later: days.filter(({ value }) => value > newest.value).reduce((sum, { rows }) => sum + rows, 0) }
}

/** The days that a title names, where they can be read in one way. */
function daysIn(text: string): string[] {
  const shapes = ['DD-MM-YYYY', 'DD/MM/YYYY', 'DD.MM.YYYY', 'MM/DD/YYYY', 'MM-DD-YYYY', 'D Month YYYY', 'D Mon YYYY', 'DD-Mon-YYYY', 'Month D, YYYY', 'Mon D, YYYY'].map((written) => dateShape(written) as DateShape)
  const yearFirst = [...text.matchAll(inTitle)].map(([, y, m, d, y2, m2, d2]) => `${y ?? y2}-${(m ?? m2)!.padStart(2, '0')}-${(d ?? d2)!.padStart(2, '0')}`)
  const others = [...text.matchAll(otherDay)].flatMap(([one]) => {
    const days = [...new Set(shapes.flatMap((shape) => dayIn(one, shape, 1970) || []))]
    return days.length === 1 ? days : []
  })
  return [...yearFirst, ...others].filter(isDay).sort()
}

/** Zones in which many lenders are, by the offset that their times bear. */
const zonesOf: Readonly<Record<string, string>> = { '+08:00': 'Asia/Shanghai', '+05:30': 'Asia/Kolkata', '+07:00': 'Asia/Jakarta', '+09:00': 'Asia/Tokyo', '+01:00': 'Europe/Berlin', '+00:00': 'Europe/London', '-05:00': 'America/New_York', '-06:00': 'America/Mexico_City', '-03:00': 'America/Sao_Paulo' }

/** A time with a zone is another day elsewhere: which day is meant goes by the zone of the portfolio. */
export function zoneEntries(dates: readonly DatesFound[]): Entry[] {
  const timed = dates.filter(({ zones }) => zones.length > 0)
  if (timed.length === 0) return []
  const offsets = [...new Set(timed.flatMap(({ zones }) => zones.map((zone) => zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2'))))]
  return [asked(['zone'], [...new Set(['UTC', ...offsets.flatMap((offset) => zonesOf[offset] ?? []), 'Asia/Shanghai'])], `In which time zone is the portfolio (a name of the IANA list)? ${timed.map(({ column, why }) => `${column.header} (${why})`).join(', ')} has times with a zone, and their day goes by it.`)]
}
