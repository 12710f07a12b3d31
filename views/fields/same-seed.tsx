import { createContext, useContext } from 'hono/jsx'

/** The seed of the result beside the form; null when there is none, or it is not known. */
export const SeedContext = createContext<string | null>(null)

/**
 * Fills the seed of the result beside the form into its field. `public/page.js` shows it when a
 * result with a seed arrives.
 */
export function SameSeed({ current }: { current: string }) {
  const seed = useContext(SeedContext)
  return (
    <button
      class='button'
      type='submit'
      name='seed'
      value={seed ?? ''}
      formnovalidate
      hidden={seed === null || seed === current}
    >
      Same seed{seed !== null && `, ${seed}`}
    </button>
  )
}
