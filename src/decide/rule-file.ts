import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node, type Scalar, type YAMLError } from 'yaml'
import { UserError } from '../errors.ts'
import { entriesOf, textOf, type Entry, type Reader } from './entries.ts'
import { readOutputs } from './outputs.ts'
import { offsetsIn, scalarText } from './scalar.ts'
import type { At, RuleFile, WrittenCell, WrittenRule, WrittenTable } from './written.ts'

const example = 'See "arrears init" for a rule file to start from.'

/** A rule file as written: every table, rule, cell and output with its place, and all that is wrong with the form, at once. */
export function readRuleFile(text: string, file: string): RuleFile {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const errors: UserError[] = []
  const place = (offset: number): At => {
    const { line, col } = lines.linePos(Math.max(0, offset))
    return { line, column: Math.max(1, col) }
  }
  const wrong = (at: Node | number, value: string, hint: string) => void errors.push(new UserError('rules-wrong', { value, hint, file, ...place(typeof at === 'number' ? at : (at.range?.[0] ?? 0)) }))
  const reader: Reader = { text, place, wrong: wrong as Reader['wrong'] }

  const broken = new Set<number>()
  for (const error of [...doc.errors, ...doc.warnings]) {
    // One break brings many complaints on its line; the first says it.
    const { line } = place(error.pos[0])
    if (!broken.has(line)) wrong(error.pos[0], yamlSays(error), yamlHint(error, text, error.pos[0]))
    broken.add(line)
  }
  visit(doc, { Alias: (_, node) => wrong(node, `An alias (*${node.source}) stands here.`, 'Write the value out; aliases are not used in rule files.') })
  // Broken YAML is not read on: what follows the break would only be noise. A key that is there twice breaks nothing.
  const readable = [...doc.errors, ...doc.warnings].every((error) => error.code === 'DUPLICATE_KEY')
  const tables = readable ? readTables(reader, doc.contents as Node | null) : []
  checkLists(tables, (rule, value, hint) => void errors.push(new UserError('rules-wrong', { value, hint, file, ...rule.at })))
  return Object.freeze({ file, tables, errors })
}

function yamlSays(error: YAMLError) {
  if (error.code === 'DUPLICATE_KEY') return 'The same word stands twice in one map.'
  return `The file cannot be read as YAML: ${error.message.replace(/\.$/, '')}.`
}

