import type { Kysely } from 'kysely'
import type { Json } from '../../domain/json/json.ts'
import { readJson, writeJson } from '../kysely/prediction-rows.ts'
import type { Tables } from '../kysely/tables.ts'
import type { UpstreamNotes } from '../upstream-notes.ts'

export function createUpstreamNotes(db: Kysely<Tables>): UpstreamNotes {
  async function read(kind: string, key: string): Promise<Json | null> {
    const row = await db
      .selectFrom('upstream_notes')
      .select('content')
      .where('kind', '=', kind)
      .where('key', '=', key)
      .executeTakeFirst()
    return row ? readJson(row.content) : null
  }

  return {
    read,

    async write(kind, key, { edition, content }) {
      const row = { kind, key, edition, content: writeJson(content) }
      const written = await db
        .insertInto('upstream_notes')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['kind', 'key'])
            .doUpdateSet({ edition, content: row.content })
            .where('upstream_notes.edition', '!=', edition),
        )
        .returning('key')
        .executeTakeFirst()
      return written ? content : ((await read(kind, key)) ?? content)
    },

    async remove(kind, key) {
      await db
        .deleteFrom('upstream_notes')
        .where('kind', '=', kind)
        .where('key', '=', key)
        .execute()
    },
  }
}
