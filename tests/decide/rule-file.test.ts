import { expect, test } from 'vitest'
import { readRuleFile } from '../../src/decide/rule-file.ts'

const good = `# Comments stay where they are.
- table: actions
  hit: first
  rules:
    - id: H1
      when: { pending_amount: '> 0', tier: '"short","medium"' }
      then: { action: none, reason: payment on its way }
    - id: 012
      when:
        days_past_due: '[1..7]'
        branch: 007
        product: "\\"card\\", 'x'"
        note: 'it''s'
        memo:
      then: { action: sms, list: soft, channel: sms, priority: 3, template: S-01, due_in_days: 0, reason: first week late }
- table: letters
  rules:
    - id: L1
      then: { action: letter }
`

test('tables, rules, cells and outputs as written, each with its place', () => {
  const { tables, errors, file } = readRuleFile(good, 'rules.yaml')
  expect(errors).toEqual([])
  expect(file).toBe('rules.yaml')
  expect(tables.map(({ name, hit, at }) => ({ name, hit, at }))).toEqual([
    { name: 'actions', hit: 'first', at: { line: 2, column: 3 } },
    { name: 'letters', hit: 'first', at: { line: 16, column: 3 } },
  ])
  const [h1, s1] = tables[0]!.rules
  expect(h1).toMatchObject({ id: 'H1', at: { line: 5, column: 7 }, gives: { action: 'none', reason: 'payment on its way' } })
  expect(h1!.when.map(({ column, text, columnAt }) => ({ column, text, columnAt }))).toEqual([
    { column: 'pending_amount', text: '> 0', columnAt: { line: 6, column: 15 } },
    { column: 'tier', text: '"short","medium"', columnAt: { line: 6, column: 38 } },
  ])
  expect(s1!.gives).toEqual({ action: 'sms', list: 'soft', channel: 'sms', priority: 3, template: 'S-01', due_in_days: 0, reason: 'first week late' })
  // Ids and cells are text as typed: YAML would read 012 as 12 and 007 as 7.
  expect(s1!.id).toBe('012')
  expect(s1!.when.map(({ column, text }) => [column, text])).toEqual([['days_past_due', '[1..7]'], ['branch', '007'], ['product', `"card", 'x'`], ['note', "it's"], ['memo', '']])
  expect(tables[1]!.rules[0]).toMatchObject({ id: 'L1', when: [], gives: { action: 'letter' } })
})

test('a place inside a cell is a place in the file', () => {
  const [, s1] = readRuleFile(good, 'rules.yaml').tables[0]!.rules
  const [days, branch, product, note, memo] = s1!.when
  expect(days!.at(0)).toEqual({ line: 10, column: 25 }) // the [ after the quote
  expect(days!.at(4)).toEqual({ line: 10, column: 29 })
  expect(branch!.at(2)).toEqual({ line: 11, column: 19 })
  expect(product!.at(0)).toEqual({ line: 12, column: 19 }) // \\" stands for one character
  expect(product!.at(8)).toEqual({ line: 12, column: 29 }) // the ' of 'x'
  expect(note!.at(3)).toEqual({ line: 13, column: 20 }) // '' stands for one character
  expect(memo!.at(0)).toEqual({ line: 14, column: 14 }) // empty: after the colon
})

const placed = (text: string) => readRuleFile(text, 'rules.yaml').errors.map((error) => `${error.place.file}:${error.place.line}:${error.place.column} ${error.says} | ${error.todo}`)

