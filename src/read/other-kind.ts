const failed = 'An export that failed may leave such a page: look into it, and deliver the file again.'
const workbook = 'Save the sheet as CSV UTF-8, or have the system export CSV.'

/** How files begin that are named .csv and are something else: bytes in hexadecimal digits, or text. */
const kinds: readonly { readonly begins: string | RegExp; readonly is: string; readonly todo: string }[] = [
  { begins: '504b0304', is: 'a workbook of a spreadsheet or another zip archive', todo: workbook },
  { begins: 'd0cf11e0', is: 'a workbook of an old spreadsheet', todo: workbook },
  { begins: '1f8b', is: 'zipped (gzip)', todo: 'Name it .csv.gz.' },
  { begins: '50415231', is: 'a Parquet file', todo: 'Name it .parquet.' },
  { begins: '255044462d', is: 'a PDF', todo: workbook },
  { begins: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table)[\s>]/i, is: 'a page of HTML', todo: failed },
  { begins: /^(?:\xef\xbb\xbf)?\s*<\?xml\s/i, is: 'XML', todo: failed },
  { begins: /^(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"/, is: 'JSON', todo: failed },
]

/** What a file is that is no text of rows, by its first bytes. */
export function otherKind(start: Buffer): { is: string; todo: string } | undefined {
  const [text, bytes] = [start.toString('latin1', 0, 200), start.toString('hex', 0, 8)]
  return kinds.find(({ begins }) => (typeof begins === 'string' ? bytes.startsWith(begins) : begins.test(text)))
}
