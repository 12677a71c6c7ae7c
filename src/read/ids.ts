/** A value without the blanks at its ends: space, tab, no-break space, ideographic space, as the engine trims them. */
export const unblanked = (value: string) => value.replace(/^[ \t\u00a0\u3000]+|[ \t\u00a0\u3000]+$/g, '')

/** An id but for blanks at the ends, leading zeros and letter case: ids that are alike are looked for together. */
export const bare = (id: string) => unblanked(id).replace(/^0+/, '').toLowerCase()
