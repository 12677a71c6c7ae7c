import { relation, type Columns, type Relation } from './relation.ts'
import { join, name, nothing, sql } from './sql.ts'

/** A step that has these columns and not one row. */
export const noRows = (as: string, columns: Columns): Relation =>
  relation({ name: as, says: 'None.', columns, body: sql`SELECT ${join(Object.entries(columns).map(([column, type]) => sql`${nothing(type)} AS ${name(column)}`))} WHERE FALSE` })
