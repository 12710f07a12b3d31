import { createContext, useContext } from 'hono/jsx'
import { fileUri, type StoredFile } from '../../src/domain/file.ts'
import { type ModelRef, modelName } from '../../src/domain/model.ts'
import { formatBytes } from '../format.ts'
import { usePaths } from '../site.ts'

/** A file that a prediction of the viewer's made. */
export interface EarlierFile {
  readonly file: StoredFile
  /** The model that made it. */
  readonly model: ModelRef
}

/** The input that is being chosen for, and what there is to choose from, newest first. */
export interface EarlierChoice {
  readonly input: string
  readonly files: readonly EarlierFile[]
}

/** Set while one field of the form shows what was made before. */
export const EarlierContext = createContext<EarlierChoice | null>(null)

/** What was made before and this input could take; null while that is not asked for. */
export function useEarlierFiles(input: string): readonly EarlierFile[] | null {
  const choice = useContext(EarlierContext)
  return choice?.input === input ? choice.files : null
}

interface EarlierFilesProps {
  /** Of the control. */
  readonly name: string
  readonly files: readonly EarlierFile[]
  /** The address that was typed before this was opened; it stays one of the choices. */
  readonly url: string
  readonly multiple: boolean
}

/** Files that were made before, to be chosen from. The box above them filters, with scripts. */
export function EarlierFiles({ name, files, url, multiple }: EarlierFilesProps) {
  const type = multiple ? 'checkbox' : 'radio'
  return (
    <fieldset class='earlier' tabindex={-1} autofocus>
      <legend>
        {files.length > 0 ? 'Previous outputs' : 'There are no previous outputs for it yet.'}
      </legend>
      {files.length > 4 && (
        <input
          type='search'
          dir='auto'
          data-filters
          placeholder='Filter by name or model'
          aria-label='Filter'
        />
      )}
      {url !== '' && (
        <label>
          <input type={type} name={name} value={url} checked /> <span>{url}</span>
        </label>
      )}
      {files.map((earlier) => (
        <EarlierLabel {...earlier} name={name} type={type} />
      ))}
    </fieldset>
  )
}

function EarlierLabel({ file, model, name, type }: EarlierFile & { name: string; type: string }) {
  const href = usePaths().file(file)
  return (
    <label>
      <input type={type} name={name} value={fileUri(file)} />
      {file.type.startsWith('image/') && (
        <img class='thumb' src={href} alt='' loading='lazy' width='56' height='42' />
      )}
      <span>
        {file.name}{' '}
        <small>
          {modelName(model)}, {formatBytes(file.size)}
        </small>
      </span>
    </label>
  )
}
