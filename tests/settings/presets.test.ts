import { describe, expect, test } from 'vitest'
import { presets, type PresetName } from '../../src/settings/presets.ts'

/** The tier on day d past due of the due date: under the due date as first day the count is d + 1. Day 0 is not late where counting begins the day after. */
function on(preset: PresetName, d: number): string {
  const { tiers, conventions } = presets[preset]
  const days = d + ('count_from' in conventions && conventions.count_from === 'due_date' ? 1 : 0)
  return days === 0 ? 'not late' : tiers.find(({ from, to }) => days >= from && (to === null || days <= to))!.name
}

// What the rule books say of the same unpaid due date on day d: the day itself is 0. Cells are the published boundaries.
const boundaries: readonly (readonly [d: number, Partial<Record<PresetName, string>>])[] = [
  [0, { default: 'not late', 'in-sma': 'SMA-0', 'cn-2023': 'not late', 'us-rcn': 'not late', 'eu-crr': 'not late', 'vn-bank': 'not late', 'vn-microfinance': 'not late', 'id-bank': 'not late', 'pe-consumer': 'not late', 'ar-consumer': 'not late' }],
  [1, { default: 'short', 'in-sma': 'SMA-0', 'cn-2023': 'special_mention', 'us-rcn': 'under_30', 'eu-crr': 'past_due', 'vn-bank': 'group_1', 'vn-microfinance': 'group_1', 'id-bank': 'kol_2', 'pe-consumer': 'normal', 'pe-mortgage': 'normal', 'ar-consumer': 'situation_1' }],
  [8, { 'vn-bank': 'group_1', 'pe-consumer': 'normal', 'pe-mortgage': 'normal' }],
  [9, { 'vn-bank': 'group_1', 'vn-microfinance': 'group_1', 'pe-consumer': 'cpp', 'pe-mortgage': 'normal' }],
  [10, { 'vn-bank': 'group_2', 'vn-microfinance': 'group_2', 'id-bank': 'kol_2', 'pe-consumer': 'cpp' }],
  [29, { default: 'short', 'in-sma': 'SMA-0', 'cn-2023': 'special_mention', 'us-rcn': 'under_30', 'eu-crr': 'past_due' }],
  [30, { default: 'short', 'in-sma': 'SMA-1', 'us-rcn': 'past_due_30_89', 'us-ffiec-closed': 'past_due', 'vn-bank': 'group_2', 'vn-microfinance': 'group_3', 'pe-consumer': 'cpp', 'pe-mortgage': 'normal', 'ar-consumer': 'situation_1' }],
  [31, { default: 'medium', 'in-sma': 'SMA-1', 'us-rcn': 'past_due_30_89', 'pe-consumer': 'deficiente', 'pe-mortgage': 'cpp', 'ar-consumer': 'situation_1' }],
  [32, { 'ar-consumer': 'situation_2' }],
  [60, { 'in-sma': 'SMA-2', 'pe-consumer': 'deficiente', 'pe-mortgage': 'cpp' }],
  [61, { 'pe-consumer': 'dudoso', 'pe-mortgage': 'deficiente' }],
  [89, { default: 'medium', 'in-sma': 'SMA-2', 'us-rcn': 'past_due_30_89', 'us-ffiec-closed': 'past_due', 'us-ffiec-open': 'past_due' }],
  [90, { default: 'medium', 'in-sma': 'NPA', 'cn-2023': 'special_mention', 'us-rcn': 'past_due_90', 'us-ffiec-closed': 'substandard', 'us-ffiec-open': 'substandard', 'eu-crr': 'past_due', 'vn-bank': 'group_2', 'vn-microfinance': 'group_4', 'id-bank': 'kol_2', 'ar-consumer': 'situation_2' }],
  [91, { default: 'long', 'in-sma': 'NPA', 'cn-2023': 'substandard', 'us-rcn': 'past_due_90', 'eu-crr': 'default', 'vn-bank': 'group_3', 'vn-microfinance': 'group_4', 'id-bank': 'kol_3', 'pe-consumer': 'dudoso', 'pe-mortgage': 'deficiente', 'ar-consumer': 'situation_3' }],
  [120, { 'us-ffiec-closed': 'loss', 'us-ffiec-open': 'substandard', 'id-bank': 'kol_3', 'pe-consumer': 'dudoso', 'pe-mortgage': 'deficiente' }],
  [121, { 'id-bank': 'kol_4', 'pe-consumer': 'perdida', 'pe-mortgage': 'dudoso', 'vn-bank': 'group_3' }],
  [180, { 'us-ffiec-open': 'loss', 'vn-bank': 'group_3', 'vn-microfinance': 'group_5', 'id-bank': 'kol_4', 'ar-consumer': 'situation_3', 'cn-2023': 'substandard' }],
  [181, { 'vn-bank': 'group_4', 'id-bank': 'kol_5', 'ar-consumer': 'situation_4' }],
  [270, { 'cn-2023': 'substandard' }],
  [271, { 'cn-2023': 'doubtful', default: 'long' }],
  [360, { 'cn-2023': 'doubtful', 'vn-bank': 'group_4' }],
  [361, { 'cn-2023': 'loss', 'vn-bank': 'group_5' }],
  [365, { 'pe-mortgage': 'dudoso', 'ar-consumer': 'situation_4' }],
  [366, { 'pe-mortgage': 'perdida', 'ar-consumer': 'situation_5', 'us-ffiec-closed': 'loss' }],
]

describe('the edges of each preset are those of its rule book', () => {
  test.each(boundaries)('on day %i', (d, tiers) => expect(Object.fromEntries(Object.keys(tiers).map((preset) => [preset, on(preset as PresetName, d)]))).toEqual(tiers))

  test('every preset stands in the table', () => {
    const tried = new Set(boundaries.flatMap(([, tiers]) => Object.keys(tiers)))
    expect(Object.keys(presets).filter((preset) => !tried.has(preset))).toEqual([])
  })

  test('each day of 1 to 400 has one tier, and tiers never fall', () => {
    for (const preset of Object.keys(presets) as PresetName[]) {
      const names = presets[preset].tiers.map(({ name }) => name as string)
      let last = 0
      for (let d = 1; d <= 400; d++) {
        const holds = presets[preset].tiers.filter(({ from, to }) => d >= from && (to === null || d <= to))
        expect(holds, `${preset} ${d}`).toHaveLength(1)
        expect(names.indexOf(holds[0]!.name)).toBeGreaterThanOrEqual(last)
        last = names.indexOf(holds[0]!.name)
      }
    }
  })
})
