import type { Deps } from '../../deps.ts'
import { namedFile, type StoredFile } from '../../domain/file/file.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { madeFiles } from '../../domain/prediction/summary.ts'

/** Larger pictures are kept as the thumbnail that is drawn of them. In bytes. */
const mostBytes = 300 * 1024

/** A picture that is uploaded as a cover may have this many bytes. */
export const mostCoverBytes = 20 * 2 ** 20

const pictures: ReadonlySet<string> = new Set([
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
])

export function isCoverPicture({ type }: Pick<StoredFile, 'type'>): boolean {
  return pictures.has(type)
}

/** The first picture that a prediction made; null when there is none that can be a cover. */
export function coverIn(prediction: Prediction): StoredFile | null {
  return madeFiles(prediction).find(isCoverPicture) ?? null
}

/**
 * A file of its own for a cover, with the picture in a stored file: the same bytes, or a smaller JPEG.
 * Null when the file is not a picture that can be drawn.
 */
export async function coverFile(
  deps: Deps,
  picture: StoredFile,
  account: string,
): Promise<StoredFile | null> {
  if (!isCoverPicture(picture)) return null
  const drawn = await deps.thumbnails.of(picture)
  if (!drawn) return null
  const file =
    picture.size > mostBytes
      ? namedFile(await deps.files.put(once(drawn), mostCoverBytes), deps.newId(), 'cover.jpg')
      : { ...picture, ref: deps.newId() }
  await deps.store.addFile(file, account, deps.now())
  return file
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
