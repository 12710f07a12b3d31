import type { Kysely, Transaction } from 'kysely'
import type { EditedCover, ModelEdit } from '../../../domain/model/edit.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Store } from '../../store.ts'
import { dropFiles, keepFiles } from '../files.ts'
import { endEmbedsOfModel } from '../people/embed-links.ts'
import { endSharesOfModel } from '../people/shares.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { ModelEditRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type ModelEditStore = Pick<Store, 'modelEdits' | 'saveModelEdit' | 'removeModelEdit'>

/** The edits of models, and the files of their covers. */
export function createModelEditStore(db: Kysely<Tables>, write: Write): ModelEditStore {
  return {
    async modelEdits() {
      const rows = await db.selectFrom('model_edits').selectAll().execute()
      return rows.map(readEdit)
    },

    saveModelEdit: (edit, ifRevision) =>
      write(async (trx) => {
        const before = await findRow(trx, edit.ref)
        if ((before?.revision ?? 0) !== ifRevision) return false
        const row = newRow(edit)
        const { cover } = edit.fields
        if (before?.cover_ref && before.cover_ref !== row.cover_ref)
          await dropFiles(trx, [before.cover_ref], edit.updatedAt)
        if (cover && 'file' in cover) await keepFiles(trx, [cover.file], null, edit.updatedAt)
        await trx
          .insertInto('model_edits')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['model_owner', 'model_name']).doUpdateSet(row),
          )
          .execute()
        if (row.visibility === 'private' && before?.visibility !== 'private') {
          await endSharesOfModel(trx, edit.ref, edit.updatedAt)
          await endEmbedsOfModel(trx, edit.ref, edit.updatedAt)
        }
        return true
      }),

    removeModelEdit: (ref, at) =>
      write(async (trx) => {
        const row = await findRow(trx, ref)
        if (!row) return false
        if (row.cover_ref) await dropFiles(trx, [row.cover_ref], at)
        await trx
          .deleteFrom('model_edits')
          .where('model_owner', '=', ref.owner)
          .where('model_name', '=', ref.name)
          .execute()
        return true
      }),
  }
}

function findRow(trx: Transaction<Tables>, { owner, name }: ModelRef) {
  return trx
    .selectFrom('model_edits')
    .select(['revision', 'cover_ref', 'visibility'])
    .where('model_owner', '=', owner)
    .where('model_name', '=', name)
    .executeTakeFirst()
}

function newRow({ ref, fields, revision, updatedAt, updatedBy }: ModelEdit): ModelEditRow {
  return {
    model_owner: ref.owner,
    model_name: ref.name,
    description: fields.description,
    readme: fields.readme,
    github: fields.github,
    paper: fields.paper,
    license: fields.license,
    cover: fields.cover && writeJson(fields.cover),
    cover_ref: refOf(fields.cover),
    tags: fields.tags && writeJson(fields.tags),
    visibility: fields.visibility,
    default_example: fields.defaultExample,
    counts_as: fields.countsAs && writeJson(fields.countsAs),
    revision,
    updated_at: updatedAt,
    updated_by: updatedBy,
  }
}

function refOf(cover: EditedCover | null): string | null {
  return cover && 'file' in cover ? cover.file.ref : null
}

function readEdit(row: ModelEditRow): ModelEdit {
  return {
    ref: { owner: row.model_owner, name: row.model_name },
    fields: {
      description: row.description,
      readme: row.readme,
      github: row.github,
      paper: row.paper,
      license: row.license,
      cover: row.cover === null ? null : readJson(row.cover),
      tags: row.tags === null ? null : readJson(row.tags),
      visibility: row.visibility,
      defaultExample: row.default_example,
      countsAs: row.counts_as === null ? null : readJson(row.counts_as),
    },
    revision: row.revision,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}
