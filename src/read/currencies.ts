/** ISO 4217 currencies whose minor unit is not two decimals; all others have two. */
const decimals: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
}

export const decimalsOf = (currency: string) => decimals[currency] ?? 2

/** Decimals of money in one book: the largest of its currencies, at least 2 so that a book of yen can hold fees of dollars. */
export const scaleOf = (currencies: readonly string[]) => Math.max(2, ...currencies.map(decimalsOf))

/** The currencies of a book: codes that the loans bear, and that of the settings. */
export function knownCurrencies(found: readonly string[], stated: string | undefined): string[] {
  const known = found.filter((code) => /^[A-Z]{3}$/.test(code))
  return [...new Set(stated === undefined ? known : [...known, stated])].sort()
}
