/** What is wrong with a record; the first that applies, in the order of finding. */
export type Fault = 'text-after-quote' | 'quote-not-closed' | 'bare-cr' | 'too-long' | 'too-few-columns' | 'too-many-columns' | 'not-utf8'

export interface Rules {
  /** -1: none. */
  readonly quote: number
  readonly delimiter: number
  readonly columns: number
  /** The line end of a record must lie nearer than this to its start. */
  readonly limit: number
  /** Lines end in a bare CR. */
  byCr: boolean
  /** One column: a blank line is a record, as the engine has it. */
  readonly single: boolean
}

/** One record, or the one physical line of a broken one. Filled anew by each call: records are many. */
export interface Cut {
  /** Where its content ends and where the next record begins. */
  end: number
  next: number
  /** Line ends passed. */
  lines: number
  ending: '' | 'lf' | 'crlf' | 'cr'
  fault: Fault | undefined
  broke: number
  /** Too long: its end was not seen, the rest of its line is to be dropped. */
  open: boolean
  bareCr: boolean
}

const LF = 10
const CR = 13
const SPACE = 32

/**
 * Cuts the record that begins at `start`; false: its end is not in `text` yet. What passes is what DuckDB's strict reader takes
 * (tried against it byte by byte): one blank may stand before an opening quote and any number behind a closing one, after which even another
 * quoted part may follow; a quote inside an unquoted field is text; fields beyond the last column may stand if they are empty.
 * A quote that breaks costs one physical line, and the next line is read afresh.
 */
export function cutRecord(text: Buffer, start: number, last: boolean, rules: Rules, cut: Cut): boolean {
  const { quote, delimiter, columns, limit, byCr } = rules
  const far = start + limit
  const stop = Math.min(text.length, far)
  const toEnd = last && text.length < far
  const blanks = delimiter !== SPACE
  let fields = 0
  let extra = false
  let firstSpan = -1
  let i = start
  cut.lines = 0
  cut.fault = undefined
  cut.open = false
  cut.bareCr = false
  cut.ending = ''
  for (;;) {
    const at = i
    fields++
    let open = i
    if (blanks && i < stop && text[i] === SPACE) {
      if (i + 1 === stop && !toEnd) return unended(text, start, stop, far, rules, cut, false, at)
      open = i + 1
    }
    if (open < stop && text[open] === quote) {
      i = open + 1
      for (;;) {
        while (i < stop && text[i] !== quote) {
          if (text[i] === LF || (byCr && text[i] === CR && text[i + 1] !== LF)) {
            cut.lines++
            if (firstSpan === -1) firstSpan = at
          }
          i++
        }
        if (i >= stop) {
          if (toEnd) return brokenLine(text, start, stop, far, last, rules, cut, 'quote-not-closed', firstSpan === -1 ? at : firstSpan)
          return unended(text, start, stop, far, rules, cut, true, firstSpan === -1 ? at : firstSpan)
        }
        i++
        if (i < stop && text[i] === quote) {
          i++
          continue
        }
        let next = i
        while (blanks && next < stop && text[next] === SPACE) next++
        if (next > i && next < stop && text[next] === quote) {
          i = next + 1
          continue
        }
        i = next
        break
      }
      if (i >= stop && !toEnd) return unended(text, start, stop, far, rules, cut, false, at)
      if (i < stop && text[i] !== delimiter && text[i] !== LF) {
        const fault = text[i] !== CR ? 'text-after-quote' : byCr || (i + 1 < stop && text[i + 1] === LF) || (toEnd && i + 1 === stop) ? undefined : 'bare-cr'
        if (fault === 'bare-cr' && i + 1 >= stop) return unended(text, start, stop, far, rules, cut, false, at)
        if (fault === 'bare-cr') cut.bareCr = true
        if (fault !== undefined) {
          const spans = firstSpan !== -1
          return brokenLine(text, start, stop, far, last, rules, cut, spans ? 'quote-not-closed' : fault, spans ? firstSpan : at)
        }
      }
    } else {
      for (;;) {
        while (i < stop && text[i] !== delimiter && text[i] !== LF && text[i] !== CR) i++
        if (i >= stop || text[i] !== CR || byCr) break
        if (i + 1 < stop ? text[i + 1] === LF : toEnd) break
        if (i + 1 >= stop) return unended(text, start, stop, far, rules, cut, false, at)
        cut.bareCr = true
        i++
      }
      if (i >= stop && !toEnd) return unended(text, start, stop, far, rules, cut, false, at)
    }
    if (fields > columns && !extra) extra = !isVoid(text, at, i, quote)
    if (i < stop && text[i] === delimiter) {
      i++
      continue
    }
    cut.end = i
    cut.next = i
    if (i < stop) {
      // In a file of bare CRs the byte behind may still make it a CRLF.
      if (text[i] === CR && i + 1 === text.length && !last) return false
      const crlf = text[i] === CR && text[i + 1] === LF
      cut.ending = crlf ? 'crlf' : text[i] === CR ? 'cr' : 'lf'
      cut.next = i + (crlf ? 2 : 1)
      cut.lines++
    }
    cut.fault = cut.bareCr ? 'bare-cr' : fields < columns ? 'too-few-columns' : extra ? 'too-many-columns' : undefined
    cut.broke = start
    return true
  }
}

