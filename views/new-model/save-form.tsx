import type { PropsWithChildren } from 'hono/jsx'
import { usePaths } from '../site.ts'

export interface SaveFormProps {
  /** As it was typed. */
  readonly where: string
  /** The text of the file that belongs to it; null for none. */
  readonly document: string | null
  /** The key that was typed, encrypted; null for none. */
  readonly heldKey: string | null
}

/** The form that saves what was found. Its children are its fields. */
export function SaveForm({ where, document, heldKey, children }: PropsWithChildren<SaveFormProps>) {
  const paths = usePaths()
  return (
    <form
      id='save-model'
      class='fields'
      method='post'
      action={paths.models()}
      enctype={document === null ? undefined : 'multipart/form-data'}
    >
      <input type='hidden' name='where' value={where} />
      {heldKey !== null && <input type='hidden' name='held-key' value={heldKey} />}
      {document !== null && <input type='hidden' name='document' value={document} />}
      {children}
      <div class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Save
          </button>
          <p>Everyone who can reach this server will be able to use what is saved.</p>
        </div>
      </div>
    </form>
  )
}
