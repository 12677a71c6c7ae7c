/** Columns that a text takes on a terminal: two for a Chinese, Japanese or Korean character, none for a combining mark. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += /\p{Mn}|\p{Me}|\p{Cf}/u.test(char) ? 0 : wide.test(char) ? 2 : 1
  return width
}

// East Asian Width W and F (Unicode 15, UAX #11), in ranges that hold no narrow letter.
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u

export const padEnd = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)))
export const padStart = (text: string, width: number) => ' '.repeat(Math.max(0, width - widthOf(text))) + text

/** A value of the data as it may stand on a terminal: its control characters would move the cursor or change colours. */
export const shown = (text: string) => text.replace(/\p{Cc}/gu, '\uFFFD')
