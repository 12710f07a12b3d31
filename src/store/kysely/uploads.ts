import type { Kysely, Selectable } from 'kysely'
import type { Upload } from '../../domain/file/upload.ts'
import type { Store } from '../store.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import { dropFiles, keepFiles } from './files.ts'
import { readJson, writeJson } from './prediction-rows.ts'
import type { FileRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type UploadStore = Pick<Store, 'addUpload' | 'findUpload' | 'uploads' | 'removeUpload'>

/** Files that programs uploaded through the API: references that have an owner. */
export function createUploadStore(db: Kysely<Tables>, write: Write): UploadStore {
  const owned = db.selectFrom('files').selectAll().where('owner', 'is not', null)

  return {
    addUpload: ({ file, owner, metadata, createdAt }) =>
      write(async (trx) => {
        await keepFiles(trx, [file], null, createdAt)
        await trx
          .updateTable('files')
          .set({ owner, metadata: writeJson(metadata) })
          .where('ref', '=', file.ref)
          .execute()
      }),

    async findUpload(ref) {
      const row = await owned.where('ref', '=', ref).executeTakeFirst()
      return row ? readUpload(row) : null
    },

    async uploads(owner, limit, before) {
      const cursor = before === null ? null : parseCursor(before)
      const own = owned.where('owner', '=', owner)
      const after = cursor
        ? own.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('created_at', 'ref'), '<', tuple(cursor.createdAt, cursor.id)),
          )
        : own
      const rows = await after
        .orderBy('created_at', 'desc')
        .orderBy('ref', 'desc')
        .limit(limit + 1)
        .execute()
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? formatCursor({ createdAt: last.created_at, id: last.ref }) : null
      return { uploads: rows.slice(0, limit).map(readUpload), next }
    },

    removeUpload: (ref, at) =>
      write(async (trx) => {
        const row = await trx
          .updateTable('files')
          .set({ owner: null, metadata: null })
          .where('ref', '=', ref)
          .where('owner', 'is not', null)
          .returning('prediction')
          .executeTakeFirst()
        if (row?.prediction === null) await dropFiles(trx, [ref], at)
        return row !== undefined
      }),
  }
}

function readUpload({ ref, sha256, name, type, size, ...row }: Selectable<FileRow>): Upload {
  return {
    file: { ref, sha256, name, type, size },
    owner: row.owner ?? '',
    metadata: row.metadata === null ? {} : readJson(row.metadata),
    createdAt: row.created_at,
  }
}
