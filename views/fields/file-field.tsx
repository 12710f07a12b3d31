import { acceptOf } from '../../src/domain/fields/file.ts'
import { itemProperty } from '../../src/domain/fields/rows.ts'
import { fileUri, type StoredFile } from '../../src/domain/file.ts'
import { formatBytes } from '../format.ts'
import { usePaths } from '../site.ts'
import { type ControlProps, controlAttributes, controlName } from './control.ts'

/** A file: the one kept from before, if any, and the ways to choose another. */
export function FileField(props: ControlProps) {
  const { field } = props
  const kept = field.shown.find((entry) => typeof entry !== 'string')
  const url = field.shown.find((entry) => typeof entry === 'string') ?? ''
  return (
    <>
      {kept && (
        <div class='upload'>
          <KeptFile file={kept} name={controlName(field)} />
          <p class='actions'>
            <button
              class='button'
              type='submit'
              name='remove'
              value={field.property.name}
              formnovalidate
            >
              Remove
            </button>
          </p>
        </div>
      )}
      <FileChooser {...props} url={url} />
    </>
  )
}

/** Upload, or name by URL: the last in the form that is filled in counts, an upload before all. */
export function FileChooser(props: ControlProps & { multiple?: boolean; url?: string }) {
  const { field, id, multiple = false, url = '' } = props
  const { property } = field
  const asked = multiple ? { ...itemProperty(property), name: property.name } : property
  const nothing = field.shown.every((entry) => entry === '')
  return (
    <>
      <input
        {...controlAttributes(props)}
        type='file'
        accept={acceptOf(asked)}
        multiple={multiple}
        required={property.required && nothing && !multiple}
      />
      <div class='or'>
        <label for={`${id}-url`}>or URL</label>
        <input
          id={`${id}-url`}
          name={controlName(field)}
          type='text'
          inputmode='url'
          value={url}
          placeholder='https://'
        />
      </div>
    </>
  )
}

/** A file that is in our store already, with the reference that sends it again. */
export function KeptFile({ file, name }: { file: StoredFile; name: string }) {
  const href = usePaths().file(file)
  return (
    <>
      <input type='hidden' name={name} value={fileUri(file)} />
      {file.type.startsWith('image/') && (
        <a class='thumb' href={href}>
          <img src={href} alt={file.name} width='112' height='84' />
        </a>
      )}
      <p class='upload-name'>
        <a href={href}>{file.name}</a> <small>{formatBytes(file.size)}, uploaded</small>
      </p>
    </>
  )
}
