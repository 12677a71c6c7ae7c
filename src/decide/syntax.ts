import type { CellFault, Node } from './reading.ts'

/** Marks that look like the ones meant: typed on a Chinese keyboard, pasted from a document. */
const lookalikes: Readonly<Record<string, string>> = {
  '“': '"', '”': '"', '„': '"', '「': '"', '」': '"', '＂': '"', '‘': '"', '’': '"',
  '，': ',', '、': ',', '；': ',', '（': '(', '）': ')', '［': '[', '］': ']', '【': '[', '】': ']',
  '＞': '>', '＜': '<', '＝': '=', '≥': '>=', '≤': '<=', '≠': '!=', '－': '-', '–': '-', '—': '-', '−': '-', '…': '..', '～': '..', '％': '%', '？': '?',
}
const fullWidthDigit = /[０-９．]/

const forms = 'A cell is one test, or several with commas: > 500, [1..7], "short","medium", not("x"), null, -.'

const currencySign = /[￥¥€£₹]/
const amountAlone = "An amount stands alone; its currency is a test of its own: currency: '\"CNY\"'."

/** Marks outside of text that look like the ones meant, where the grammar would read something else or nothing. */
export function lookalikeFaults(text: string): CellFault[] {
  const outside = text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (all) => ' '.repeat(all.length))
  const sign = currencySign.exec(outside)
  if (sign !== null) return [{ code: 'rule-cell-wrong', offset: sign.index, says: `${sign[0]} is not part of a number.`, todo: amountAlone }]
  for (const [offset, mark] of [...outside.matchAll(/[^\p{ASCII}]/gu)].map((found) => [found.index, found[0]] as const)) {
    const meant = lookalikes[mark] ?? (fullWidthDigit.test(mark) ? mark.normalize('NFKC') : undefined)
    if (meant !== undefined) return [{ code: 'rule-cell-wrong', offset, says: `${mark} is not the mark that rules use.`, todo: `Write ${meant}.` }]
  }
  return []
}

/** What the grammar could not read, and the likeliest thing to write instead. */
export function syntaxFault(text: string, root: Node, hintOf = hint): CellFault | undefined {
  const error = firstError(root)
  if (error === undefined) return undefined
  const rest = text.slice(error.from).trim()
  const says = rest === '' ? 'The test breaks off: something is missing at its end.' : error.from === 0 ? `${text.trim()} cannot be read as a test.` : `The test cannot be read from ${rest} on.`
  return { code: 'rule-cell-wrong', offset: error.from, says, todo: hintOf(text.trim()) }
}

function firstError(root: Node): Node | undefined {
  let found: Node | undefined
  const walk = (node: Node) => {
    if (found !== undefined) return
    if (node.type.isError) found = node
    for (let child = node.firstChild; child !== null; child = child.nextSibling) walk(child)
  }
  walk(root)
  return found
}

type Hint = readonly [RegExp, (found: RegExpExecArray) => string]

const hints: readonly Hint[] = [
  [/^[^"]*'([^']*)'/, (found) => `Text stands in double quotes: "${found[1]}".`],
  [/^[^"]*"[^"]*$/, () => 'A double quote is not closed.'],
  [/\d(,\d{3})+/, (found) => `Write numbers without thousands marks: ${found[0].replaceAll(',', '')}.`],
  [/(\d+)[_ ](\d{3})\b/, (found) => `Write numbers without thousands marks: ${found[1]}${found[2]}.`],
  [/(\d+)\s*%/, (found) => `There are no per cents: write the number (${found[1]}), or a factor such as 0.5 * principal.`],
  [/^(?:\?\s*)?(?:between|from)\s+(\S+)\s+(?:and|to)\s+(\S+)/i, (found) => `Write [${found[1]}..${found[2]}].`],
  [/^\[?\s*([\w.]+?)\s*(?:\.\.|to)\s*([\w.]+)\s*\]?$/, (found) => `Write [${found[1]}..${found[2]}].`],
  [/^\[?\(?\s*\.\.\s*(\S+?)[\])]?$/, (found) => `Write <= ${found[1]}.`],
  [/^[[(]\s*(\S+?)\s*\.\.\s*[\])]?$/, (found) => `Write >= ${found[1]}.`],
  [/\d\s*([A-Z]{3}|元|\$)|\$\s*\d/, () => amountAlone],
  [/[;|]/, () => 'Several tests are put side by side with commas.'],
  [/^,|,\s*,|,\s*$/, () => 'There is a comma too many.'],
  [/^not\s+[^(]/, (found) => `Write not(${found.input.slice(3).trim()}).`],
  [/^in\s*\(?(.*?)\)?$/, (found) => `Leave "in" out: ${found[1]}.`],
]

const hint = (text: string) => hinted(text, hints) ?? forms

/** A condition that stands alone: what other languages write, then what goes wrong in cells too. */
export const conditionHint = (text: string) =>
  hinted(text, conditionHints) ?? hinted(text, hints.slice(1, 5)) ?? 'A condition compares columns: product = "card" and days_past_due > 5. Also < <= >= !=, in ("a","b"), in [1..30], = null, not(...), contains(product, "x").'

const conditionHints: readonly Hint[] = [
  [/^[^"]*'([^']*)'/, (found) => `Text stands in double quotes: "${found[1]}".`],
  [/\d(,\d{3})+(?!\d)/, (found) => `Write numbers without thousands marks: ${found[0].replaceAll(',', '')}.`],
  [/\d\s*([A-Z]{3})\b/, (found) => `An amount stands alone; its currency is a condition of its own: currency = "${found[1]}".`],
  [/&&|\|\|/, () => 'Write and, or.'],
  [/\b(AND|OR|NOT|IN|BETWEEN)\b/, (found) => `Write ${found[1]!.toLowerCase()} in small letters.`],
  [/\bis\s+(not\s+)?(?:null|blank|empty)\b/i, (found) => `Write ${found[1] === undefined ? '= null' : '!= null'}.`],
  [/\blike\b/i, () => 'Write contains(product, "x"), starts with(product, "x") or ends with(product, "x").'],
  [/\bin\s*\[\s*("[^"]*"\s*(?:,\s*"[^"]*"\s*)*)\]/, (found) => `Write in (${found[1]!.trim()}).`],
  [/[=<>]\s*\S+\s*[,;]/, () => 'Conditions are joined with and, or with or.'],
]

function hinted(text: string, known: readonly Hint[]) {
  for (const [pattern, say] of known) {
    const found = pattern.exec(text)
    if (found !== null) return say(found)
  }
  return undefined
}
