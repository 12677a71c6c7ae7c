/** How sure a line of a proposal is; `open`: it is a question. */
type Sure = 'sure' | 'likely' | 'open'

/** One line of a proposed settings file. */
export interface Entry {
  /** The keys that lead there. */
  readonly path: readonly string[]
  /** As YAML; none where it is a question. */
  readonly value?: string
  /** The answers of a question, as YAML. */
  readonly answers?: readonly string[]
  readonly sure: Sure
  /** What it rests on; of a question its words. */
  readonly why: string
}

export const proposed = (path: readonly string[], value: string, sure: 'sure' | 'likely', why: string): Entry => ({ path, value, sure, why })
export const asked = (path: readonly string[], answers: readonly string[], why: string): Entry => ({ path, answers, sure: 'open', why })

/** A text as YAML has it, in lists too: quoted where it may be read as something else. */
export const scalar = (text: string): string => (/^[\p{L}_][\p{L}\p{N}_./ -]*$/u.test(text) && text.trim() === text && !/^(true|false|null|yes|no|on|off|y|n|~)$/i.test(text) ? text : /^[^'\p{C}]*$/u.test(text) ? `'${text}'` : JSON.stringify(text))

export const list = (items: readonly string[]): string => `[${items.join(', ')}]`
