import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fileRef, type StoredFile } from '../../domain/file/file.ts'
import { FileNotKept, type NotKept } from '../../domain/file/file-not-kept.ts'
import { findAllowedFile } from '../files/find-file.ts'
import { storeUpload } from '../files/store-upload.ts'
import { readParts } from '../forms/form-body.ts'
import type { SentChoice } from '../forms/submission.ts'
import { notUploaded } from '../refusals.ts'
import { ensureViewer } from '../request/viewer.ts'

/** The two files of a batch: its rows, and a zip of files that they name. */
export type BatchFile = 'rows' | 'files'

/** The form of a batch as a browser sent it. Its uploads are stored. */
export interface SentBatch {
  readonly key: string
  /** The files that were sent now or before. */
  readonly sent: Readonly<Record<BatchFile, StoredFile | null>>
  /** Why a file is not there, as a sentence, by its field. */
  readonly problems: Readonly<Partial<Record<BatchFile, string>>>
  /** Whether a file came with this request: its rows have not been seen yet. */
  readonly isNew: boolean
  /** Whether rows that cannot be run are left out. */
  readonly leavesOut: boolean
  readonly pressed: 'check' | 'run' | 'remove'
  readonly choice: SentChoice
}

/** All rows are in memory while they are read. */
const mostRowsBytes = 32 * 2 ** 20

/** Reads the form, and streams its files to the store. Throws `BadForm`. */
export async function readBatchForm(c: Context, deps: Deps): Promise<SentBatch> {
  const viewer = ensureViewer(c, deps)
  const fields = new Map<string, string>()
  const uploads = new Map<BatchFile, StoredFile>()
  const refused = new Map<BatchFile, NotKept>()
  await readParts(c, {
    field: (name, text) => void fields.set(name, text),
    async file(name, fileName, content) {
      if (name !== 'rows' && name !== 'files') return
      const most = name === 'rows' ? mostRowsBytes : deps.config.maxUpload
      try {
        const sent = { content, name: fileName, account: viewer.id }
        uploads.set(name, await storeUpload(deps, sent, most))
      } catch (error) {
        if (!(error instanceof FileNotKept)) throw error
        refused.set(name, error.reason)
      }
    },
  })
  const removed = fields.get('remove')
  async function fileOf(name: BatchFile): Promise<StoredFile | null> {
    const before = fileRef(fields.get(name)) ?? ''
    if (removed === name) return null
    return uploads.get(name) ?? (await findAllowedFile(before, deps, viewer))?.file ?? null
  }
  function problemOf(name: BatchFile, file: StoredFile | null) {
    const reason = refused.get(name)
    const most = name === 'rows' ? mostRowsBytes : Number.POSITIVE_INFINITY
    if (reason) return { [name]: notUploaded(reason, Math.min(most, deps.config.maxUpload)) }
    const isGone = file === null && removed !== name && (fields.get(name) ?? '') !== ''
    return isGone ? { [name]: 'This file is no longer available. Choose it again.' } : {}
  }
  const [rows, files] = [await fileOf('rows'), await fileOf('files')]
  return {
    key: fields.get('key') ?? '',
    sent: { rows, files },
    problems: { ...problemOf('rows', rows), ...problemOf('files', files) },
    isNew: uploads.size > 0,
    leavesOut: fields.get('wrong') === 'leave-out',
    pressed: removed !== undefined ? 'remove' : fields.get('press') === 'run' ? 'run' : 'check',
    choice: { account: fields.get('account') ?? null, isPrivate: fields.has('private'), share: '' },
  }
}
