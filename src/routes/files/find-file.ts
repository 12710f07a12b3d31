import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { isId } from '../../domain/id.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'
import type { KeptFile } from '../../store/store.ts'
import { mayWith } from '../request/rights.ts'

/**
 * The stored file of a reference, with the size of a picture; null when it is gone, or the viewer may
 * not see it.
 */
export async function findFile(
  ref: string,
  deps: Pick<Deps, 'store' | 'files' | 'runner' | 'edits'>,
  viewer: Viewer,
): Promise<StoredFile | null> {
  const file = (await findAllowedFile(ref, deps, viewer))?.file ?? null
  const pixels = file && (await deps.files.pixels(file))
  return pixels ? { ...file, pixels } : file
}

/** What is kept of a reference, by the same rule. Everything that takes a file by its reference asks here. */
export async function findAllowedFile(
  ref: string,
  deps: Pick<Deps, 'store' | 'runner' | 'edits'>,
  viewer: Viewer,
): Promise<KeptFile | null> {
  const found = isId(ref) ? await deps.store.findFile(ref) : null
  return found && maySeeFile(deps, viewer, found) ? found : null
}

/** Those who see its prediction see a file, and so does its uploader; a cover, those who edit its model. */
function maySeeFile(
  deps: Pick<Deps, 'runner' | 'edits'>,
  viewer: Viewer,
  { file: { ref }, account, of }: KeptFile,
): boolean {
  if (may(viewer, 'see', { file: { account } })) return true
  if (of) return mayWith(deps, viewer, 'see', of)
  const model = modelOfCover(deps, ref)
  return model !== null && may(viewer, 'change', { model: deps.runner.modelSubject(model) })
}

/** The model whose cover a file is; null when it is none. */
export function modelOfCover({ edits }: Pick<Deps, 'edits'>, ref: string): ModelRef | null {
  for (const { ref: model, fields } of edits.all())
    if (fields.cover && 'file' in fields.cover && fields.cover.file.ref === ref) return model
  return null
}
