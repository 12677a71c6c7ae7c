const asciiBlanks = [Buffer.from(' '), Buffer.from('\t')]
const blanks = [...asciiBlanks, Buffer.from('\u00a0'), Buffer.from('\u3000')]

/** Whether some field may begin or end with a blank. `part` holds whole records, so its own ends are edges of fields too. */
export function hasEdgeBlank(part: Buffer, delimiter: number, quote: number, ascii: boolean): boolean {
  const edge = (byte: number | undefined) => byte === undefined || byte === delimiter || byte === quote || byte === 10 || byte === 13
  for (const blank of ascii ? asciiBlanks : blanks) {
    if (blank.length === 1 && blank[0] === delimiter) continue
    const wanted = blank.length === 1 ? blank[0]! : blank
    for (let at = part.indexOf(wanted); at !== -1; at = part.indexOf(wanted, at + blank.length)) {
      if (edge(part[at - 1]) || edge(part[at + blank.length])) return true
    }
  }
  return false
}
