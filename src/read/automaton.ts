/**
 * A machine that knows records of a plain file by their bytes: each field in the one shape in which the engine's typed reader and
 * the exact guards agree (`typed.ts`), no quotes, no blanks at the edges of a field, as many fields as the header has. It takes two
 * bytes a step. What it does not know is not wrong: such a file is read under the guards.
 */
export interface Automaton {
  /** state << 8 | byte -> state. */
  readonly one: Uint16Array
  /** state << 16 | two bytes, the first one low -> state, with `ended` where a record ended in them. */
  readonly two: Uint16Array
  readonly start: number
}

export interface FieldShape {
  readonly kind: 'text' | 'int' | 'date' | 'money'
  /** A blank is a fault. */
  readonly filled: boolean
}

/** Set in a step of two bytes in which a record ended. */
const ended = 0x8000
const LF = 10
const CR = 13
const QUOTE = 34
/** Each state takes 128 kB of address space, of which little is touched. */
const mostStates = 500

type Steps = Map<number, number>

/** The machine for a header's fields; none where the delimiter could be a part of a value, or where there are too many fields. */
export function automaton(fields: readonly FieldShape[], delimiter: string, scale: number, crlf: boolean): Automaton | undefined {
  // In a file of one column a blank line is a record, which is a shape of its own.
  if (fields.length < 2 || /[-.0-9\r\n"]/.test(delimiter)) return undefined
  const states: Steps[] = []
  const state = () => states.push(new Map()) - 1
  const on = (from: number, first: number, last: number, to: number) => {
    for (let byte = first; byte <= last; byte++) states[from]!.set(byte, to)
  }
  const digits = (from: number, to: number, first = 0) => on(from, 0x30 + first, 0x39, to)
  // State 0: nothing leaves it.
  state()
  const starts = fields.map(state)
  const start = starts[0]!
  const beforeLf = crlf ? state() : undefined
  if (beforeLf !== undefined) states[beforeLf]!.set(LF, start)
  const mark = delimiter.charCodeAt(0)
  for (const [at, { kind, filled }] of fields.entries()) {
    const from = starts[at]!
    const end = (of: number) => (at + 1 < fields.length ? states[of]!.set(mark, starts[at + 1]!) : beforeLf === undefined ? states[of]!.set(LF, start) : states[of]!.set(CR, beforeLf))
    const whole = (of: number) => {
      const zero = state()
      const number = state()
      on(of, 0x30, 0x30, zero)
      digits(of, number, 1)
      digits(number, number)
      return [zero, number]
    }
    if (kind === 'text') {
      const body = state()
      const blank = state()
      for (const of of [from, body, blank]) {
        on(of, 0x21, 0x7e, body)
        on(of, 0x80, 0xff, body)
        states[of]!.delete(QUOTE)
        states[of]!.delete(mark)
        // A tab or space may stand inside a field and not at its edges.
        if (of !== from) for (const byte of [0x20, 0x09]) if (byte !== mark) states[of]!.set(byte, blank)
      }
      end(body)
    } else if (kind === 'int') whole(from).forEach(end)
    else if (kind === 'money') {
      const minus = state()
      on(from, 0x2d, 0x2d, minus)
      const wholes = [...whole(from), ...whole(minus)]
      wholes.forEach(end)
      if (scale > 0) {
        const point = state()
        for (const one of wholes) on(one, 0x2e, 0x2e, point)
        let last = point
        for (let decimal = 0; decimal < scale; decimal++) {
          const next = state()
          digits(last, next)
          end(next)
          last = next
        }
        // Zeros beyond the decimals change nothing.
        const noughts = state()
        on(last, 0x30, 0x30, noughts)
        on(noughts, 0x30, 0x30, noughts)
        end(noughts)
      }
    } else {
      // Years 1900 to 2199; whether the day exists is for the reader, which refuses the file if it does not.
      const [nineteen, twenty] = [state(), state()]
      on(from, 0x31, 0x31, nineteen)
      on(from, 0x32, 0x32, twenty)
      let last = state()
      digits(nineteen, last, 9)
      on(twenty, 0x30, 0x31, last)
      for (const part of 'dd-dd-dd') {
        const next = state()
        if (part === 'd') digits(last, next)
        else on(last, 0x2d, 0x2d, next)
        last = next
      }
      end(last)
    }
    if (!filled) end(from)
  }
  return states.length > mostStates ? undefined : tablesOf(states, start)
}

function tablesOf(states: readonly Steps[], start: number): Automaton {
  const one = new Uint16Array(states.length << 8)
  const two = new Uint16Array(states.length << 16)
  for (const [from, steps] of states.entries())
    for (const [first, then] of steps) {
      one[(from << 8) | first] = then
      for (const [second, to] of states[then]!) two[(from << 16) | (second << 8) | first] = to | (first === LF || second === LF ? ended : 0)
    }
  return { one, two, start }
}

/** The bytes of a stretch, seen one by one and in pairs. */
export interface Stretch {
  readonly bytes: Uint8Array
  /** The same memory from the same place. */
  readonly pairs: Uint16Array
}

/**
 * Records between two offsets that lie at starts of records; -1 where some record is not in shape. Four stretches are walked at
 * once: the machine waits for memory, not for arithmetic.
 */
export function recordsIn({ one, two, start }: Automaton, { bytes, pairs }: Stretch, from: number, to: number): number {
  const cuts = [from, from, from, from, to]
  for (let part = 1; part < 4; part++) {
    const next = bytes.indexOf(LF, from + Math.floor(((to - from) * part) / 4)) + 1
    cuts[part] = next === 0 || next > to ? to : Math.max(next, cuts[part - 1]!)
  }
  let count = 0
  const at = [start, start, start, start]
  const places = [0, 0, 0, 0]
  for (let part = 0; part < 4; part++) {
    let place = cuts[part]!
    // An odd first byte goes alone, so that pairs lie on even offsets.
    if ((place & 1) === 1 && place < cuts[part + 1]!) at[part] = one[(start << 8) | bytes[place++]!]!
    places[part] = place >> 1
  }
  const lasts = places.map((place, part) => Math.max(place, cuts[part + 1]! >> 1))
  let [s0, s1, s2, s3] = at as [number, number, number, number]
  let [p0, p1, p2, p3] = places as [number, number, number, number]
  const [e0, e1, e2, e3] = lasts as [number, number, number, number]
  for (let left = Math.min(e0 - p0, e1 - p1, e2 - p2, e3 - p3); left > 0; left--) {
    s0 = two[((s0 & 0x7fff) << 16) | pairs[p0++]!]!
    s1 = two[((s1 & 0x7fff) << 16) | pairs[p1++]!]!
    s2 = two[((s2 & 0x7fff) << 16) | pairs[p2++]!]!
    s3 = two[((s3 & 0x7fff) << 16) | pairs[p3++]!]!
    count += (s0 >> 15) + (s1 >> 15) + (s2 >> 15) + (s3 >> 15)
  }
  const rest = (state: number, place: number, last: number) => {
    let now = state
    for (let pair = place; pair < last; pair++) {
      now = two[((now & 0x7fff) << 16) | pairs[pair]!]!
      count += now >> 15
    }
    return now & 0x7fff
  }
  const ends = [rest(s0, p0, e0), rest(s1, p1, e1), rest(s2, p2, e2), rest(s3, p3, e3)]
  for (let part = 0; part < 4; part++) {
    const last = cuts[part + 1]!
    let now = ends[part]!
    // The last byte of a stretch of odd end: its LF.
    if ((last & 1) === 1 && last > cuts[part]! && places[part]! << 1 < last) {
      now = one[(now << 8) | bytes[last - 1]!]!
      count++
    }
    if (now !== start) return -1
  }
  return count
}
