/** Exact decimals as whole numbers of millionths: more digits than any currency has, and none of a float's errors. */
export function exact(amount: string): bigint {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(amount) ?? []
  if (whole === undefined) throw new Error(`not an exact decimal: ${amount}`)
  const value = BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, '0'))
  return sign === '-' ? -value : value
}

/** Back to a decimal, with `decimals` digits behind the point. */
export function plain(millionths: bigint, decimals: number): string {
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(7, '0')
  const part = digits.slice(-6, decimals - 6 || undefined)
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}${decimals === 0 ? '' : `.${part}`}`
}

/** Digits behind the point as written. */
export const decimalsOf = (amount: string) => (amount.includes('.') ? amount.length - amount.indexOf('.') - 1 : 0)
