import { sql } from 'kysely'

/** Whether a text is a part of one of these columns, without regard to the case of ASCII letters. */
export function hasPart(columns: readonly string[], text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const each = columns.map((column) => sql`${sql.ref(column)} like ${pattern} escape '\\'`)
  return sql<boolean>`(${sql.join(each, sql` or `)})`
}