/** The fault of a line without quotes and CRs, text UTF-8 or not. */
export function plainFault(text: Buffer, start: number, end: number, { delimiter, columns, quote }: Rules): Fault | undefined {
  let fields = 1
  for (let i = start; i < end; i++) if (text[i] === delimiter) fields++
  if (fields === columns) return undefined
  if (fields < columns) return 'too-few-columns'
  let at = start
  for (let field = 1; at <= end; field++) {
    let next = at
    while (next < end && text[next] !== delimiter) next++
    if (field > columns && !isVoid(text, at, next, quote)) return 'too-many-columns'
    at = next + 1
  }
  return undefined
}

/** Empty, quoted or not. One NUL counts as empty, as the engine has it; with more NULs it reads past its own memory and answers differently each time. */
function isVoid(text: Buffer, from: number, to: number, quote: number): boolean {
  let start = from
  let end = to
  if (start < end && (text[start] === quote || (text[start] === SPACE && text[start + 1] === quote))) {
    while (text[end - 1] === SPACE) end--
    start = text[start] === SPACE ? start + 2 : start + 1
    end--
  }
  return start >= end || (end - start === 1 && text[start] === 0)
}

/** The text ended inside a record: more is needed, or the record is longer than a record may be. */
function unended(text: Buffer, start: number, stop: number, far: number, rules: Rules, cut: Cut, quoted: boolean, broke: number): boolean {
  if (stop < far) return false
  // A quote left open is the likelier reason, and costs one line instead of all that follow.
  if (quoted && cut.lines > 0) return brokenLine(text, start, stop, far, false, rules, cut, 'quote-not-closed', broke)
  return tooLong(text, stop, cut, 'too-long', start)
}

function brokenLine(text: Buffer, start: number, stop: number, far: number, last: boolean, rules: Rules, cut: Cut, fault: Fault, broke: number): boolean {
  let end = start
  while (end < stop && text[end] !== LF && !(rules.byCr && text[end] === CR)) end++
  if (end >= stop) {
    if (stop === far) return tooLong(text, stop, cut, fault, broke)
    if (!last) return false
    cut.ending = ''
    cut.lines = 0
    cut.end = stop
    cut.next = stop
  } else {
    if (rules.byCr && text[end] === CR && end + 1 === text.length && !last) return false
    const before = text[end] === LF && end > start && text[end - 1] === CR
    const after = text[end] === CR && text[end + 1] === LF
    cut.ending = before || after ? 'crlf' : text[end] === CR ? 'cr' : 'lf'
    cut.lines = 1
    cut.end = before ? end - 1 : end
    cut.next = end + (after ? 2 : 1)
  }
  cut.fault = fault
  cut.broke = broke
  return true
}

function tooLong(text: Buffer, stop: number, cut: Cut, fault: Fault, broke: number): boolean {
  let end = stop
  // Not through the middle of a character.
  while (end > stop - 3 && end < text.length && (text[end]! & 0xc0) === 0x80) end--
  cut.end = end
  cut.next = end
  cut.open = true
  cut.fault = fault
  cut.broke = broke
  return true
}