function yamlHint(error: YAMLError, text: string, offset: number) {
  if (error.code === 'DUPLICATE_KEY') return 'Two tests of one column stand in one cell: "[1..7]", or "? > 5 and ? < 9".'
  if (error.code === 'TAB_AS_INDENT') return 'Indent with spaces.'
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split(/\r?\n/, 1)[0]!
  const cell = /([\p{L}\p{N}_ ]+):\s+([>|!@%&*?[\]"'-][^'}]*?)(?=$|\s*[}']|,\s*[\p{L}\p{N}_ ]+:)/u.exec(line)
  if (cell === null) return 'Mend the file at the place shown.'
  return `A test stands in single quotes, for example ${cell[1]!.trim()}: '${cell[2]!.trim()}'.`
}

function readTables(r: Reader, root: Node | null): WrittenTable[] {
  if (root === null) return r.wrong(0, 'The rule file is empty.', `It is a list of tables. ${example}`) ?? []
  if (isMap(root)) return r.wrong(root, 'The rule file is not a list of tables.', 'Begin each table with "- table: NAME".') ?? []
  if (!isSeq(root)) return r.wrong(root, 'The rule file is not a list of tables.', example) ?? []
  if (root.items.length === 0) return r.wrong(root, 'The rule file has no tables.', example) ?? []
  const names = new Map<string, At>()
  const ids = new Map<string, At>()
  return (root.items as Node[]).flatMap((item) => readTable(r, item, names, ids) ?? [])
}

function readTable(r: Reader, node: Node, names: Map<string, At>, ids: Map<string, At>): WrittenTable | undefined {
  const entries = entriesOf(r, node, ['table', 'hit', 'rules'], 'A table')
  if (entries === undefined) return undefined
  const name = textOf(r, entries.get('table'), 'The name of a table')
  if (name === undefined && !entries.has('table')) r.wrong(node, 'A table has no name.', 'Begin it with "- table: NAME".')
  if (name !== undefined) once(r, names, name, entries.get('table')!.value!, 'table')
  checkHit(r, entries.get('hit'))
  const rules = entries.get('rules')
  const list = rules?.value
  if (list === null || list === undefined || !isSeq(list) || list.items.length === 0) {
    if (!isAlias(list)) r.wrong(rules?.key ?? node, `Table ${name ?? ''} has no rules.`.replace('  ', ' '), 'List them under rules:, each as "- id: NAME" with when: and then:.')
    return undefined
  }
  const read = (list.items as Node[]).flatMap((item) => readRule(r, item, ids) ?? [])
  return name === undefined ? undefined : { name, at: placeOf(r, node), hit: 'first', rules: read }
}

const laterPolicies = ['unique', 'priority', 'collect', 'any', 'output order', 'rule order']

function checkHit(r: Reader, entry: Entry | undefined) {
  if (entry === undefined) return
  const hit = textOf(r, entry, 'The hit policy')
  if (hit === undefined || hit === 'first') return
  const later = laterPolicies.includes(hit.toLowerCase())
  const says = later ? `The hit policy ${hit} is not supported yet.` : `${hit} is not a hit policy.`
  r.wrong(entry.value!, says, 'Write hit: first (the first rule that fires is taken), or leave it out.')
}

function readRule(r: Reader, node: Node, ids: Map<string, At>): WrittenRule | undefined {
  const entries = entriesOf(r, node, ['id', 'when', 'then'], 'A rule')
  if (entries === undefined) return undefined
  const id = textOf(r, entries.get('id'), 'The id of a rule')
  if (id === undefined && !entries.has('id')) r.wrong(node, 'A rule has no id.', 'Give each rule an id of its own, for example "- id: S1": runs and "arrears explain" name rules by it.')
  if (id !== undefined) once(r, ids, id, entries.get('id')!.value!, 'rule')
  const when = readCells(r, entries.get('when'))
  const gives = readOutputs(r, entries.get('then'), node, id ?? '')
  return id === undefined || gives === undefined ? undefined : { id, at: placeOf(r, node), reasonAt: reasonPlaces(r, entries.get('then')!.value!), when, gives }
}

function reasonPlaces(r: Reader, then: Node): (offset: number) => At {
  const reason = isMap(then) ? then.get('reason', true) : undefined
  const offset = isScalar(reason) ? offsetsIn(reason as Scalar, r.text) : () => then.range![0]
  return (at) => r.place(offset(at))
}

function readCells(r: Reader, entry: Entry | undefined): WrittenCell[] {
  const node = entry?.value
  if (node === undefined || node === null || (isScalar(node) && scalarText(node) === '')) return []
  const entries = entriesOf(r, node, undefined, 'when:')
  return [...(entries ?? [])].flatMap(([column, { key, value }]) => {
    if (value !== null && isAlias(value)) return []
    if (value !== null && !isScalar(value)) {
      const [from, to] = value.range!
      r.wrong(value, `The test of ${column} is a YAML ${isMap(value) ? 'map' : 'list'}, not text.`, `Put the test in single quotes: ${column}: '${r.text.slice(from, to).trim()}'.`)
      return []
    }
    const scalar = value as Scalar | null
    const offset = scalar === null ? () => key.range![0] : offsetsIn(scalar, r.text)
    return [{ column, columnAt: placeOf(r, key), text: scalar === null ? '' : scalarText(scalar), at: (at: number) => r.place(offset(at)) }]
  })
}

/** Lists are files, and not every file system tells Soft from soft. */
function checkLists(tables: readonly WrittenTable[], wrong: (rule: WrittenRule, value: string, hint: string) => void) {
  const spelled = new Map<string, string>()
  for (const rule of tables.flatMap((table) => table.rules)) {
    const list = rule.gives.action === 'none' ? undefined : (rule.gives.list ?? rule.gives.action)
    if (list === undefined) continue
    const first = spelled.get(list.toLowerCase()) ?? list
    spelled.set(list.toLowerCase(), first)
    if (first !== list) wrong(rule, `Rule ${rule.id} fills the list ${list}, another rule the list ${first}.`, 'Spell one list one way: lists are files.')
  }
}

const placeOf = (r: Reader, node: Node) => r.place(node.range![0])

function once(r: Reader, seen: Map<string, At>, name: string, node: Node, what: string) {
  const first = seen.get(name)
  if (first === undefined) seen.set(name, placeOf(r, node))
  else r.wrong(node, `${what === 'rule' ? 'The id' : 'The table name'} "${name}" is used twice: first in line ${first.line}.`, `Give each ${what} a name of its own.`)
}
