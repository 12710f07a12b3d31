import { createContext, useContext } from 'hono/jsx'
import { fileUri, type StoredFile } from '../../src/domain/file/file.ts'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { formatBytes } from '../format.tsx'
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

/** Set while one field of the form shows what was made before; `off` where nothing made before is offered. */
export const EarlierContext = createContext<EarlierChoice | 'off' | null>(null)

/** Earlier outputs that this input accepts; null while the list is closed. */
export function useEarlierFiles(input: string): readonly EarlierFile[] | null {
  const choice = useContext(EarlierContext)
  return choice !== 'off' && choice?.input === input ? choice.files : null
}

interface EarlierFilesProps {
  /** Of the control. */
  readonly name: string
  readonly files: readonly EarlierFile[]
  readonly multiple: boolean
}

interface EarlierButtonProps {
  /** The same whether it opens or closes: so the button keeps the focus. */
  readonly id: string
  /** Name of the input. */
  readonly input: string
  readonly isOpen: boolean
}

/** Opens and closes the list of what was made before. */
export function EarlierButton({ id, input, isOpen }: EarlierButtonProps) {
  if (useContext(EarlierContext) === 'off') return null
  return (
    <button
      class='button'
      type='submit'
      id={id}
      name={isOpen ? 'close' : 'earlier'}
      value={input}
      formnovalidate
      aria-expanded={String(isOpen)}
      aria-label={`${isOpen ? 'Close previous' : 'Previous'} outputs for ${input}`}
    >
      {isOpen ? 'Close' : 'Previous outputs'}
    </button>
  )
}

/** Files that were made before, to be chosen from. The box above them filters, with scripts. */
export function EarlierFiles({ name, files, multiple }: EarlierFilesProps) {
  const type = multiple ? 'checkbox' : 'radio'
  if (files.length === 0)
    return (
      <p class='field-note' tabindex={-1} autofocus>
        None of your previous outputs can be used here. Run a model that makes this type of file
        first.
      </p>
    )
  return (
    <fieldset class='earlier' tabindex={-1} autofocus>
      <legend>Previous outputs</legend>
      {files.length > 4 && (
        <input
          type='search'
          dir='auto'
          data-filters
          placeholder='Filter by name or model'
          aria-label='Filter'
        />
      )}
      {!multiple && (
        <label>
          <input type='radio' name={name} value='' checked /> None of these
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
