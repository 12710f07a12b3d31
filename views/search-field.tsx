interface SearchFieldProps {
  readonly placeholder: string
  readonly value?: string
}

/** The box of a search for models. A page has at most one: `public/search-keys.js` focuses it. */
export function SearchField({ placeholder, value }: SearchFieldProps) {
  return (
    <>
      <label class='visually-hidden' for='q'>
        Search models
      </label>
      <input
        id='q'
        name='q'
        type='search'
        dir='auto'
        value={value}
        placeholder={placeholder}
        aria-keyshortcuts='/ Control+K Meta+K'
      />
    </>
  )
}
