import type { PropsWithChildren } from 'hono/jsx'

interface ScrollTableProps {
  /** Its name for screen readers. */
  readonly label: string
  readonly columns: readonly string[]
  /** The name of a last column of buttons, which is not shown; left out when there is none. */
  readonly actions?: string
}

/** A table that scrolls sideways by itself where it does not fit. Its children are the rows. */
export function ScrollTable({
  label,
  columns,
  actions,
  children,
}: PropsWithChildren<ScrollTableProps>) {
  return (
    <div class='scroll-x' role='region' aria-label={label} tabindex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope='col'>{column}</th>
            ))}
            {actions !== undefined && (
              <th scope='col'>
                <span class='visually-hidden'>{actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
