/** The exit codes, as documented in docs/errors.md. */
export const exit = {
  done: 0,
  failed: 1,
  wrong: 2,
  refused: 3,
  busy: 4,
  limit: 5,
  interrupted: 130,
  terminated: 143,
} as const

export type Exit = (typeof exit)[keyof typeof exit]
