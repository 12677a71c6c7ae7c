import { afterEach, describe, expect, test } from 'vitest'
import { isDay, nextWorkDay, plusDays, resolveDay } from '../../src/settings/as-of.ts'

const before = process.env['TZ']
const machine = (zone: string | undefined) => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
}
afterEach(() => machine(before))

// Worked by hand from the offset of each zone on that day: the second before midnight there, and midnight.
const turns = [
  ['UTC', '2025-06-30T23:59:59Z', '2025-07-01T00:00:00Z', '2025-06-30', '2025-07-01'],
  ['Asia/Shanghai', '2025-06-30T15:59:59Z', '2025-06-30T16:00:00Z', '2025-06-30', '2025-07-01'],
  ['Asia/Kolkata', '2025-06-30T18:29:59Z', '2025-06-30T18:30:00Z', '2025-06-30', '2025-07-01'],
  ['America/New_York', '2025-07-01T03:59:59Z', '2025-07-01T04:00:00Z', '2025-06-30', '2025-07-01'],
  ['America/New_York', '2025-01-01T04:59:59Z', '2025-01-01T05:00:00Z', '2024-12-31', '2025-01-01'],
  ['Australia/Lord_Howe', '2025-06-30T13:29:59Z', '2025-06-30T13:30:00Z', '2025-06-30', '2025-07-01'],
  ['Pacific/Apia', '2025-06-30T10:59:59Z', '2025-06-30T11:00:00Z', '2025-06-30', '2025-07-01'],
  // 9 March 2025 has 23 hours in New York, 2 November 25: both ends of each day.
  ['America/New_York', '2025-03-09T04:59:59Z', '2025-03-09T05:00:00Z', '2025-03-08', '2025-03-09'],
  ['America/New_York', '2025-03-10T03:59:59Z', '2025-03-10T04:00:00Z', '2025-03-09', '2025-03-10'],
  ['America/New_York', '2025-11-02T03:59:59Z', '2025-11-02T04:00:00Z', '2025-11-01', '2025-11-02'],
  ['America/New_York', '2025-11-03T04:59:59Z', '2025-11-03T05:00:00Z', '2025-11-02', '2025-11-03'],
  // 25 April 2025 begins in Cairo at one o'clock: midnight was skipped.
  ['Africa/Cairo', '2025-04-24T21:59:59Z', '2025-04-24T22:00:00Z', '2025-04-24', '2025-04-25'],
] as const

describe('today and yesterday', () => {
  test.each(turns)('%s at %s and at %s', (zone, last, first, day, next) => {
    // The answer must not hang on the zone of the machine.
    for (const here of ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Apia']) {
      machine(here)
      expect(resolveDay('today', 'as_of', zone, Date.parse(last))).toBe(day)
      expect(resolveDay('today', 'as_of', zone, Date.parse(first))).toBe(next)
      expect(resolveDay('yesterday', 'as_of', zone, Date.parse(first))).toBe(day)
    }
  })

  test('yesterday is the day before on the calendar, not 24 hours ago', () => {
    // 00:30 on 10 March in New York; 24 hours earlier it was 23:30 on the 8th.
    expect(resolveDay('yesterday', 'as_of', 'America/New_York', Date.parse('2025-03-10T04:30:00Z'))).toBe('2025-03-09')
    // 23:30 on 2 November there; 24 hours earlier it was 00:30 on the same day.
    expect(resolveDay('yesterday', 'as_of', 'America/New_York', Date.parse('2025-11-03T04:30:00Z'))).toBe('2025-11-01')
  })

  test('yesterday of 1 March is 29 February in a leap year', () => {
    expect(resolveDay('yesterday', 'as_of', 'UTC', Date.parse('2024-03-01T12:00:00Z'))).toBe('2024-02-29')
    expect(resolveDay('yesterday', 'as_of', 'UTC', Date.parse('2025-03-01T12:00:00Z'))).toBe('2025-02-28')
  })
})

describe('a day as it is written', () => {
  test.each(['2025-06-30', '2024-02-29', '2000-02-29', '1900-01-01'])('%s is one', (day) => {
    expect(isDay(day)).toBe(true)
    expect(resolveDay(day, 'as_of', 'UTC')).toBe(day)
  })
  test.each(['2025-02-29', '2025-02-30', '1900-02-29', '2025-13-01', '2025-00-10', '2025-06-31', '2025-6-3', '25-06-30', '30/06/2025', '2025-06-30x', ' 2025-06-30', '20250630', 'tomorrow', 'Today', ''])('%s is none', (day) => {
    expect(isDay(day)).toBe(false)
    expect(() => resolveDay(day, 'as_of', 'UTC')).toThrow(`as_of is "${day}", which is not a calendar date.`)
  })
  test('where the machine stands in a zone that skipped it, it is one all the same', () => {
    machine('Pacific/Apia')
    expect(resolveDay('2011-12-30', 'as_of', 'UTC')).toBe('2011-12-30')
  })
})

test('a zone that nobody knows', () => {
  for (const zone of ['Asia/Shangai', 'Mars/Olympus', 'GMT+25', '']) expect(() => resolveDay('today', 'as_of', zone)).toThrow(`There is no time zone "${zone}".`)
})

describe('counting days on', () => {
  test.each([
    ['2025-06-30', 1, '2025-07-01'],
    ['2025-12-31', 1, '2026-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2025-03-01', -1, '2025-02-28'],
    ['2025-06-30', 0, '2025-06-30'],
    ['2025-01-01', 365, '2026-01-01'],
  ])('%s and %i', (day, days, then) => {
    for (const here of ['UTC', 'America/New_York', 'Africa/Cairo']) {
      machine(here)
      expect(plusDays(day, days)).toBe(then)
    }
  })
  test('over a day that the zone of the machine skipped', () => {
    machine('Pacific/Apia')
    expect(plusDays('2011-12-29', 1)).toBe('2011-12-30')
    expect(plusDays('2011-12-29', 2)).toBe('2011-12-31')
  })
})

// 27 June 2025 was a Friday.
describe('the next work day', () => {
  const office = ['mon', 'tue', 'wed', 'thu', 'fri']
  test.each([
    ['2025-06-26', office, '2025-06-27'],
    ['2025-06-27', office, '2025-06-30'],
    ['2025-06-28', office, '2025-06-30'],
    ['2025-06-29', office, '2025-06-30'],
    ['2025-06-27', [...office, 'sat', 'sun'], '2025-06-28'],
    ['2025-06-26', ['sun', 'mon', 'tue', 'wed', 'thu'], '2025-06-29'],
    ['2025-06-25', ['wed'], '2025-07-02'],
  ])('after %s for %s', (day, days, then) => {
    expect(nextWorkDay(day, days)).toBe(then)
  })
})
