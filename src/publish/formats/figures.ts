import type { Value } from '../../engine/engine.ts'

/** 1234567.80 as 1,234,567.80; exact, never by way of a float. */
export function grouped(figure: Value | undefined): string {
  if (figure === null || figure === undefined) return ''
  const [whole, part] = String(figure).split('.')
  const digits = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? digits : `${digits}.${part}`
}

/** A share such as 0.756944 as 75.7 %. */
export const percent = (share: Value | undefined) => (share === null || share === undefined ? '' : `${(Number(share) * 100).toFixed(1)} %`)

export const counted = (n: Value | undefined, one: string, many = `${one}s`) => `${grouped(n ?? 0)} ${Number(n ?? 0) === 1 ? one : many}`
