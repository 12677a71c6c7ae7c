const eighths = ['', '\u258F', '\u258E', '\u258D', '\u258C', '\u258B', '\u258A', '\u2589'] as const

/** A bar of block characters, `part` of `whole` over `width` characters; what is more than nothing shows. */
export function bar(part: number, whole: number, width: number): string {
  if (part <= 0 || whole <= 0) return ''
  const steps = Math.max(1, Math.round((part / whole) * width * 8))
  return '\u2588'.repeat(Math.floor(steps / 8)) + eighths[steps % 8]!
}
