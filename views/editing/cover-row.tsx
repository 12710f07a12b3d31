import type { StoredFile } from '../../src/domain/file/file.ts'
import { FilePreview } from '../fields/file-preview.tsx'
import { formatBytes } from '../format.tsx'
import { usePaths } from '../site.ts'
import { type RowState, rowNote } from './edit-rows.tsx'
import { FormRow } from './form-row.tsx'

interface CoverRowProps {
  readonly state: RowState
  /** The chosen cover; null for the model's own, or one elsewhere. */
  readonly cover: StoredFile | null
  /** Pictures that examples made. */
  readonly pictures: readonly StoredFile[]
}

const shownPictures = 12

/** The cover: the one that is chosen, a file to upload, and the pictures of examples. */
export function CoverRow({ state, cover, pictures }: CoverRowProps) {
  const error = state.errors.cover
  const elsewhere = cover === null && state.texts.cover !== ''
  const hint = elsewhere
    ? `Programs are told ${state.texts.cover}. Pages show no pictures from elsewhere: upload it to show it here.`
    : 'Without one: the picture of the default example, else a pattern drawn from the name.'
  const described = error ? 'cover-error cover-note' : 'cover-note'
  const note = rowNote({ name: 'cover', state }, hint)
  return (
    <FormRow id='cover' name='cover' type='image' role='group' error={error} note={note}>
      <input type='hidden' name='cover' value={state.texts.cover} />
      {cover && <ChosenCover cover={cover} />}
      <div class='file-field'>
        <div class='chosen' aria-live='polite' />
        <div class='choose'>
          <input
            id='cover'
            type='file'
            name='upload'
            accept='image/*'
            aria-label='cover, choose a file'
            aria-describedby={described}
            aria-invalid={error ? 'true' : undefined}
          />
        </div>
      </div>
      {pictures.length > 0 && <Pictures pictures={pictures.slice(0, shownPictures)} />}
    </FormRow>
  )
}

function ChosenCover({ cover }: { cover: StoredFile }) {
  const href = usePaths().file(cover)
  return (
    <div class='upload'>
      <FilePreview href={href} name='The chosen cover' type={cover.type} />
      <p class='upload-name'>
        {cover.name} <small>{formatBytes(cover.size)}</small>
      </p>
    </div>
  )
}

/** Each picture is a button: it becomes the cover in the form. */
function Pictures({ pictures }: { pictures: readonly StoredFile[] }) {
  const paths = usePaths()
  return (
    <>
      <p class='field-note'>Or use what an example made:</p>
      <div class='strip'>
        {pictures.map((picture, index) => (
          <button
            class='thumb'
            name='press'
            value={`cover ${picture.ref}`}
            type='submit'
            formnovalidate
            aria-label={`Use output ${index + 1} as cover`}
          >
            <img src={paths.file(picture)} alt='' width='64' height='64' loading='lazy' />
          </button>
        ))}
      </div>
    </>
  )
}
