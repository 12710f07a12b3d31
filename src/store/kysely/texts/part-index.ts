import { type RawBuilder, sql } from 'kysely'
import { type IndexedTexts, trigramsIn } from '../../../domain/model/search-text.ts'
import { isPostgres } from '../database.ts'

type Field = keyof IndexedTexts

const fields: readonly Field[] = ['name', 'description', 'inputs', 'readme']

/** The index of the trigrams of models’ texts, as a database has it. */
export interface PartIndex {
  /** The value of a column of `model_texts`. */
  textOf(text: string): unknown
  /** Whether one of these columns of a row has a trigram, for each trigram. */
  hasAll(parts: readonly string[], within: readonly Field[]): RawBuilder<boolean>
}

export function partIndexOf(db: Parameters<typeof isPostgres>[0]): PartIndex {
  return isPostgres(db) ? arrays : fullText
}

/** Keeps the texts of a model that has none in the index. */
export function insertParts(
  { textOf }: PartIndex,
  id: number,
  texts: IndexedTexts,
): RawBuilder<unknown> {
  const columns = fields.map((field) => sql.ref(field))
  const values = fields.map((field) => sql`${textOf(texts[field])}`)
  return sql`
    insert into model_texts (rowid, ${sql.join(columns)}) values (${id}, ${sql.join(values)})`
}

/** SQLite’s FTS5, which takes texts apart itself. */
const fullText: PartIndex = {
  textOf: (text) => text,
  hasAll(parts, within) {
    const quoted = parts.map((part) => `"${part.replaceAll('"', '""')}"`)
    return sql`model_texts match ${`{${within.join(' ')}} : (${quoted.join(' AND ')})`}`
  },
}

/** Arrays of trigrams with GIN indexes on PostgreSQL. */
const arrays: PartIndex = {
  textOf: trigramsIn,
  hasAll(parts, within) {
    const each = parts.map((part) => {
      const inOne = within.map((field) => sql`${sql.ref(field)} @> ${[part]}::text[]`)
      return sql`(${sql.join(inOne, sql` or `)})`
    })
    return sql`${sql.join(each, sql` and `)}`
  },
}
