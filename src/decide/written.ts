import type { UserError } from '../errors.ts'

/** A place in the rule file, from 1. */
export interface At {
  readonly line: number
  readonly column: number
}

export interface WrittenCell {
  readonly column: string
  readonly columnAt: At
  readonly text: string
  /** Where the character `offset` of the text stands. */
  readonly at: (offset: number) => At
}

/** The output columns of a rule, as checked text and numbers; what is not written is absent. */
export interface Outputs {
  readonly action: string
  readonly list?: string
  readonly channel?: string
  readonly priority?: number
  readonly template?: string
  readonly due_in_days?: number
  readonly reason?: string
}

export interface WrittenRule {
  readonly id: string
  readonly at: At
  /** Where the character `offset` of its reason stands. */
  readonly reasonAt: (offset: number) => At
  readonly when: readonly WrittenCell[]
  readonly gives: Outputs
}

export interface WrittenTable {
  readonly name: string
  readonly at: At
  readonly hit: 'first'
  readonly rules: readonly WrittenRule[]
}

/** A rule file as written, and all that is wrong with its form. What its cells mean is for compileRules, which throws both. */
export interface RuleFile {
  readonly file: string
  readonly tables: readonly WrittenTable[]
  readonly errors: readonly UserError[]
}
