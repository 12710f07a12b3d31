import type { InferResult, Kysely, Transaction } from 'kysely'
import type { StoredFile } from '../../domain/file/file.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Store } from '../store.ts'
import { isPostgres } from './database.ts'
import type { Tables } from './tables.ts'
import type { Write } from './writer.ts'

type FileStore = Pick<Store, 'addFile' | 'findFile' | 'knownContents' | 'forget'>

/** References to files, and the contents they refer to. */
export function createFileStore(db: Kysely<Tables>, write: Write): FileStore {
  return {
    addFile: (file, account, at) =>
      write(
        async (trx) => {
          await keepFiles(trx, [file], null, at)
          await trx.updateTable('files').set({ account }).where('ref', '=', file.ref).execute()
        },
        { keys: [contentKey(file)] },
      ),

    async findFile(ref) {
      const row = await selectFile(db, ref).executeTakeFirst()
      if (!row) return null
      const { sha256, name, type, size, prediction, run_group: group, account, owner } = row
      const file = { ref, sha256, name, type, size }
      return { file, account: account ?? owner, prediction, group, of: readOf(row) }
    },

    async knownContents(sha256) {
      if (sha256.length === 0) return new Set()
      const rows = await db
        .selectFrom('contents')
        .select('sha256')
        .where('sha256', 'in', sha256)
        .execute()
      return new Set(rows.map((row) => row.sha256))
    },

    forget: (before, limit) => write((trx) => forgetUnreferenced(trx, before, limit)),
  }
}

function selectFile(db: Kysely<Tables>, ref: string) {
  return db
    .selectFrom('files')
    .leftJoin('predictions', 'predictions.id', 'files.prediction')
    .select(['sha256', 'name', 'type', 'size', 'prediction', 'files.account', 'files.owner'])
    .select(['created_by', 'visibility', 'model_owner', 'model_name', 'run_group'])
    .select('predictions.account as made_for')
    .where('ref', '=', ref)
}

type FileOfRow = InferResult<ReturnType<typeof selectFile>>[number]

function readOf({ created_by, made_for, visibility, model_owner, model_name }: FileOfRow) {
  if (created_by === null || visibility === null || model_owner === null || model_name === null)
    return null
  const model = { owner: model_owner, name: model_name }
  return { createdBy: created_by, account: made_for ?? created_by, visibility, model }
}

/** The key of writes to a content and its references. */
export function contentKey({ sha256 }: Pick<StoredFile, 'sha256'>): string {
  return `content ${sha256}`
}

/** Adds references to files; `prediction` is null until one takes them. */
export async function keepFiles(
  trx: Transaction<Tables>,
  files: readonly StoredFile[],
  prediction: string | null,
  at: number,
) {
  // In one order, so that no two transactions wait for each other.
  for (const { ref, sha256, name, type, size } of files.toSorted(byContent)) {
    await trx
      .insertInto('contents')
      .values({ sha256, size, unreferenced_at: null })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ unreferenced_at: null }))
      .execute()
    await trx
      .insertInto('files')
      .values({ ref, sha256, name, type, size, prediction, created_at: at })
      .onConflict((conflict) =>
        conflict.column('ref').doUpdateSet({ prediction }).where('files.prediction', 'is', null),
      )
      .execute()
  }
}

function byContent(a: StoredFile, b: StoredFile): number {
  if (a.sha256 === b.sha256) return 0
  return a.sha256 < b.sha256 ? -1 : 1
}

/** Removes references, and marks the contents that have none left. */
export async function dropFiles(trx: Transaction<Tables>, refs: readonly string[], at: number) {
  if (refs.length === 0) return
  const dropped = await trx
    .deleteFrom('files')
    .where('ref', 'in', refs)
    .returning('sha256')
    .execute()
  const contents = dropped.map(({ sha256 }) => sha256)
  await lockContents(trx, contents)
  await trx
    .updateTable('contents')
    .set({ unreferenced_at: at })
    .where('sha256', 'in', contents)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('files').select('ref').whereRef('files.sha256', '=', 'contents.sha256')),
      ),
    )
    .execute()
}

/** Then the next statement sees the references that other transactions have added to them. */
async function lockContents(trx: Transaction<Tables>, sha256: readonly string[]): Promise<void> {
  if (!isPostgres(trx)) return
  await trx
    .selectFrom('contents')
    .select('sha256')
    .where('sha256', 'in', sha256)
    .orderBy('sha256')
    .forUpdate()
    .execute()
}

/** Removes the references of a prediction. */
export async function dropFilesOf(trx: Transaction<Tables>, prediction: string, at: number) {
  const held = await trx
    .selectFrom('files')
    .select('ref')
    .where('prediction', '=', prediction)
    .execute()
  await dropFiles(
    trx,
    held.map(({ ref }) => ref),
    at,
  )
}

/** Keeps the references that a change added, and removes those it dropped. */
export async function saveFiles(trx: Transaction<Tables>, previous: Prediction, next: Prediction) {
  const before = new Set(previous.files.map(({ ref }) => ref))
  const after = new Set(next.files.map(({ ref }) => ref))
  const at = next.completedAt ?? next.startedAt ?? next.createdAt
  await keepFiles(
    trx,
    next.files.filter(({ ref }) => !before.has(ref)),
    next.id,
    at,
  )
  await dropFiles(
    trx,
    [...before].filter((ref) => !after.has(ref)),
    at,
  )
}

async function forgetUnreferenced(trx: Transaction<Tables>, before: number, limit: number) {
  const abandoned = await trx
    .selectFrom('files')
    .select('ref')
    .where('prediction', 'is', null)
    .where('created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('model_edits')
            .select('cover_ref')
            .whereRef('model_edits.cover_ref', '=', 'files.ref'),
        ),
      ),
    )
    .limit(limit)
    .$if(isPostgres(trx), (query) => query.forUpdate().skipLocked())
    .execute()
  // Its content has been unused for as long, so it is removed with it.
  await dropFiles(
    trx,
    abandoned.map(({ ref }) => ref),
    before - 1,
  )
  const forgotten = await trx
    .deleteFrom('contents')
    .where('sha256', 'in', (query) =>
      query
        .selectFrom('contents')
        .select('sha256')
        .where('unreferenced_at', '<', before)
        .limit(limit),
    )
    // Once more, of the row as it is when it is locked.
    .where('unreferenced_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('files').select('ref').whereRef('files.sha256', '=', 'contents.sha256')),
      ),
    )
    .returning('sha256')
    .execute()
  return forgotten.map(({ sha256 }) => sha256)
}
