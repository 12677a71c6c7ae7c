/** A rule file for a book of which only the tiers are known: it tests no other column, so that it fits every export. */
export const starterRules = `# Who gets which action: one decision table, of which the first rule whose cells all hold gives the action. Change it to what your teams do.
# A cell is a FEEL unary test in single quotes, text in it in double quotes; it may test any column of accounts and every further column of
# the loans file ("arrears check" lists them). What a rule gives: action, list, channel, priority (1 first), due_in_days, reason.

- table: actions
  hit: first
  rules:
    - id: P1
      when: { tier: '"preventive"' }
      then: { action: reminder, list: reminders, priority: 6, due_in_days: 0, reason: due date ahead }
    - id: D1
      when: { tier: '"due_now"' }
      then: { action: reminder, list: reminders, priority: 5, due_in_days: 0, reason: due and still open }
    - id: S1
      when: { tier: '"short"' }
      then: { action: call, list: soft, priority: 4, due_in_days: 1, reason: first month late }
    - id: M1
      when: { tier: '"medium"' }
      then: { action: call, list: firm, priority: 3, due_in_days: 0, reason: second or third month late }
    - id: L1
      when: { tier: '"long"' }
      then: { action: letter, list: strict, priority: 1, due_in_days: 0, reason: over 90 days }
    - id: N1
      when: {}
      then: { action: none, reason: nothing to be done }
`