test('all that is wrong with the form is found at once', () => {
  expect(placed(`- table: actions
  hit: collect
  rules:
    - id: A
      wehn: { tier: '"short"' }
      then: { action: sms, priority: 0, due_in_days: -1, chanel: sms }
    - when: {}
      then: { priority: 1.5 }
    - id: A
      when: { days_past_due: [1..7], tier: { a: b } }
      then: { action: none, list: soft }
    - id: B
    - id: C
      then: { action: ../x, due_in_days: soon }
- tabel: x
  rules: []
- table: actions
  rules:
    - id: D
      when: { tier: '"short"' }
      then: { action: Sms }
`)).toEqual([
    'rules.yaml:2:8 The hit policy collect is not supported yet. | Write hit: first (the first rule that fires is taken), or leave it out.',
    'rules.yaml:5:7 A rule has no entry "wehn". | Did you mean when?',
    'rules.yaml:6:58 then: has no entry "chanel". | Did you mean channel?',
    'rules.yaml:6:38 priority is 0. | Write a whole number from 1 to 1000000.',
    'rules.yaml:6:54 due_in_days is -1. | Write a whole number from 0 to 3650.',
    'rules.yaml:7:7 A rule has no id. | Give each rule an id of its own, for example "- id: S1": runs and "arrears explain" name rules by it.',
    'rules.yaml:8:7 A rule has no action. | Write action: NAME, or action: none with a reason.',
    'rules.yaml:8:25 priority is 1.5. | Write a whole number from 1 to 1000000.',
    'rules.yaml:9:11 The id "A" is used twice: first in line 4. | Give each rule a name of its own.',
    "rules.yaml:10:30 The test of days_past_due is a YAML list, not text. | Put the test in single quotes: days_past_due: '[1..7]'.",
    "rules.yaml:10:44 The test of tier is a YAML map, not text. | Put the test in single quotes: tier: '{ a: b }'.",
    'rules.yaml:11:29 Rule A has the action none and a list. | Accounts with no action stand in no list: take the list out, or name an action.',
    'rules.yaml:11:23 Rule A has the action none and no reason. | Say why nothing is done: reason: small balance.',
    'rules.yaml:12:7 Rule B has no then:. | Say what is done: then: {action: sms}, or {action: none, reason: WHY}.',
    'rules.yaml:14:23 action "../x" cannot be the name of a list: lists are files. | Use letters, digits, "_" and "-", at most 80 of them.',
    'rules.yaml:14:42 due_in_days is soon. | Write a whole number from 0 to 3650.',
    'rules.yaml:15:3 A table has no entry "tabel". | Did you mean table?',
    'rules.yaml:15:3 A table has no name. | Begin it with "- table: NAME".',
    'rules.yaml:16:3 Table has no rules. | List them under rules:, each as "- id: NAME" with when: and then:.',
    'rules.yaml:17:10 The table name "actions" is used twice: first in line 1. | Give each table a name of its own.',
    'rules.yaml:19:7 Rule D fills the list Sms, another rule the list sms. | Spell one list one way: lists are files.',
  ])
})

const rule = (cell: string) => `- table: t\n  rules:\n    - id: A\n      when:\n        ${cell}\n      then: { action: sms }\n`

test.each([
  ['overdue_amount: > 500', `overdue_amount: '> 500'`],
  ['overdue_amount: [1..7], > 30', `overdue_amount: '[1..7], > 30'`],
  ['tier: "short","medium"', `tier: '"short","medium"'`],
  ['tier: !="short"', `tier: '!="short"'`],
  ['next_due_on: @"2025-06-30"', `next_due_on: '@"2025-06-30"'`],
  [`{ overdue_amount: > 500, tier: '"short"' }`, `overdue_amount: '> 500'`],
])('a test that YAML takes for its own marks: %s', (cell, remedy) => {
  const { errors, tables } = readRuleFile(rule(cell), 'rules.yaml')
  expect(errors.length).toBeGreaterThan(0)
  expect(errors[0]!.place.line).toBe(5)
  expect(errors[0]!.todo).toContain(remedy)
  expect(tables).toEqual([])
})

test('aliases are refused', () => {
  expect(placed(`- table: t\n  rules:\n    - id: A\n      when: &w { tier: '"short"' }\n      then: { action: sms }\n    - id: B\n      when: *w\n      then: { action: sms }\n`)).toEqual([
    'rules.yaml:7:13 An alias (*w) stands here. | Write the value out; aliases are not used in rule files.',
  ])
  expect(placed('- table: t\n  rules: *nowhere\n')[0]).toContain('rules.yaml:2:10')
})

test('one column twice in a rule', () => {
  expect(placed(rule(`tier: '"short"'\n        tier: '"medium"'`))).toEqual(['rules.yaml:6:9 The same word stands twice in one map. | Two tests of one column stand in one cell: "[1..7]", or "? > 5 and ? < 9".'])
})

test.each([
  ['', 'The rule file is empty.'],
  ['# nothing\n', 'The rule file is empty.'],
  ['[]', 'The rule file has no tables.'],
  ['table: x\nrules: []\n', 'The rule file is not a list of tables.'],
  ['hello', 'The rule file is not a list of tables.'],
  ['- hello', 'A table is not a map.'],
  ['- table: x\n  rules: 5', 'Table x has no rules.'],
  ['- table: x\n  rules:\n    - 5', 'A rule is not a map.'],
  ['- table: {}\n  rules: [{id: A, then: {action: sms}}]', 'The name of a table is not plain text.'],
  ['- table: x\n  hit: frist\n  rules: [{id: A, then: {action: sms}}]', 'frist is not a hit policy.'],
  ['- table: x\n  rules: [{id: A, then: sms}]', 'then: is not a map.'],
  ['- table: x\n  rules: [{id: A, when: 5, then: {action: sms}}]', 'when: is not a map.'],
  ['- table: x\n  rules: [{id: "", then: {action: sms}}]', 'The id of a rule is empty.'],
  ['- table: x\n  rules: [{id: A, then: {action: sms}}', 'The file cannot be read as YAML: Flow sequence in block collection must be sufficiently indented and end with a ].'],
])('%j', (text, says) => {
  expect(readRuleFile(text, 'rules.yaml').errors.map((error) => error.says)).toEqual([says])
})
