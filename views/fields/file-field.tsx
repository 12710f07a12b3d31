import { acceptOf } from '../../src/domain/fields/file.ts'
import { fileUri, type StoredFile } from '../../src/domain/file.ts'
import { formatBytes } from '../format.ts'
import { usePaths } from '../site.ts'
import { type ControlProps, controlAttributes, controlName } from './control.ts'

/** A file: the one kept from before, if any, and a way to choose another. */
export function FileField(props: ControlProps) {
  const { field } = props
  const kept = field.shown.find((entry) => typeof entry !== 'string')
  const url = field.shown.find((entry) => typeof entry === 'string')
  return (
    <>
      {kept && <KeptFile file={kept} name={controlName(field)} />}
      {url && <input type='hidden' name={controlName(field)} value={url} />}
      <input
        {...controlAttributes(props)}
        type='file'
        accept={acceptOf(field.property)}
        required={field.property.required && field.shown.length === 0}
      />
    </>
  )
}

function KeptFile({ file, name }: { file: StoredFile; name: string }) {
  const paths = usePaths()
  const href = paths.file(file)
  return (
    <div class='upload'>
      <input type='hidden' name={name} value={fileUri(file)} />
      {file.type.startsWith('image/') && (
        <a class='thumb' href={href}>
          <img src={href} alt={file.name} width='112' height='84' />
        </a>
      )}
      <p class='upload-name'>
        <a href={href}>{file.name}</a> <small>{formatBytes(file.size)}, uploaded</small>
      </p>
    </div>
  )
}
