import { expect, test } from 'vitest'
import { inOrder, relation, type Relation } from '../../src/engine/relation.ts'
import { join, sql } from '../../src/engine/sql.ts'

const step = (name: string, ...before: Relation[]) => relation({ name, says: '', columns: { a: 'int' }, body: sql`SELECT a FROM ${join(before)}` })
const names = (last: Relation) => inOrder(last).map(({ name }) => name)

test('one that reads nothing stands alone', () => expect(names(step('a'))).toEqual(['a']))

test('each after all that it reads, however they are crossed', () => {
  const a = step('a')
  const b = step('b', a)
  const c = step('c', a)
  const d = step('d', c, b)
  const e = step('e', d, a, step('f', b, d))
  const order = names(e)
  expect(order).toHaveLength(6)
  for (const [before, after] of ['ab', 'ac', 'bd', 'cd', 'de', 'bf', 'df', 'fe']) expect(order.indexOf(before!)).toBeLessThan(order.indexOf(after!))
})

test('one mentioned twice is made once', () => {
  const a = step('a')
  expect(names(step('b', a, a))).toEqual(['a', 'b'])
})

test('what the read stage has put in place reads nothing', () => {
  const given = relation({ name: 'loans read', says: '', columns: { a: 'int' }, kept: 'table' })
  expect(names(step('b', given))).toEqual(['loans read', 'b'])
})

test('a view unless it is said otherwise, and nobody changes it', () => {
  expect(step('a').kept).toBe('view')
  expect(() => Object.assign(step('a'), { name: 'b' })).toThrow()
})
