/** By code unit, as the engine sorts: never by the machine's language. */
export const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
