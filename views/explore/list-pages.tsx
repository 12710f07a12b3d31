interface ListPagesProps {
  readonly page: number
  readonly pages: number
  /** How many are on a page. */
  readonly length: number
  /** The address of a page. */
  readonly hrefOf: (page: number) => string
}

/** Links to the pages of a list. Renders nothing when there is one page. */
export function ListPages({ page, pages, length, hrefOf }: ListPagesProps) {
  if (pages < 2) return null
  return (
    <nav class='page-head' aria-label='Pages'>
      <div class='actions'>
        <span class='field-note'>
          Page {page} of {pages}
        </span>
        {page > 1 && (
          <a class='button' rel='prev' href={hrefOf(page - 1)}>
            Previous
          </a>
        )}
        {shownPages(page, pages).map((shown) =>
          shown === null ? (
            <span>…</span>
          ) : (
            <a
              class='button bare'
              href={hrefOf(shown)}
              aria-label={`Page ${shown}`}
              aria-current={shown === page ? 'page' : undefined}
            >
              {shown}
            </a>
          ),
        )}
        {page < pages && (
          <a class='button' rel='next' href={hrefOf(page + 1)}>
            Next {length}
          </a>
        )}
      </div>
    </nav>
  )
}

/** The first, the last and those around the current page; null for a gap. */
function shownPages(page: number, pages: number): readonly (number | null)[] {
  const near = [1, page - 1, page, page + 1, pages]
  const shown = [...new Set(near)].filter((one) => one >= 1 && one <= pages)
  return shown.flatMap((one, at) => {
    const gap = one - (shown[at - 1] ?? 0) > 1
    return gap ? [null, one] : [one]
  })
}
