import { fileUri, type StoredFile } from '../../src/domain/file/file.ts'
import { acceptOf } from '../../src/domain/form/fields/file.ts'
import { isMask } from '../../src/domain/form/input-role.ts'
import { givenInline, type InlineFile } from '../../src/domain/output/output-file.ts'
import { formatBytes } from '../format.tsx'
import { usePaths } from '../site.ts'
import { BundledFile, useBundled } from './bundled-file.tsx'
import { type ControlProps, controlAttributes, controlName, scopedName } from './control.ts'
import { EarlierButton, EarlierFiles, useEarlierFiles } from './earlier-files.tsx'
import { FileName, FilePreview } from './file-preview.tsx'
import { ToolButton, ToolTrouble } from './tools/tool-button.tsx'

/** A file: the one kept from before, if any, and the ways to choose another. */
export function FileField(props: ControlProps) {
  const { field } = props
  const kept = field.shown.find((entry) => typeof entry !== 'string')
  const address = field.shown.find((entry) => typeof entry === 'string') ?? ''
  const bundled = useBundled()(address)
  // A data URI is not shown as an address.
  const inline = givenInline(address).get(address)
  return (
    <>
      {(kept || inline || bundled) && (
        <div class='upload'>
          {kept && <KeptFile file={kept} name={controlName(field)} />}
          {inline && <GivenInline file={inline} name={controlName(field)} />}
          {bundled && <BundledFile bundled={bundled} name={controlName(field)} />}
          <p class='actions'>
            <button
              class='button'
              type='submit'
              name='remove'
              value={scopedName(field)}
              formnovalidate
            >
              Remove
            </button>
          </p>
        </div>
      )}
      <FileChooser {...props} url={inline || bundled ? '' : address} />
    </>
  )
}

/**
 * Upload, URL, or an earlier output. An upload wins, else the last that is filled in. None of them
 * is `required`, as another may be filled in.
 */
export function FileChooser(props: ControlProps & { multiple?: boolean; url?: string }) {
  const { field, id, multiple = false, url = '' } = props
  const { property } = field
  const accept = acceptOf(property)
  const earlier = useEarlierFiles(scopedName(field))
  return (
    <div class='file-field' data-mask={!multiple && isMask(property) ? '' : undefined}>
      <div class='chosen' aria-live='polite' />
      <div class='choose'>
        <input {...controlAttributes(props)} type='file' accept={accept} multiple={multiple} />
        <ToolButton property={property} accept={accept} multiple={multiple} />
        <span class='drop-hint'>or drop or paste {multiple ? 'them' : 'it'} here</span>
      </div>
      <ToolTrouble />
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
        <EarlierButton id={`${id}-earlier`} input={scopedName(field)} isOpen={earlier !== null} />
      </div>
      {earlier && <EarlierFiles name={controlName(field)} files={earlier} multiple={multiple} />}
    </div>
  )
}

/** A file that was given as a `data:` URI, and is sent again as that. */
function GivenInline({ file, name }: { file: InlineFile; name: string }) {
  return (
    <>
      <input type='hidden' name={name} value={file.uri} />
      <p class='upload-name'>
        {file.name} <small>{formatBytes(file.size)}, from a data: URL</small>
      </p>
    </>
  )
}

/** A file that is in our store already, with the reference that sends it again. */
export function KeptFile({ file, name }: { file: StoredFile; name: string }) {
  const href = usePaths().file(file)
  return (
    <>
      <input type='hidden' name={name} value={fileUri(file)} />
      <FilePreview href={href} name={file.name} type={file.type} />
      <FileName href={href} file={file} />
    </>
  )
}
